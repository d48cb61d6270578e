// SPDX-License-Identifier: Apache-2.0
// Runs detector and classifier separately: the classifier receives the known boxes, as in the
// reference's test.
#include "model_check.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/utf8_path.hpp"

#include "models/network_identity.hpp"
#include "models/obtained_model.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

extern "C" const unsigned char speciesnet_bear_photo_begin[];
extern "C" const unsigned char speciesnet_bear_photo_end[];
extern "C" const unsigned char speciesnet_vehicle_photo_begin[];
extern "C" const unsigned char speciesnet_vehicle_photo_end[];

namespace speciesnet::cli {
namespace {

using Facts = decltype(Check::facts);

Image bundled(const unsigned char* begin, const unsigned char* end) {
    return decode(std::as_bytes(std::span(begin, end)));
}

/// Returns the photo of known answers; nothing if it is not available.
std::optional<Image> photo_of(const KnownAnswers& known, const std::filesystem::path& photos) {
    if (!photos.empty()) {
        const auto file = photos / utf8_path(known.photo);
        return std::filesystem::exists(file) ? std::optional(decode_file(file)) : std::nullopt;
    }
    if (known.photo == "american_black_bear.jpg") {
        return bundled(speciesnet_bear_photo_begin, speciesnet_bear_photo_end);
    }
    if (known.photo == "vehicle.jpg") {
        return bundled(speciesnet_vehicle_photo_begin, speciesnet_vehicle_photo_end);
    }
    return std::nullopt;
}

std::string compare(const Ensemble& ensemble, const KnownAnswers& known, const Image& photo) {
    const std::array crop{Detection{.conf = 1, .bbox = known.crop}};
    return differences(known, ensemble.detect(photo), ensemble.classify(photo, crop, 1).front());
}

Check examine(const std::string& model, const FetchOptions& options,
              const std::filesystem::path& photos, std::span<const KnownAnswers> known_answers) {
    const auto package = obtain_model(model, options);
    bool published = package != demo_model_name;
    std::string identities;
    if (published) {
        const auto networks = identify_networks(utf8_path(package));
        for (const auto& network : networks) {
            identities += "; " + network.path + ' ' + describe(network);
        }
        published = std::all_of(networks.begin(), networks.end(), [](const auto& network) {
            return network.publication == Publication::published;
        });
    }
    const auto ensemble = Ensemble::load(package);
    std::size_t differing = 0;
    Facts answers;
    for (const auto& known : known_answers) {
        if (const auto photo = photo_of(known, photos)) {
            const auto difference = compare(ensemble, known, *photo);
            differing += difference.empty() ? 0 : 1;
            answers.emplace_back(known.photo, difference.empty() ? "as known" : difference);
        }
    }
    auto check = judge(answers.size(), differing, published);
    check.text += identities;
    check.facts.emplace_back("name", model);
    check.facts.insert(check.facts.end(), answers.begin(), answers.end());
    return check;
}

}  // namespace

Check check_model(const std::string& model, const FetchOptions& options,
                  const std::filesystem::path& photos, std::span<const KnownAnswers> known) {
    try {
        return examine(model, options, photos, known);
    } catch (const std::exception& error) {
        return {.name = "model",
                .verdict = Verdict::trouble,
                .text = error.what(),
                .facts = {{"name", model}}};
    }
}

Check judge(std::size_t photos, std::size_t differing, bool published) {
    Check check{.name = "model",
                .verdict = Verdict::fine,
                .text = {},
                .facts = {{"photos", std::to_string(photos)},
                          {"differing", std::to_string(differing)},
                          {"published", published ? "yes" : "no"}}};
    const auto count = std::to_string(photos) + " photos";
    if (photos == 0) {
        check.verdict = Verdict::trouble;
        check.text =
            "the folder contains no photo with known answers; docs/reference/cli.md names them";
    } else if (differing == 0) {
        check.text = "gives the known answers for " + count;
    } else {
        check.verdict = published ? Verdict::trouble : Verdict::advice;
        check.text = "the answers for " + std::to_string(differing) + " of " + count +
                     " differ from those of the published weights" +
                     (published ? ": this machine computes wrong results" : "");
    }
    return check;
}

}  // namespace speciesnet::cli
