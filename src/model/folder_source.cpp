// SPDX-License-Identifier: Apache-2.0
// Reads packages in a folder. Files are mapped.
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "model/source.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"

#include <utility>

namespace speciesnet {

Package::FolderSource::FolderSource(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder_, ignored)) {
        throw IoError(ErrorCode::not_found,
                      "the model folder does not exist: '" + utf8_text(folder_) + "'");
    }
}

std::string Package::FolderSource::origin(const std::string& file) const {
    return utf8_text(folder_ / utf8_path(file));
}

std::optional<PackageFile> Package::FolderSource::find(const std::string& file) const {
    // Names come from the package's info.json and must not refer to files outside the folder.
    if (!is_file_name(file)) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + file + "' is not the name of a file in the package");
    }
    try {
        auto mapped = map_file(folder_ / utf8_path(file));
        return PackageFile(mapped.content, origin(file), std::move(mapped.owner));
    } catch (const IoError& error) {
        if (error.code() == ErrorCode::not_found) {
            return std::nullopt;
        }
        throw;
    }
}

}  // namespace speciesnet
