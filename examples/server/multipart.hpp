// SPDX-License-Identifier: Apache-2.0
// multipart/form-data (RFC 7578) as a stream: parts are handed on as they arrive, so that a body of
// any size needs a few kilobytes.
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
    std::optional<std::string> filename;      ///< As the client wrote it; never a path to us.
    std::optional<std::string> content_type;  ///< As the client wrote it.
};

/// What a form may look like at most.
struct MultipartLimits {
    std::size_t parts = 16;
    std::size_t header_bytes = 4096;  ///< Of one part.
};

/// What is done with parts as they arrive. Exceptions stop the form and reach the caller of feed().
struct PartReceiver {
    std::function<void(const PartHeader&)> begin;
    std::function<void(std::string_view)> data;
    std::function<void()> end;
};

/// A parser that is fed the body in pieces of any size.
class MultipartParser {
public:
    MultipartParser(std::string_view boundary, PartReceiver receiver, MultipartLimits limits = {});

    /// @throws Refusal (400) for a malformed form, (413) for one beyond the limits; whatever the
    /// receiver throws
    void feed(std::string_view bytes);

    /// Whether the closing delimiter has been seen.
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

/// The boundary of a Content-Type header value.
/// @return nothing if the type is not multipart/form-data
/// @throws Refusal (400) if the boundary is missing or not allowed by RFC 2046
std::optional<std::string> multipart_boundary(std::string_view content_type);

}  // namespace server
