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

/// Calls read() and puts the file's name in front of what it throws.
/// @throws ModelError
template <typename Read>
auto naming_file(const PackageFile& file, Read read) {
    try {
        return read();
    } catch (const ModelError& error) {
        throw ModelError(error.code(), "'" + file.origin() + "' cannot be read: " + error.what());
    }
}

/// Text from a file, made safe for a message: printable ASCII only, cut after 80 characters.
std::string printable(std::string_view text);

}  // namespace speciesnet
