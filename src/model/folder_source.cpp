// SPDX-License-Identifier: Apache-2.0
// Packages in a folder; files are mapped.
#include "speciesnet/error.hpp"

#include "model/source.hpp"
#include "system/memory.hpp"

#include <utility>

namespace speciesnet {

Package::FolderSource::FolderSource(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder_, ignored)) {
        throw IoError(ErrorCode::not_found,
                      "the model folder does not exist: '" + folder_.string() + "'");
    }
}

std::string Package::FolderSource::origin(const std::string& file) const {
    return (folder_ / file).string();
}

std::optional<PackageFile> Package::FolderSource::find(const std::string& file) const {
    const std::filesystem::path name(file);
    // Names come from the package's info.json: they must not reach other files of this machine.
    if (name.empty() || name.is_absolute() || name.has_parent_path() || file == "..") {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + file + "' is not the name of a file in the package");
    }
    try {
        auto mapped = map_file(folder_ / name);
        return PackageFile(mapped.content, origin(file), std::move(mapped.owner));
    } catch (const IoError& error) {
        if (error.code() == ErrorCode::not_found) {
            return std::nullopt;
        }
        throw;
    }
}

}  // namespace speciesnet
