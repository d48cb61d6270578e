// SPDX-License-Identifier: Apache-2.0
// Any bytes as a chunked body: read at once and byte by byte, the content and the end are the same.
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
    require(whole.content.size() <= size, "content does not grow");
    require(whole.refused || whole.complete || whole.used == size, "all is read until the end");
    require(read(wire, 1) == whole, "pieces change nothing");
    return 0;
}
