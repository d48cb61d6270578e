// SPDX-License-Identifier: Apache-2.0
// Memory backed by a temporary file, for data that is too large to hold and is soon written
// elsewhere.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace speciesnet {

/// A file without a name, mapped for reading and writing, full of zeros at first; gone with this
/// object, or with the process.
class ScratchFile {
public:
    /// @param folder where there is room for it
    /// @throws IoError
    ScratchFile(const std::filesystem::path& folder, std::size_t size);
    ~ScratchFile();
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    char* data() noexcept { return data_; }
    std::string_view content() const noexcept { return {data_, size_}; }

private:
    char* data_ = nullptr;
    std::size_t size_;
};

}  // namespace speciesnet
