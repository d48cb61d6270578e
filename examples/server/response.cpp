// SPDX-License-Identifier: Apache-2.0
// Header names and values come from this program or have been checked, so they are not escaped.
#include "response.hpp"

#include <algorithm>
#include <utility>

namespace server {
namespace {

constexpr int no_content = 204;

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case no_content:
            return "No Content";
        case 307:
            return "Temporary Redirect";
        case 401:
            return "Unauthorized";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Bad Request";
    }
}

void append_header(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool Response::has_header(std::string_view name) const {
    return std::ranges::any_of(headers, [&](const auto& header) { return header.first == name; });
}

Response json_response(int status, std::string text) {
    return {.status = status, .type = "application/json", .body = std::move(text)};
}

Response refusal_response(const Refusal& refusal) {
    auto response = json_response(refusal.status(), refusal.text());
    response.headers = refusal.headers();
    return response;
}

std::string to_wire(const Response& response, const ResponseHead& head) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    text.append(reason_phrase(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        append_header(text, name, value);
    }
    if (!response.type.empty()) {
        append_header(text, "Content-Type", response.type);
    }
    if (response.status != no_content) {
        append_header(text, "Content-Length", std::to_string(response.body.size()));
    }
    if (head.last) {
        append_header(text, "Connection", "close");
    } else {
        append_header(text, "Connection", "keep-alive");
        append_header(text, "Keep-Alive", "timeout=" + std::to_string(head.keep_alive.count()));
    }
    text += "\r\n";
    if (!head.without_body) {
        text += response.body;
    }
    return text;
}

}  // namespace server
