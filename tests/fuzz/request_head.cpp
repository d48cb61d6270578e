// SPDX-License-Identifier: Apache-2.0
// Fuzzes parse_request_head(). Input: the head of an HTTP request. Checks that headers, query and
// body length are well formed, and that a head of HTTP/1.1 survives a round trip.
#include "request_head.hpp"

#include "fuzz/agreement.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <string>

namespace {

std::string written(const server::Request& request) {
    std::string text = request.method + ' ' + request.path + request.query + " HTTP/1.1\r\n";
    for (const auto& [name, value] : request.headers) {
        text.append(name).append(": ").append(value).append("\r\n");
    }
    return text + "\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using speciesnet::fuzz::require;
    try {
        const auto raw = speciesnet::fuzz::text(data, size);
        const auto head = server::parse_request_head(raw);
        const auto& request = head.request;
        for (const auto& [name, value] : request.headers) {
            require(!name.empty() && name.find_first_of(": \t\r\n") == std::string::npos,
                    "the name of a header is valid");
            require(value.find_first_of(std::string("\r\n\0", 3)) == std::string::npos,
                    "the value of a header is one line");
        }
        require(request.query.empty() || request.query.starts_with('?'),
                "a query starts with a question mark");
        require((head.framing == server::BodyFraming::length) == (head.content_length > 0),
                "only a body framed by length has one");
        if (raw.find(" HTTP/1.1\r\n") < raw.find("\r\n")) {
            const auto again = server::parse_request_head(written(request));
            require(again.framing == head.framing && again.content_length == head.content_length &&
                        again.keep_alive == head.keep_alive && again.request.path == request.path &&
                        again.request.query == request.query &&
                        again.request.headers == request.headers,
                    "a head survives a round trip");
        }
    } catch (const server::Refusal& refusal) {
        require(refusal.status() >= 400, "a refusal has an error status");
    }
    return 0;
}
