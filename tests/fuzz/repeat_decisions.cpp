// SPDX-License-Identifier: Apache-2.0
// Fuzzes RepeatDecisions. Input: a table of decisions about repeated detections. Checks that it is
// refused with InvalidArgument, or that boxes of several positions and sizes can be looked up.
#include "repeats/repeat_decisions.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    using namespace speciesnet::cli;
    try {
        const auto decisions = RepeatDecisions::parse(fuzz::text(data, size));
        for (const double edge : {0.0, 0.1, 0.25, 0.5}) {
            for (const double side : {1e-6, 0.01, 0.1, 0.5}) {
                const Detection detection{
                    .category = Category::animal,
                    .conf = 0.9,
                    .bbox = {.xmin = edge, .ymin = edge, .width = side, .height = side}};
                static_cast<void>(decisions.decision("A/", detection));
            }
        }
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
