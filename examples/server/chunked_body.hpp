// SPDX-License-Identifier: Apache-2.0
// Chunked bodies (RFC 9112, 7.1), read strictly: what one server takes for the end of a chunk and
// another does not is how requests are smuggled, and a line without an end is how memory is filled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace server {

/// Takes the chunks off a body that arrives in pieces of any size. Extensions and trailers are read
/// over; a line may have 256 bytes, all trailers together 4096.
class ChunkedBody {
public:
    /// Reads a piece of the body.
    /// @param content what the chunks hold is appended to it; never more than `wire` has
    /// @return how many bytes were the body's: all, unless it ended within them
    /// @throws Refusal 400 if the chunks are malformed
    std::size_t feed(std::string_view wire, std::string& content);

    /// Whether the last chunk and the trailers have been read.
    bool complete() const noexcept { return state_ == State::complete; }

private:
    enum class State { size, data, data_end, trailer, complete };

    void take(char character);
    void end_line();

    State state_ = State::size;
    std::string line_;
    std::uint64_t left_ = 0;  ///< Of the current chunk.
    std::size_t trailer_bytes_ = 0;
};

}  // namespace server
