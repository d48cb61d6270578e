// SPDX-License-Identifier: Apache-2.0
// Computes checksums of files and texts.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

enum class DigestAlgorithm { md5, sha256 };

/// The expected checksum of a file.
struct Checksum {
    DigestAlgorithm algorithm = DigestAlgorithm::sha256;
    std::string hexadecimal;  ///< Lower case.
};

/// @return hexadecimal, lower case
std::string digest_of(std::string_view content, DigestAlgorithm algorithm);

/// @throws IoError as map_file()
std::string digest_of_file(const std::filesystem::path& file, DigestAlgorithm algorithm);

std::string_view name_of(DigestAlgorithm algorithm);

/// Decodes base 64; nothing if the text is not base 64.
std::optional<std::string> from_base64(std::string_view text);

/// Returns bytes as hexadecimal digits.
std::string to_hexadecimal(std::string_view bytes);

}  // namespace speciesnet
