// SPDX-License-Identifier: Apache-2.0
// Fuzzes ChunkedBody. Input: a chunked HTTP body. Checks that it gives the same content and the
// same end when it is fed at once and byte by byte.
#include "chunked_body.hpp"

#include "fuzz/agreement.hpp"
#include "refusal.hpp"

#include <string>

namespace {

struct Outcome {
    std::string content;
    std::size_t used = 0;
    bool complete = false;
    bool refused = false;

    bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view wire, std::size_t piece) {
    Outcome outcome;
    server::ChunkedBody body;
    try {
        while (outcome.used < wire.size() && !body.complete()) {
            outcome.used += body.feed(wire.substr(outcome.used, piece), outcome.content);
        }
    } catch (const server::Refusal&) {
        outcome.used = 0;
        outcome.refused = true;
    }
    outcome.complete = body.complete();
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using speciesnet::fuzz::require;
    const auto wire = speciesnet::fuzz::text(data, size);
    const auto whole = read(wire, size);
    require(whole.content.size() <= size, "the content is no longer than the body");
    require(whole.refused || whole.complete || whole.used == size,
            "an incomplete body is consumed entirely");
    require(read(wire, 1) == whole, "the pieces do not change the result");
    return 0;
}
