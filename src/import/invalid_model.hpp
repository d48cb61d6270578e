// SPDX-License-Identifier: Apache-2.0
// Errors of the importer about invalid files.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet {

/// @throws ModelError (model_invalid), always
[[noreturn]] void invalid_model(const std::string& message);

/// Text from a file, made safe for a message: printable ASCII only, cut after 80 characters.
std::string printable(std::string_view text);

}  // namespace speciesnet
