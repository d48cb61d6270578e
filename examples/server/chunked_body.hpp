// SPDX-License-Identifier: Apache-2.0
// Reads chunked bodies (RFC 9112, 7.1) strictly: if two servers disagree about the end of a chunk,
// requests can be smuggled, and a line without an end could fill the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace server {

/// Extracts the content of chunks from a body that arrives in pieces of any size. Ignores
/// extensions and trailers; a line may have 256 bytes, all trailers together 4096.
class ChunkedBody {
public:
    /// Reads a piece of the body.
    /// @param content receives the content of the chunks; never more than `wire` has
    /// @return number of bytes that belong to the body: all, unless it ended within them
    /// @throws Refusal 400 if the chunks are malformed
    std::size_t feed(std::string_view wire, std::string& content);

    /// Returns whether the last chunk and the trailers have been read.
    bool complete() const noexcept { return state_ == State::complete; }

private:
    enum class State { size, data, data_end, trailer, complete };

    void take(char character);
    void end_line();

    State state_ = State::size;
    std::string line_;
    std::uint64_t left_ = 0;  ///< Remaining bytes of the current chunk.
    std::size_t trailer_bytes_ = 0;
};

}  // namespace server
