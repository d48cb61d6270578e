// RFC 9112 where it says what a server must refuse.
#include "request_head.hpp"

#include "header_value.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace server {
namespace {

constexpr std::size_t most_headers = 100;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Not passed on. Ranges make no sense of answers that are computed; the others are names under
/// which httplib or this server add facts of their own, which a client must not be able to make up.
constexpr std::array<std::string_view, 9> dropped_headers{
    "range",      "if-range",  "remote_addr", "remote_port", "local_addr",
    "local_port", "body-type", "request-id",  "received-at"};

std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find(line_end);
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + line_end.size());
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
        throw Refusal(400, "A line of the request's head holds a control character");
    }
    return line;
}

std::uint64_t parse_length(std::string_view text) {
    std::uint64_t length = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, length);
    if (text.empty() || stop != end || error != std::errc{}) {
        throw Refusal(400, "Content-Length is no number");
    }
    return length;
}

}  // namespace

RequestHead parse_request_head(std::string_view raw) {
    std::string_view rest = raw;
    const auto request_line = take_line(rest);
    RequestHead head;
    head.text = std::string(request_line) + "\r\n";

    std::optional<std::uint64_t> length;
    std::size_t hosts = 0;
    std::size_t count = 0;
    while (!rest.starts_with(line_end)) {
        const auto line = take_line(rest);
        const auto name = line.substr(0, line.find(':'));
        if (name.empty() || name.size() == line.size() ||
            name.find_first_not_of(token_characters) != std::string_view::npos) {
            throw Refusal(400, "A header is malformed");
        }
        if (++count > most_headers) {
            throw Refusal(431, "More than " + std::to_string(most_headers) + " headers");
        }
        const auto key = lower(name);
        const auto value = trim(line.substr(name.size() + 1));
        if (key == "content-length") {
            if (length) {
                throw Refusal(400, "More than one Content-Length");
            }
            length = parse_length(value);
        } else if (key == "transfer-encoding") {
            if (head.framing == BodyFraming::chunked || lower(value) != "chunked") {
                throw Refusal(501, "The only transfer encoding served is chunked");
            }
            head.framing = BodyFraming::chunked;
        } else if (key == "host") {
            ++hosts;
        }
        if (std::ranges::find(dropped_headers, key) == dropped_headers.end()) {
            head.text += key == "content-type" ? body_type_header : name;
            head.text += ": ";
            head.text += value;
            head.text += line_end;
        }
    }
    head.text += line_end;

    if (length && head.framing == BodyFraming::chunked) {
        throw Refusal(400, "Both Content-Length and Transfer-Encoding");
    }
    if (hosts > 1 || (hosts == 0 && request_line.ends_with("HTTP/1.1"))) {
        throw Refusal(400, "A request has exactly one Host");
    }
    if (length.value_or(0) > 0) {
        head.framing = BodyFraming::length;
        head.content_length = *length;
    }
    return head;
}

}  // namespace server
