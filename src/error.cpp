// SPDX-License-Identifier: Apache-2.0
// Defines the key functions of the exceptions, so that their type information exists only once, in
// this library.
#include "speciesnet/error.hpp"

namespace speciesnet {

Error::Error(ErrorCode code, const std::string& message)
    : std::runtime_error(message), code_(code) {}
Error::~Error() = default;

InvalidArgument::InvalidArgument(const std::string& message, ErrorCode code)
    : Error(code, message) {}
InvalidArgument::~InvalidArgument() = default;

InvalidImage::~InvalidImage() = default;
ModelError::~ModelError() = default;
IoError::~IoError() = default;

Cancelled::Cancelled() : Error(ErrorCode::cancelled, "cancelled by the caller") {}
Cancelled::~Cancelled() = default;

}  // namespace speciesnet
