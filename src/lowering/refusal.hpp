// SPDX-License-Identifier: Apache-2.0
// Defines why a node cannot be lowered.
#pragma once

#include "executor/record_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace speciesnet::lowering {

/// Its text continues "node 12 …". Never leaves lower().
class Refusal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

[[noreturn]] inline void refuse(const std::string& why) {
    throw Refusal(why);
}

/// Returns a kernel, stride, padding or dilation. @throws Refusal if it is out of range
inline std::size_t checked_geometry(std::int64_t size, std::size_t least) {
    if (size < static_cast<std::int64_t>(least) ||
        size > static_cast<std::int64_t>(executor::most_geometry)) {
        refuse("has a kernel, stride, padding or dilation that is out of range");
    }
    return static_cast<std::size_t>(size);
}

}  // namespace speciesnet::lowering
