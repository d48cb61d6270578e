// SPDX-License-Identifier: Apache-2.0
// Parses multipart/form-data (RFC 7578) as a stream: parts are passed on as they arrive, so that a
// body of any size needs only a few kilobytes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace server {

/// The header of one part.
struct PartHeader {
    std::string name;
    std::optional<std::string> filename;      ///< As sent by the client; never used as a path.
    std::optional<std::string> content_type;  ///< As sent by the client.
};

/// Limits of a form.
struct MultipartLimits {
    std::size_t parts = 16;
    std::size_t header_bytes = 4096;  ///< For each part.
};

/// Receives parts as they arrive. Exceptions stop parsing and propagate from feed().
struct PartReceiver {
    std::function<void(const PartHeader&)> begin;
    std::function<void(std::string_view)> data;
    std::function<void()> end;
};

/// A parser that receives the body in pieces of any size.
class MultipartParser {
public:
    MultipartParser(std::string_view boundary, PartReceiver receiver, MultipartLimits limits = {});

    /// @throws Refusal (400) for a malformed form, (413) for one that exceeds the limits;
    /// exceptions of the receiver
    void feed(std::string_view bytes);

    /// Returns whether the closing delimiter has been parsed.
    bool complete() const noexcept { return state_ == State::epilogue; }

private:
    enum class State { preamble, delimiter, header, data, epilogue };

    bool step();
    bool read_up_to_delimiter();
    bool read_delimiter();
    bool read_header();

    std::string delimiter_;
    PartReceiver receiver_;
    MultipartLimits limits_;
    State state_ = State::preamble;
    std::string buffer_;
    std::size_t parts_ = 0;
};

/// Returns the boundary in a Content-Type header.
/// @return nothing if the type is not multipart/form-data
/// @throws Refusal (400) if the boundary is missing or RFC 2046 does not allow it
std::optional<std::string> multipart_boundary(std::string_view content_type);

}  // namespace server
