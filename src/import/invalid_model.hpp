// SPDX-License-Identifier: Apache-2.0
// Errors of the importer about invalid files.
#pragma once

#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"

#include <string>
#include <string_view>

namespace speciesnet {

/// @throws ModelError (model_invalid), always
[[noreturn]] void invalid_model(const std::string& message);

/// Calls read() and prepends the file's name to the message of its exception.
/// @throws ModelError
template <typename Read>
auto naming_file(const PackageFile& file, Read read) {
    try {
        return read();
    } catch (const ModelError& error) {
        throw ModelError(error.code(), "'" + file.origin() + "' cannot be read: " + error.what());
    }
}

/// Makes text from a file safe for a message: printable ASCII only, cut after 80 characters.
std::string printable(std::string_view text);

}  // namespace speciesnet
