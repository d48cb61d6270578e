// SPDX-License-Identifier: Apache-2.0
// Field order and signatures: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
#include "import/zip_archive.hpp"

#include "speciesnet/error.hpp"

#include "import/byte_reader.hpp"
#include "import/invalid_model.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include <zlib.h>

namespace speciesnet {
namespace {

constexpr std::string_view local_signature{"PK\3\4", 4};
constexpr std::string_view central_signature{"PK\1\2", 4};
constexpr std::string_view end_signature{"PK\5\6", 4};
constexpr std::string_view end64_signature{"PK\6\6", 4};
constexpr std::string_view end64_locator_signature{"PK\6\7", 4};
constexpr std::size_t end_size = 22;
constexpr std::size_t end64_locator_size = 20;
constexpr std::size_t longest_comment = 65535;
constexpr std::uint16_t zip64_extra = 1;
constexpr std::uint32_t in_zip64 = 0xffffffff;
constexpr std::uint64_t most_entries = 100'000;

struct Directory {
    std::uint64_t offset = 0;
    std::uint64_t entries = 0;
};

void expect(ByteReader& reader, std::string_view signature, const char* what) {
    if (reader.take(signature.size()) != signature) {
        invalid_model(std::string("the zip file has no ") + what + " where it should be");
    }
}

std::size_t find_end_record(std::string_view bytes) {
    if (bytes.size() >= end_size) {
        const std::size_t last = bytes.size() - end_size;
        const std::size_t first = last > longest_comment ? last - longest_comment : 0;
        const std::size_t found = bytes.substr(first).rfind(end_signature);
        if (found != std::string_view::npos && first + found <= last) {
            return first + found;
        }
    }
    invalid_model("the zip file has no end record: it is truncated");
}

// torch.save always writes the 64-bit records.
std::optional<Directory> read_end64(std::string_view bytes, std::size_t end_record) {
    if (end_record < end64_locator_size) {
        return std::nullopt;
    }
    ByteReader locator(bytes, end_record - end64_locator_size);
    if (locator.take(4) != end64_locator_signature) {
        return std::nullopt;
    }
    locator.skip(4);
    ByteReader record(bytes, 0);
    record.skip(locator.number<std::uint64_t>());
    expect(record, end64_signature, "64-bit end record");
    record.skip(8 + 2 + 2 + 4 + 4 + 8);
    Directory directory;
    directory.entries = record.number<std::uint64_t>();
    record.skip(8);
    directory.offset = record.number<std::uint64_t>();
    return directory;
}

Directory find_directory(std::string_view bytes) {
    const std::size_t end_record = find_end_record(bytes);
    if (const auto directory = read_end64(bytes, end_record)) {
        return *directory;
    }
    ByteReader record(bytes, end_record + 4 + 2 + 2 + 2);
    Directory directory;
    directory.entries = record.number<std::uint16_t>();
    record.skip(4);
    directory.offset = record.number<std::uint32_t>();
    return directory;
}

struct Extent {
    std::uint64_t stored = 0;
    std::uint64_t unpacked = 0;
    std::uint64_t header = 0;
};

// Values that do not fit into 32 bits follow in the extra field, in this order.
void read_zip64(std::string_view extra, Extent& extent) {
    ByteReader reader(extra);
    while (reader.left() >= 4) {
        const auto kind = reader.number<std::uint16_t>();
        ByteReader field(reader.take(reader.number<std::uint16_t>()));
        if (kind == zip64_extra) {
            for (std::uint64_t* value : {&extent.unpacked, &extent.stored, &extent.header}) {
                if (*value == in_zip64) {
                    *value = field.number<std::uint64_t>();
                }
            }
            return;
        }
    }
}

std::string_view content_at(std::string_view bytes, const Extent& extent) {
    ByteReader local(bytes, 0);
    local.skip(extent.header);
    expect(local, local_signature, "entry");
    local.skip(22);
    const auto name_size = local.number<std::uint16_t>();
    const auto extra_size = local.number<std::uint16_t>();
    local.skip(name_size);
    local.skip(extra_size);
    return local.take(extent.stored);
}

std::uint32_t crc32_of(std::string_view bytes) {
    uLong crc = crc32(0, nullptr, 0);
    while (!bytes.empty()) {
        const auto part =
            bytes.substr(0, std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max()));
        crc =
            crc32(crc, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size()));
        bytes.remove_prefix(part.size());
    }
    return static_cast<std::uint32_t>(crc);
}

