// SPDX-License-Identifier: Apache-2.0
// Reads the zip files of torch.save: their entries are stored uncompressed and are read in place.
// Entries appended by other programs may be compressed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace speciesnet {

/// The directory of a zip file. Nothing is copied or decompressed: views point into the given
/// bytes.
class ZipArchive {
public:
    struct Entry {
        std::string_view content;
        std::uint32_t checksum = 0;  ///< CRC-32 that `content` should have.
        bool stored = true;          ///< False if `content` is compressed or encrypted.
        bool deflated = false;       ///< Whether `content` is compressed with deflate.
    };

    /// Reads the directory.
    /// @param bytes the whole file; must outlive this object and all its views
    /// @throws ModelError (model_invalid) if this is not a zip file, is truncated, has two entries
    /// with the same name, or an entry extends beyond the file
    explicit ZipArchive(std::string_view bytes);

    /// Returns whether the bytes start as a zip file.
    static bool has_signature(std::string_view bytes) noexcept;

    /// In no particular order.
    const std::unordered_map<std::string_view, Entry>& entries() const noexcept { return entries_; }

    /// Returns the content of an entry, after verifying its checksum.
    /// @throws ModelError (model_invalid) if the entry is missing or not stored uncompressed, or if
    /// its checksum is wrong
    std::string_view read(std::string_view name) const;

    /// As read(), but also accepts an entry compressed with deflate.
    /// @throws ModelError (model_invalid) as read(), or if the content is longer than `most_bytes`
    std::string unpack(std::string_view name, std::size_t most_bytes) const;

private:
    const Entry& find(std::string_view name) const;

    std::unordered_map<std::string_view, Entry> entries_;
};

}  // namespace speciesnet
