// SPDX-License-Identifier: Apache-2.0
// Computes a UUID of version 8 (RFC 9562) from a hash, without cryptographic strength.
#include "package_id.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace speciesnet::cli {
namespace {

/// Maximum number of bytes to search for the id of an earlier description, which is near the start.
constexpr std::size_t looked_at = 4096;
constexpr std::size_t uuid_length = 36;
/// Length of the first group of a UUID.
constexpr std::size_t short_length = 8;

bool is_hexadecimal(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_uuid(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hexadecimal(text[i])) {
            return false;
        }
    }
    return text.size() == uuid_length;
}

std::optional<std::string> id_in(const std::filesystem::path& description) {
    try {
        const auto bytes = read_beginning(description, looked_at);
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        constexpr std::string_view key = "\"id\": \"";
        const auto found = text.find(key);
        if (found == std::string_view::npos) {
            return std::nullopt;
        }
        const auto id = text.substr(found + key.size(), uuid_length);
        return is_uuid(id) ? std::optional<std::string>(id) : std::nullopt;
    } catch (const IoError&) {
        return std::nullopt;
    }
}

/// FNV-1a with 64 bits, twice with different initial values.
class Hash {
public:
    void add(std::string_view text) {
        for (auto& half : halves_) {
            for (const char byte : text) {
                half = (half ^ static_cast<unsigned char>(byte)) * prime;
            }
            // Includes the end of a text.
            half = (half ^ 0xFFU) * prime;
        }
    }

    std::string uuid() const {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (const auto half : halves_) {
            for (int shift = 60; shift >= 0; shift -= 4) {
                text += digits[half >> static_cast<unsigned>(shift) & 0xFU];
            }
        }
        text[12] = '8';
        text[16] = 'a';
        for (const std::size_t dash : {20, 16, 12, 8}) {
            text.insert(dash, 1, '-');
        }
        return text;
    }

private:
    static constexpr std::uint64_t prime = 0x100000001B3;
    std::array<std::uint64_t, 2> halves_{0xCBF29CE484222325, 0x9AE16A3B2F90404F};
};

}  // namespace

PackageId PackageId::of(const PhotoRecords& records, const std::filesystem::path& folder) {
    auto present = id_in(folder / "datapackage.json");
    return present ? PackageId(std::move(*present)) : of(records);
}

PackageId PackageId::of(const PhotoRecords& records) {
    Hash hash;
    records.for_each([&](const PhotoRecord& record) {
        hash.add(records.relative(record.prediction.filepath));
        hash.add(record.facts.taken ? to_iso8601(*record.facts.taken) : "");
        hash.add(record.station.camera);
    });
    return PackageId(hash.uuid());
}

std::string_view PackageId::short_form() const {
    return std::string_view(uuid_).substr(0, short_length);
}

std::string PackageId::name(const std::string& photos_folder) const {
    auto folder = std::string_view(photos_folder);
    folder = folder.substr(0, folder.find_last_not_of('/') + 1);
    folder = folder.substr(folder.rfind('/') + 1);
    std::string name;
    for (const char c : folder) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (plain || (!name.empty() && name.back() != '-')) {
            name += plain ? lower : '-';
        }
    }
    return (name.empty() ? "photos" : name) + (name.ends_with('-') ? "" : "-") +
           std::string(short_form());
}

std::string PackageId::unique(std::string_view id) const {
    return std::string(short_form()) + ':' + std::string(id);
}

}  // namespace speciesnet::cli
