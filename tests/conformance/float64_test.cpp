// SPDX-License-Identifier: Apache-2.0
// The detector of the true-to-life package amplifies rounding errors so much that single precision
// decides which objects it finds. Therefore it is compared with PyTorch's answers in double
// precision: the executor's error must not exceed that of PyTorch in single precision.
#include "speciesnet/image.hpp"

#include "detector/detector.hpp"
#include "import/published_networks.hpp"
#include "network/rgb_input.hpp"
#include "preprocess/letterbox.hpp"
#include "shared_fixtures.hpp"
#include "unit/executor_fixtures.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::conformance {
namespace {

constexpr const char* detector =
    "true_to_life/always_crop/"
    "https___github.com_agentmorris_MegaDetector_releases_download_v5.0_md_v5a.0.0.pt";
/// Number of box values in a row of the output, in pixels, before the confidences.
constexpr std::size_t box_values = 4;

/// The distance of answers from the exact ones, as root mean square.
class Distance {
public:
    void add(std::size_t column, double error) {
        auto& kind = column < box_values ? pixels_ : confidences_;
        kind.sum += error * error;
        kind.largest = std::max(kind.largest, std::abs(error));
        ++kind.count;
    }
    double pixels() const { return std::sqrt(pixels_.sum / pixels_.count); }
    double confidences() const { return std::sqrt(confidences_.sum / confidences_.count); }
    std::string text() const {
        return std::to_string(pixels()) + " px (at most " + std::to_string(pixels_.largest) +
               "), confidences " + std::to_string(confidences()) + " (at most " +
               std::to_string(confidences_.largest) + ')';
    }

private:
    struct Errors {
        double sum = 0;
        double largest = 0;
        int count = 0;
    };
    Errors pixels_;
    Errors confidences_;
};

/// @param answers from make_float64_answers.py
/// @return the distances of PyTorch's float32, then of the network
std::array<Distance, 2> distances(const nlohmann::json& answers, const Network& network) {
    Distance pytorch;
    Distance ours;
    for (const auto& answer : answers) {
        const auto photo = answer.at("photo").get<std::string>();
        const auto picture = letterbox(decode_file(shared_fixtures() / "images" / photo));
        const auto output = network.forward(rgb_input({picture.rgb}, picture.width, picture.height),
                                            /*channels_first=*/true);
        const auto columns = static_cast<std::size_t>(output.shape.at(2));
        for (std::size_t row = 0; row < answer.at("rows").size(); ++row) {
            const auto place = answer["rows"][row].get<std::size_t>();
            for (std::size_t column = 0; column < columns; ++column) {
                const auto exact = answer["float64"][row][column].get<double>();
                pytorch.add(column, answer["float32"][row][column].get<double>() - exact);
                ours.add(column, output.values.at(place * columns + column) - exact);
            }
        }
    }
    return {pytorch, ours};
}

}  // namespace

TEST_CASE("a chaotic detector is no farther from float64 than PyTorch's float32 is") {
    const auto answers = nlohmann::json::parse(bytes_of(published("true_to_life_detector.json")));
    REQUIRE(!answers.empty());
    const auto sets = executor::float32_kernel_sets();
    for (const auto* const set : sets) {
        const auto [pytorch, ours] =
            distances(answers, load(shared_fixtures() / detector, {.kernels = set}));
        MESSAGE("PyTorch: " << pytorch.text() << "; executor, " << set->name << ": "
                            << ours.text());
        // Plain C++ rounds products before adding them, which fused instructions do not.
        const double allowed = set->name == "portable" ? 3 : 1;
        CHECK(ours.pixels() <= allowed * pytorch.pixels());
        CHECK(ours.confidences() <= allowed * pytorch.confidences());
    }
}

}  // namespace speciesnet::conformance
