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

/// The directory of a zip file. Nothing is copied or unpacked: views point into the bytes given.
class ZipArchive {
public:
    struct Entry {
        std::string_view content;
        std::uint32_t checksum = 0;  ///< CRC-32 that `content` should have.
        bool stored = true;          ///< False if `content` is compressed or encrypted.
        bool deflated = false;       ///< Whether `content` is compressed in the usual way.
    };

    /// Reads the directory.
    /// @param bytes the whole file; must outlive this object and all its views
    /// @throws ModelError (model_invalid) if this is not a zip file, is truncated, has two entries
    /// of one name, or an entry that reaches beyond the file
    explicit ZipArchive(std::string_view bytes);

    /// Whether the bytes begin as a zip file does.
    static bool has_signature(std::string_view bytes) noexcept;

    /// Nothing is known of the order.
    const std::unordered_map<std::string_view, Entry>& entries() const noexcept { return entries_; }

    /// The content of an entry, after comparing its checksum.
    /// @throws ModelError (model_invalid) if there is no such entry, it is not stored as it is, or
    /// its checksum is wrong
    std::string_view read(std::string_view name) const;

    /// The same for a small entry that may be deflated.
    /// @throws ModelError (model_invalid) as read(), or if the content is longer than `most_bytes`
    std::string unpack(std::string_view name, std::size_t most_bytes) const;

private:
    const Entry& find(std::string_view name) const;

    std::unordered_map<std::string_view, Entry> entries_;
};

}  // namespace speciesnet
