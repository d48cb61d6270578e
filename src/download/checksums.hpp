// SPDX-License-Identifier: Apache-2.0
// SHA256SUMS: the checksums of a package's files, in the form that `sha256sum --check` reads.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Name of the file in the package's folder.
inline constexpr std::string_view checksums_name = "SHA256SUMS";

struct RecordedFile {
    std::string path;    ///< Relative to the package's folder.
    std::string sha256;  ///< Hexadecimal.
};

struct Checksums {
    std::string model;  ///< The model's name, from the first line.
    std::vector<RecordedFile> files;
};

/// Computes the checksums of all files in a folder, except SHA256SUMS itself, sorted by path.
/// @throws IoError
Checksums compute_checksums(const std::filesystem::path& folder, const std::string& model);

/// Returns the text of a SHA256SUMS.
std::string format_checksums(const Checksums& checksums);

/// @throws ModelError (model_invalid) if a line does not have the form of format_checksums()
Checksums parse_checksums(std::string_view text, std::string_view origin);

}  // namespace speciesnet
