// SPDX-License-Identifier: Apache-2.0
// Fuzzes RepeatDecisions. Input: a table of decisions about repeated detections. Checks that it is
// refused with InvalidArgument, or that boxes of several positions and sizes can be looked up. Also
// writes a table of one repeat, made from the input, and checks that its decision is found.
#include "repeats/repeat_decisions.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace {

using namespace speciesnet;
using namespace speciesnet::cli;

constexpr double tolerance = 0.85;

void look_up(std::string_view csv) {
    const auto decisions = RepeatDecisions::parse(csv);
    for (const double edge : {0.0, 0.1, 0.25, 0.5}) {
        for (const double side : {1e-6, 0.01, 0.1, 0.5}) {
            const Detection detection{
                .category = Category::animal,
                .conf = 0.9,
                .bbox = {.xmin = edge, .ymin = edge, .width = side, .height = side}};
            static_cast<void>(decisions.decision("A/", detection));
        }
    }
}

/// @param numbers of the box
/// @param folder  of the camera; unprintable characters are replaced
void write_and_find(std::span<const std::uint8_t, 4> numbers, std::string folder) {
    const auto fraction = [&](std::size_t index) { return (numbers[index] + 1) / 512.0; };
    std::ranges::replace_if(
        folder, [](char c) { return c < ' ' || c > '~'; }, '?');
    const Repeat repeat{.folder = std::move(folder),
                        .bbox = {.xmin = fraction(0),
                                 .ymin = fraction(1),
                                 .width = fraction(2),
                                 .height = fraction(3)},
                        .suppress = numbers[0] % 2 == 0};
    const auto decisions = RepeatDecisions::parse(repeats_csv(std::array{repeat}, tolerance));
    const Detection detection{.category = repeat.category, .conf = 0.9, .bbox = repeat.bbox};
    fuzz::require(decisions.decision(repeat.folder, detection) == repeat.suppress,
                  "a decision that was written is found");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes(data, size);
    if (size > 4) {
        write_and_find(bytes.first<4>(), std::string(fuzz::text(data + 4, size - 4)));
    }
    try {
        look_up(fuzz::text(data, size));
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
