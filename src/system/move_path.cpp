// SPDX-License-Identifier: Apache-2.0
// std::filesystem::rename with this project's errors.
#include "system/move_path.hpp"

#include "speciesnet/error.hpp"

#include <system_error>

namespace speciesnet {

void move_path(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code error;
    std::filesystem::rename(from, to, error);
    if (error) {
        throw IoError(ErrorCode::io, "cannot move '" + from.string() + "' to '" + to.string() +
                                         "': " + error.message());
    }
}

}  // namespace speciesnet
