// SPDX-License-Identifier: Apache-2.0
// Implements the checks that RFC 9112 requires of a server.
#include "request_head.hpp"

#include "header_value.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace server {
namespace {

constexpr std::size_t most_headers = 100;
constexpr std::size_t longest_target = 8192;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find(line_end);
    if (end == std::string_view::npos) {
        throw Refusal(400, "The request's head has no end");
    }
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
        throw Refusal(400, "Content-Length is not a number");
    }
    return length;
}

/// Returns the path and query of a request's target. A target in the form for proxies has a host
/// before the path, which is either that of Host or foreign.
std::string_view origin_form(std::string_view target) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos || target.starts_with('/')) {
        return target;
    }
    const auto path = target.find_first_of("/?", scheme + 3);
    const bool rooted = path != std::string_view::npos && target[path] == '/';
    return rooted ? target.substr(path) : "/";
}

/// `METHOD target HTTP/1.x`, with one space between each.
class RequestLine {
public:
    explicit RequestLine(std::string_view line) {
        const auto first = line.find(' ');
        const auto last = line.rfind(' ');
        if (first == std::string_view::npos || first == last) {
            throw Refusal(400, "The request line is malformed");
        }
        method_ = line.substr(0, first);
        const auto target = line.substr(first + 1, last - first - 1);
        version_ = line.substr(last + 1);
        if (method_.empty() || method_.find_first_not_of(token_characters) != std::string::npos ||
            !std::ranges::all_of(target,
                                 [](char c) { return c > ' ' && c < '\x7f' && c != '#'; })) {
            throw Refusal(400, "The request line is malformed");
        }
        if (version_ != "HTTP/1.1" && version_ != "HTTP/1.0") {
            throw Refusal(version_.starts_with("HTTP/") ? 505 : 400,
                          "Only HTTP/1.1 and HTTP/1.0 are supported");
        }
        target_ = origin_form(target);
        if (target_.size() > longest_target) {
            throw Refusal(414, "The request's target is longer than " +
                                   std::to_string(longest_target) + " bytes");
        }
    }

    bool is_http_1_1() const { return version_ == "HTTP/1.1"; }

    void apply_to(Request& request) const {
        const auto path = target_.substr(0, target_.find('?'));
        request.method = method_;
        request.path = path;
        request.query = target_.substr(path.size());
    }

private:
    std::string_view method_;
    std::string_view target_;
    std::string_view version_;
};

/// Returns whether a comma-separated list contains an option, ignoring case.
bool has_token(std::string_view list, std::string_view token) {
    while (!list.empty()) {
        const auto item = list.substr(0, list.find(','));
        if (lower(trim(item)) == token) {
            return true;
        }
        list.remove_prefix(std::min(item.size() + 1, list.size()));
    }
    return false;
}

/// Extracts from the headers the framing of the body, the connection options, and the number of
/// Host headers.
class Framing {
public:
    void take(const std::string& key, std::string_view value) {
        if (key == "content-length") {
            if (length_) {
                throw Refusal(400, "More than one Content-Length");
            }
            length_ = parse_length(value);
        } else if (key == "transfer-encoding") {
            if (chunked_ || lower(value) != "chunked") {
                throw Refusal(501, "The only supported transfer encoding is chunked");
            }
            chunked_ = true;
        } else if (key == "host") {
            ++hosts_;
        } else if (key == "connection") {
            close_ = close_ || has_token(value, "close");
            keep_alive_ = keep_alive_ || has_token(value, "keep-alive");
        } else if (key == "expect") {
            expects_continue_ = lower(value) == "100-continue";
        }
    }

    void apply_to(RequestHead& head, const RequestLine& line) const {
        if (chunked_ && (length_ || !line.is_http_1_1())) {
            throw Refusal(400, "Transfer-Encoding with Content-Length, or before HTTP/1.1");
        }
        if (hosts_ > 1 || (hosts_ == 0 && line.is_http_1_1())) {
            throw Refusal(400, "A request must have exactly one Host header");
        }
        head.content_length = length_.value_or(0);
        head.framing = chunked_                  ? BodyFraming::chunked
                       : head.content_length > 0 ? BodyFraming::length
                                                 : BodyFraming::none;
        head.keep_alive = !close_ && (line.is_http_1_1() || keep_alive_);
        head.expects_continue = expects_continue_ && line.is_http_1_1();
    }

private:
    std::optional<std::uint64_t> length_;
    bool chunked_ = false;
    std::size_t hosts_ = 0;
    bool close_ = false;
    bool keep_alive_ = false;
    bool expects_continue_ = false;
};

}  // namespace

RequestHead parse_request_head(std::string_view raw) {
    std::string_view rest = raw;
    const RequestLine request_line(take_line(rest));
    RequestHead head;
    request_line.apply_to(head.request);

    Framing framing;
    while (!rest.starts_with(line_end)) {
        const auto line = take_line(rest);
        const auto name = line.substr(0, line.find(':'));
        if (name.empty() || name.size() == line.size() ||
            name.find_first_not_of(token_characters) != std::string_view::npos) {
            throw Refusal(400, "A header is malformed");
        }
        if (head.request.headers.size() == most_headers) {
            throw Refusal(431, "More than " + std::to_string(most_headers) + " headers");
        }
        auto key = lower(name);
        const auto value = trim(line.substr(name.size() + 1));
        framing.take(key, value);
        head.request.headers.emplace_back(std::move(key), value);
    }
    framing.apply_to(head, request_line);
    return head;
}

}  // namespace server
