// SPDX-License-Identifier: Apache-2.0
// The temporary name begins with a dot, as all unfinished paths do.
#include "system/remove_folder.hpp"

#include "speciesnet/error.hpp"

#include "system/move_path.hpp"

#include <system_error>

namespace speciesnet {
namespace {

void remove_tree(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    if (error) {
        throw IoError(ErrorCode::io, "cannot remove '" + folder.string() + "': " + error.message());
    }
}

}  // namespace

void remove_folder(const std::filesystem::path& folder) {
    const auto doomed = folder.parent_path() / ("." + folder.filename().string() + ".removed");
    remove_tree(doomed);
    std::error_code error;
    if (std::filesystem::exists(folder, error)) {
        move_path(folder, doomed);
        remove_tree(doomed);
    }
}

}  // namespace speciesnet
