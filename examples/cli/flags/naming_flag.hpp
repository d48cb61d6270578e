// SPDX-License-Identifier: Apache-2.0
// Adds the name of a flag to error messages that its value causes.
#pragma once

#include "speciesnet/error.hpp"

#include <string>

namespace speciesnet::cli {

/// Calls a function and prepends the flag to the message of an InvalidArgument or IoError.
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
