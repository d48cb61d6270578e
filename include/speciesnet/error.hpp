// SPDX-License-Identifier: Apache-2.0
// Exceptions of this library, with stable error codes.
#pragma once

#include "speciesnet/export.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace speciesnet {

/// Stable error codes. The C ABI uses the same values as statuses; 0 means success there.
enum class ErrorCode : std::int32_t {
    invalid_argument = 1,         ///< An argument is invalid.
    cancelled = 2,                ///< The caller requested to stop.
    out_of_memory = 3,            ///< An allocation failed.
    internal = 4,                 ///< A bug in this library; please report it.
    io = 10,                      ///< The operating system could not read or write something.
    not_found = 11,               ///< A file or folder does not exist.
    unsupported_media_type = 20,  ///< The declared or detected type is not supported.
    media_too_large = 21,         ///< More bytes or pixels than the limits allow.
    media_type_mismatch = 22,     ///< The magic number is not that of an image.
    undecodable_image = 23,       ///< The image cannot be decoded.
    model_incomplete = 30,        ///< A file that info.json names is missing.
    model_invalid = 31,           ///< A file of the model package has the wrong content.
    model_contract = 33,          ///< A network's input or output has the wrong shape.
    model_component_missing =
        34,                     ///< The component was not loaded (see EnsembleOptions::components).
    network_failed = 40,        ///< A network failed while it ran.
    unsupported_hardware = 41,  ///< The requested device or precision is not available.
    json_syntax = 50,           ///< Not JSON.
    json_content = 51,          ///< JSON, but not of the expected structure.
};

/// Base class of the exceptions of this library.
class SPECIESNET_EXPORT Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message);
    Error(const Error&) = default;
    Error& operator=(const Error&) = default;
    ~Error() override;

    /// Returns the stable code of this error.
    ErrorCode code() const noexcept { return code_; }

private:
    ErrorCode code_;
};

/// The caller passed an invalid value (ErrorCode::invalid_argument or json_*).
class SPECIESNET_EXPORT InvalidArgument : public Error {
public:
    explicit InvalidArgument(const std::string& message,
                             ErrorCode code = ErrorCode::invalid_argument);
    InvalidArgument(const InvalidArgument&) = default;
    InvalidArgument& operator=(const InvalidArgument&) = default;
    ~InvalidArgument() override;
};

/// The bytes are not an acceptable image (codes 20 to 23).
class SPECIESNET_EXPORT InvalidImage : public Error {
public:
    using Error::Error;
    InvalidImage(const InvalidImage&) = default;
    InvalidImage& operator=(const InvalidImage&) = default;
    ~InvalidImage() override;
};

/// The model package cannot be used (codes 30 to 41).
class SPECIESNET_EXPORT ModelError : public Error {
public:
    using Error::Error;
    ModelError(const ModelError&) = default;
    ModelError& operator=(const ModelError&) = default;
    ~ModelError() override;
};

/// The operating system could not read or write (ErrorCode::io or not_found).
class SPECIESNET_EXPORT IoError : public Error {
public:
    using Error::Error;
    IoError(const IoError&) = default;
    IoError& operator=(const IoError&) = default;
    ~IoError() override;
};

/// The caller's stop token was triggered (ErrorCode::cancelled).
class SPECIESNET_EXPORT Cancelled : public Error {
public:
    Cancelled();
    Cancelled(const Cancelled&) = default;
    Cancelled& operator=(const Cancelled&) = default;
    ~Cancelled() override;
};

}  // namespace speciesnet
