// SPDX-License-Identifier: Apache-2.0
// Fuzzes disguised_format(). Input: an image. Checks that a format found in it, other than PDF, is
// still found behind 64 more bytes.
#include "disguise.hpp"

#include "fuzz/agreement.hpp"

#include <span>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = speciesnet::fuzz::text(data, size);
    const auto found = server::disguised_format(std::as_bytes(std::span(bytes)));
    if (found && *found != "PDF document") {
        const auto moved = std::string(64, 'x') + std::string(bytes);
        speciesnet::fuzz::require(
            server::disguised_format(std::as_bytes(std::span(moved))).has_value(),
            "a format behind 64 more bytes is still found");
    }
    return 0;
}
