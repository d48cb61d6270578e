// SPDX-License-Identifier: Apache-2.0
// Downloads a file from a URL to a path, and continues after broken connections and interruptions.
#pragma once

#include "download/digest.hpp"
#include "download/http_client.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace speciesnet {

/// A file on a server.
struct RemoteFile {
    std::string url;
    Credentials credentials;
    std::optional<Checksum> checksum;   ///< As announced by a hub.
    std::optional<std::uint64_t> size;  ///< As announced by a hub.
};

/// Called with the number of bytes on disk, and the total if it is known.
using ByteProgress = std::function<void(std::uint64_t bytes, std::optional<std::uint64_t> total)>;

/// Downloads to `destination`, whose folder exists. Does nothing if the file already exists.
///
/// Received data is kept beside it as "….part", with the server's name for that version as
/// "….validator". A later call continues from there if the server still has that version. The
/// caller ensures that no other process downloads to the same destination.
/// @throws IoError; ModelError (model_invalid) if it is too large or does not match the announced
/// size or checksum; Cancelled
void download_file(HttpClient& client, const RemoteFile& file,
                   const std::filesystem::path& destination, std::uint64_t max_bytes,
                   const ByteProgress& progress);

/// Returns the MD5 in the values of X-Goog-Hash ("crc32c=…,md5=…", base64).
std::optional<Checksum> goog_md5(std::string_view header);

}  // namespace speciesnet