void check(std::string_view content, const ZipArchive::Entry& entry, std::string_view name) {
    if (crc32_of(content) != entry.checksum) {
        invalid_model("the checksum of zip entry " + printable(name) +
                      " is wrong: the file is damaged");
    }
}

/// @param most_bytes at which decompression stops
std::string inflated(std::string_view content, std::size_t most_bytes) {
    z_stream stream{};
    constexpr int raw = -MAX_WBITS;  // Without a header.
    if (inflateInit2(&stream, raw) != Z_OK) {
        throw Error(ErrorCode::internal, "zlib cannot start");
    }
    std::string unpacked(most_bytes, '\0');
    // zlib takes a pointer to mutable bytes, but does not write to them.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in =
        static_cast<uInt>(std::min<std::size_t>(content.size(), std::numeric_limits<uInt>::max()));
    stream.next_out = reinterpret_cast<Bytef*>(unpacked.data());
    stream.avail_out = static_cast<uInt>(unpacked.size());
    const int result = inflate(&stream, Z_FINISH);
    unpacked.resize(stream.total_out);
    inflateEnd(&stream);
    if (result != Z_STREAM_END && unpacked.size() != most_bytes) {
        invalid_model("a compressed zip entry is damaged");
    }
    return unpacked;
}

}  // namespace

ZipArchive::ZipArchive(std::string_view bytes) {
    const Directory directory = find_directory(bytes);
    if (directory.entries > most_entries) {
        invalid_model("the zip file declares " + std::to_string(directory.entries) + " entries");
    }
    ByteReader reader(bytes, 0);
    reader.skip(directory.offset);
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        expect(reader, central_signature, "directory entry");
        reader.skip(2 + 2);
        const auto flags = reader.number<std::uint16_t>();
        const auto method = reader.number<std::uint16_t>();
        reader.skip(2 + 2);
        const auto checksum = reader.number<std::uint32_t>();
        Extent extent;
        extent.stored = reader.number<std::uint32_t>();
        extent.unpacked = reader.number<std::uint32_t>();
        const auto name_size = reader.number<std::uint16_t>();
        const auto extra_size = reader.number<std::uint16_t>();
        const auto comment_size = reader.number<std::uint16_t>();
        reader.skip(2 + 2 + 4);
        extent.header = reader.number<std::uint32_t>();
        const auto name = reader.take(name_size);
        read_zip64(reader.take(extra_size), extent);
        reader.skip(comment_size);
        constexpr std::uint16_t encrypted = 1;
        constexpr std::uint16_t deflate = 8;
        const bool is_plain = (flags & encrypted) == 0;
        const Entry entry{.content = content_at(bytes, extent),
                          .checksum = checksum,
                          .stored = is_plain && method == 0 && extent.stored == extent.unpacked,
                          .deflated = is_plain && method == deflate};
        if (!entries_.emplace(name, entry).second) {
            invalid_model("the zip file has two entries called " + printable(name));
        }
    }
}

bool ZipArchive::has_signature(std::string_view bytes) noexcept {
    return bytes.starts_with(local_signature);
}

std::string_view ZipArchive::read(std::string_view name) const {
    const Entry& entry = find(name);
    if (!entry.stored) {
        invalid_model("zip entry " + printable(name) +
                      " is compressed or encrypted; torch.save stores entries as they are");
    }
    check(entry.content, entry, name);
    return entry.content;
}

std::string ZipArchive::unpack(std::string_view name, std::size_t most_bytes) const {
    const Entry& entry = find(name);
    if (!entry.stored && !entry.deflated) {
        invalid_model("zip entry " + printable(name) +
                      " is encrypted, or compressed in a way that is not supported");
    }
    const auto content = entry.stored ? std::string(entry.content.substr(0, most_bytes + 1))
                                      : inflated(entry.content, most_bytes + 1);
    if (content.size() > most_bytes) {
        invalid_model("zip entry " + printable(name) + " is longer than " +
                      std::to_string(most_bytes) + " bytes");
    }
    check(content, entry, name);
    return content;
}

const ZipArchive::Entry& ZipArchive::find(std::string_view name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        invalid_model("the zip file has no entry " + printable(name));
    }
    return found->second;
}

}  // namespace speciesnet
