// SPDX-License-Identifier: Apache-2.0
// Reads a form with a photo from the body of a request and writes the photo to a temporary file.
#pragma once

#include "request.hpp"
#include "temporary_folder.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace server {

/// Limits of an upload.
struct UploadLimits {
    /// Maximum size of the file in bytes.
    std::size_t file_bytes = std::size_t{5} * 1024 * 1024;
    /// For everything in the body except the file.
    std::size_t other_bytes = std::size_t{64} * 1024;
    std::size_t field_bytes = 1024;  ///< For each form field.

    std::size_t body_bytes() const noexcept { return file_bytes + other_bytes; }
};

/// A form that was received completely.
struct Upload {
    TemporaryFile file;
    std::string filename;  ///< As sent by the client.
    std::optional<std::string> declared_type;
    std::map<std::string, std::string> fields;  ///< The other fields, by name.
};

/// Reads the form in a request's body.
/// @throws Refusal 400 if malformed, 413 if too large, 415 if declared as something other than an
/// image, 422 without a file; speciesnet::IoError
Upload read_upload(const Request& request, const TemporaryFolder& folder,
                   const UploadLimits& limits);

}  // namespace server
