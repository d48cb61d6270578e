// SPDX-License-Identifier: Apache-2.0
// The states of a form: preamble, then delimiter, header and data of each part, then epilogue.
#include "multipart.hpp"

#include "header_value.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <utility>

namespace server {
namespace {

constexpr std::size_t longest_boundary = 70;  // RFC 2046, 5.1.1
constexpr std::string_view boundary_characters =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
/// Maximum number of spaces between a boundary and its line end; clients send none.
constexpr std::size_t longest_padding = 16;

[[noreturn]] void malformed(const std::string& what) {
    throw Refusal(400, "There was an error parsing the body: " + what);
}

PartHeader parse_header(std::string_view text) {
    PartHeader header;
    bool named = false;
    while (!text.empty()) {
        const auto end = std::min(text.find("\r\n"), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 2, text.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            malformed("a part's header has a line without a colon");
        }
        const auto key = lower(trim(line.substr(0, colon)));
        const auto value = trim(line.substr(colon + 1));
        if (key == "content-disposition") {
            const auto name = parameter(value, "name");
            if (media_type(value) != "form-data" || !name) {
                malformed("a part has no name");
            }
            header.name = *name;
            header.filename = parameter(value, "filename");
            named = true;
        } else if (key == "content-type") {
            header.content_type = value;
        }
    }
    if (!named) {
        malformed("a part has no Content-Disposition");
    }
    return header;
}

}  // namespace

MultipartParser::MultipartParser(std::string_view boundary, PartReceiver receiver,
                                 MultipartLimits limits)
    : delimiter_("\r\n--" + std::string(boundary)),
      receiver_(std::move(receiver)),
      limits_(limits),
      // The first delimiter may lack the line end before it; with this one it is like all others.
      buffer_("\r\n") {}

void MultipartParser::feed(std::string_view bytes) {
    if (complete()) {
        return;
    }
    buffer_ += bytes;
    while (step()) {
    }
}

/// @return false if more bytes are needed
bool MultipartParser::step() {
    switch (state_) {
        case State::preamble:
        case State::data:
            return read_up_to_delimiter();
        case State::delimiter:
            return read_delimiter();
        case State::header:
            return read_header();
        case State::epilogue:
            break;
    }
    buffer_.clear();
    return false;
}

bool MultipartParser::read_up_to_delimiter() {
    const auto found = buffer_.find(delimiter_);
    // The last bytes may be the start of a delimiter that has not arrived completely.
    const auto length = found != std::string::npos
                            ? found
                            : buffer_.size() - std::min(buffer_.size(), delimiter_.size() - 1);
    const bool in_part = state_ == State::data;
    if (in_part && length > 0) {
        receiver_.data(std::string_view(buffer_).substr(0, length));
    }
    if (found == std::string::npos) {
        buffer_.erase(0, length);
        return false;
    }
    buffer_.erase(0, found + delimiter_.size());
    if (in_part) {
        receiver_.end();
    }
    state_ = State::delimiter;
    return true;
}

bool MultipartParser::read_delimiter() {
    if (buffer_.starts_with("--")) {
        state_ = State::epilogue;
        return true;
    }
    const auto padding = std::min(buffer_.find_first_not_of(" \t"), buffer_.size());
    if (padding > longest_padding) {
        malformed("too much space after a boundary");
    }
    const auto rest = std::string_view(buffer_).substr(padding);
    if (rest.starts_with("\r\n")) {
        if (++parts_ > limits_.parts) {
            throw Refusal(
                413, "Too many parts: at most " + std::to_string(limits_.parts) + " are accepted");
        }
        // Keeps the line end, so that a header without lines also ends in two line ends.
        buffer_.erase(0, padding);
        state_ = State::header;
        return true;
    }
    const bool undecided = rest.empty() || rest == "\r" || (padding == 0 && rest == "-");
    if (!undecided) {
        malformed("something follows a boundary");
    }
    return false;
}

bool MultipartParser::read_header() {
    static constexpr std::string_view line_end = "\r\n";
    const auto end = buffer_.find("\r\n\r\n");
    if (std::min(end, buffer_.size()) > limits_.header_bytes) {
        throw Refusal(413, "The header of a part is longer than " +
                               std::to_string(limits_.header_bytes) + " bytes");
    }
    if (end == std::string::npos) {
        return false;
    }
    const auto lines = std::string_view(buffer_).substr(0, end);
    receiver_.begin(parse_header(lines.substr(std::min(line_end.size(), lines.size()))));
    buffer_.erase(0, end + 2 * line_end.size());
    state_ = State::data;
    return true;
}

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    if (media_type(content_type) != "multipart/form-data") {
        return std::nullopt;
    }
    auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty()) {
        throw Refusal(400, "Missing boundary in multipart.");
    }
    if (boundary->size() > longest_boundary ||
        boundary->find_first_not_of(boundary_characters) != std::string::npos) {
        throw Refusal(400, "Invalid boundary in multipart.");
    }
    return boundary;
}

}  // namespace server
