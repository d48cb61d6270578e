// SPDX-License-Identifier: Apache-2.0
// Any bytes as an image: looking for other formats stays within them, and finds them again behind
// more of the image.
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
            "an archive behind an image is an archive");
    }
    return 0;
}
