// SPDX-License-Identifier: Apache-2.0
// Collects lines byte by byte, and data in pieces.
#include "chunked_body.hpp"

#include "header_value.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <charconv>

namespace server {
namespace {

constexpr std::size_t longest_line = 256;
constexpr std::size_t longest_trailers = 4096;

[[noreturn]] void malformed(const std::string& what) {
    throw Refusal(400, "The chunked body is malformed: " + what);
}

std::uint64_t parse_size(std::string_view line) {
    std::uint64_t size = 0;
    const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    const auto rest = trim(line.substr(static_cast<std::size_t>(stop - line.data())));
    if (error != std::errc{} || (!rest.empty() && !rest.starts_with(';'))) {
        malformed("a chunk's size is not a number");
    }
    return size;
}

}  // namespace

std::size_t ChunkedBody::feed(std::string_view wire, std::string& content) {
    std::size_t used = 0;
    while (used < wire.size() && !complete()) {
        if (state_ != State::data) {
            take(wire[used++]);
            continue;
        }
        const auto data = wire.substr(
            used, static_cast<std::size_t>(std::min<std::uint64_t>(left_, wire.size() - used)));
        content += data;
        used += data.size();
        left_ -= data.size();
        if (left_ == 0) {
            state_ = State::data_end;
        }
    }
    return used;
}

void ChunkedBody::take(char character) {
    const bool after_return = line_.ends_with('\r');
    if (after_return != (character == '\n')) {
        malformed("a line does not end in CR LF");
    }
    if (after_return) {
        line_.pop_back();
        end_line();
        line_.clear();
        return;
    }
    if (line_.size() == longest_line && character != '\r') {
        malformed("a line is too long");
    }
    line_ += character;
}

void ChunkedBody::end_line() {
    switch (state_) {
        case State::size:
            left_ = parse_size(line_);
            state_ = left_ > 0 ? State::data : State::trailer;
            break;
        case State::data_end:
            if (!line_.empty()) {
                malformed("a chunk is longer than its size");
            }
            state_ = State::size;
            break;
        case State::trailer:
            trailer_bytes_ += line_.size();
            if (trailer_bytes_ > longest_trailers) {
                malformed("the trailers are too long");
            }
            state_ = line_.empty() ? State::complete : State::trailer;
            break;
        case State::data:
        case State::complete:
            break;
    }
}

}  // namespace server
