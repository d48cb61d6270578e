// SPDX-License-Identifier: Apache-2.0
#include "model/network_files.hpp"

#include "speciesnet/compile.hpp"
#include "speciesnet/error.hpp"

#include <system_error>

namespace speciesnet {

std::string compiled_name(std::string_view network_file, std::string_view variant) {
    std::string name(network_file.substr(0, network_file.rfind('.')));
    return name.append(1, '.').append(variant).append(compiled_extension);
}

bool has_network(const std::filesystem::path& folder, std::string_view network_file) {
    if (std::filesystem::exists(folder / network_file)) {
        return true;
    }
    const auto begin = std::string(network_file.substr(0, network_file.rfind('.'))) + '.';
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (name.starts_with(begin) && name.ends_with(compiled_extension)) {
            return true;
        }
    }
    if (error) {
        throw IoError(ErrorCode::io,
                      "cannot read the folder '" + folder.string() + "': " + error.message());
    }
    return false;
}

}  // namespace speciesnet
