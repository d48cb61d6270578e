// SPDX-License-Identifier: Apache-2.0
// Known sizes and checksums of the published networks.
#pragma once

#include "speciesnet/download.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet {

/// The known properties of a published file.
struct PublishedFile {
    std::string_view name;
    std::optional<std::uint64_t> bytes;
    std::string_view md5;     ///< Hexadecimal, lower case; empty if unknown.
    std::string_view sha256;  ///< Hexadecimal, lower case; empty if unknown.
    /// Versions of the packages that contain the file, separated by spaces; empty for any package.
    std::string_view packages;
};

/// Returns the detectors and classifiers with a known size or checksum.
std::span<const PublishedFile> published_files();

/// Compares a network with the table of published files. A file with another name, for instance
/// from a mirror, is recognised by its SHA-256.
/// @param path    in its package; may be the local name of a URL, which ends with the published
/// name
/// @param version of the package
IdentifiedNetwork identify(const std::string& path, std::string_view content,
                           std::string_view version, std::span<const PublishedFile> table);

}  // namespace speciesnet
