// SPDX-License-Identifier: Apache-2.0
// Error messages that name the flag whose value caused them.
#pragma once

#include "speciesnet/error.hpp"

#include <string>

namespace speciesnet::cli {

/// Calls a function; prefixes the message of an InvalidArgument or IoError with the flag.
template <typename Function>
auto naming_flag(const std::string& flag, Function function) {
    try {
        return function();
    } catch (const InvalidArgument& error) {
        throw InvalidArgument(flag + ": " + error.what(), error.code());
    } catch (const IoError& error) {
        throw IoError(error.code(), flag + ": " + error.what());
    }
}

}  // namespace speciesnet::cli
