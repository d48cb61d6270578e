// SPDX-License-Identifier: Apache-2.0
// Identifies animals in photos through the C++ library: embed_cpp MODEL COUNTRY|- PHOTO… MODEL is a
// model folder or "demo", COUNTRY an ISO 3166-1 alpha-3 code. Prints one line per detection: photo,
// short name, score, box.
#include <cstdlib>
#include <iostream>
#include <span>
#include <string_view>
#include <vector>

#include <speciesnet/speciesnet.hpp>

namespace {

void print(const speciesnet::Prediction& prediction) {
    if (prediction.failures.any()) {
        std::cerr << prediction.filepath << ": " << prediction.failure_reason << '\n';
    }
    for (const auto& found : prediction.found()) {
        if (found.answer) {
            const auto& box = found.detection.bbox;
            std::cout << prediction.filepath << '\t' << speciesnet::short_name(found.answer->label)
                      << '\t' << found.answer->score << '\t' << box.xmin << ' ' << box.ymin << ' '
                      << box.width << ' ' << box.height << '\n';
        }
    }
}

void predict(const char* model, std::string_view country, std::span<char*> photos) {
    const auto ensemble = speciesnet::Ensemble::load(model);
    std::cerr << "model " << ensemble.info().version << '\n';

    speciesnet::Location location;
    if (country != "-") {
        location.country = country;
    }
    std::vector<speciesnet::Instance> instances;
    for (const auto* photo : photos) {
        instances.push_back({photo, location});
    }
    const auto progress = [](std::size_t done, std::size_t total) {
        std::cerr << done << " of " << total << '\n';
    };
    for (const auto& prediction : ensemble.predict(instances, {}, progress)) {
        print(prediction);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: " << argv[0] << " MODEL COUNTRY|- PHOTO...\n";
        return EXIT_FAILURE;
    }
    try {
        predict(argv[1], argv[2], std::span(argv, static_cast<std::size_t>(argc)).subspan(3));
    } catch (const speciesnet::Error& error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
