// SPDX-License-Identifier: Apache-2.0
// Checksums of files and texts.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

enum class DigestAlgorithm { md5, sha256 };

/// What a file's checksum must be.
struct Checksum {
    DigestAlgorithm algorithm = DigestAlgorithm::sha256;
    std::string hexadecimal;  ///< Small letters.
};

/// @return hexadecimal, small letters
std::string digest_of(std::string_view content, DigestAlgorithm algorithm);

/// @throws IoError as map_file()
std::string digest_of_file(const std::filesystem::path& file, DigestAlgorithm algorithm);

std::string_view name_of(DigestAlgorithm algorithm);

/// What is written as digits of base 64; nothing if it is not.
std::optional<std::string> from_base64(std::string_view text);

/// Bytes as hexadecimal digits.
std::string to_hexadecimal(std::string_view bytes);

}  // namespace speciesnet
