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

/// What is known of a published file.
struct PublishedFile {
    std::string_view name;
    std::optional<std::uint64_t> bytes;
    std::string_view md5;     ///< Hexadecimal, small letters; empty if not known.
    std::string_view sha256;  ///< The same.
    /// Versions of the packages that hold the file, separated by spaces; empty: of any package.
    std::string_view packages;
};

/// The detectors and classifiers of which a size or a checksum is known.
std::span<const PublishedFile> published_files();

/// Compares a network with a table of published files. One that has another name, for instance at a
/// mirror, is recognised by its SHA-256.
/// @param path    in its package; may be the local name of a URL, which ends with the published
/// name
/// @param version of the package
IdentifiedNetwork identify(const std::string& path, std::string_view content,
                           std::string_view version, std::span<const PublishedFile> table);

}  // namespace speciesnet
