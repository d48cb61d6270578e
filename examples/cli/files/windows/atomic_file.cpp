// SPDX-License-Identifier: Apache-2.0
// An open file can be renamed, because it is opened with all sharing modes.
#include "files/atomic_file.hpp"

#include "speciesnet/utf8_path.hpp"

#include <random>
#include <string>
#include <system_error>

#include <windows.h>

namespace speciesnet::cli {

void AtomicFile::open() {
    temporary_name_ = temporary_name(std::to_string(std::random_device()()).c_str());
    descriptor_ = open_kept_file(temporary_name_, Keeping::making);
}

// The call itself waits until the new name is on disk.
void AtomicFile::replace() {
    if (MoveFileExW(temporary_name_.c_str(), file_.c_str(),
                    MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) == 0) {
        const std::error_code error(static_cast<int>(GetLastError()), std::system_category());
        throw IoError(ErrorCode::io, "cannot write '" + utf8_text(file_) + "': " + error.message());
    }
}

}  // namespace speciesnet::cli
