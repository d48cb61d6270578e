// SPDX-License-Identifier: Apache-2.0
#include "model/network_files.hpp"

#include "speciesnet/compile.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include <system_error>

namespace speciesnet {

namespace {

/// Returns the prefix of the names of compiled files.
std::string beginning(std::string_view network_file) {
    return std::string(network_file.substr(0, network_file.rfind('.'))) + '.';
}

}  // namespace

std::string compiled_name(std::string_view network_file, std::string_view variant) {
    return beginning(network_file).append(variant).append(compiled_extension);
}

bool is_compiled_of(std::string_view file, std::string_view network_file) {
    return file.starts_with(beginning(network_file)) && file.ends_with(compiled_extension);
}

bool has_network(const std::filesystem::path& folder, std::string_view network_file) {
    if (std::filesystem::exists(folder / utf8_path(network_file))) {
        return true;
    }
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (is_compiled_of(utf8_text(entry->path().filename()), network_file)) {
            return true;
        }
    }
    if (error) {
        throw IoError(ErrorCode::io,
                      "cannot read the folder '" + utf8_text(folder) + "': " + error.message());
    }
    return false;
}

}  // namespace speciesnet
