// SPDX-License-Identifier: Apache-2.0
// Fills structs that begin with their size with defaults, and reads them.
#pragma once

#include "capi/status.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>

namespace speciesnet::capi {

/// The size of a struct when it was first published. It never changes, so that programs compiled
/// then still work after the struct has grown.
template <typename Struct>
inline constexpr std::size_t first_size = 0;
template <>
inline constexpr std::size_t first_size<speciesnet_location> = 48;
template <>
inline constexpr std::size_t first_size<speciesnet_instance> = 48;

/// The first sizes are those of 64-bit machines. A WebAssembly module is built together with its
/// caller, so that it knows no other size than its own.
template <typename Struct>
inline constexpr std::size_t least_size = sizeof(void*) == 8 ? first_size<Struct> : sizeof(Struct);

/// A larger value is not the size of a struct but uninitialised memory.
inline constexpr std::size_t largest_size = 4096;

/// Fills the members of the caller's struct that the caller knows. Members that only the caller
/// knows become zero.
template <typename Options>
void fill_defaults(Options* options, std::size_t size, Options defaults) noexcept {
    static_assert(std::is_trivially_copyable_v<Options> && offsetof(Options, size) == 0);
    if (options == nullptr || size > largest_size) {
        return;
    }
    defaults.size = size;
    std::memset(static_cast<void*>(options), 0, size);
    std::memcpy(static_cast<void*>(options), &defaults, std::min(size, sizeof(Options)));
}

/// Returns the caller's options, with defaults for members that the caller does not know.
/// @throws InvalidArgument if the struct was not initialised, or sets members that this library
/// does not know
template <typename Options>
Options read_options(const Options* given, const Options& defaults, const char* type) {
    static_assert(first_size<Options> > 0 && least_size<Options> <= sizeof(Options));
    if (given == nullptr) {
        return defaults;
    }
    const std::size_t size = given->size;
    if (size < least_size<Options> || size > largest_size) {
        throw InvalidArgument(std::string(type) + ": size is " + std::to_string(size) +
                              "; fill the struct with " + type + "_init() first");
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(given);
    if (std::any_of(bytes + std::min(size, sizeof(Options)), bytes + size,
                    [](unsigned char byte) { return byte != 0; })) {
        throw InvalidArgument(std::string(type) +
                              " sets members of a newer version than this library's");
    }
    Options options = defaults;
    std::memcpy(static_cast<void*>(&options), given, std::min(size, sizeof(Options)));
    return options;
}

}  // namespace speciesnet::capi
