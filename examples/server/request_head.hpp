// SPDX-License-Identifier: Apache-2.0
// Reads the head of a request strictly: the end of a body must be unambiguous, and anything that
// other programs might read differently (obsolete line folding, bare line feeds) is refused.
#pragma once

#include "request.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace server {

/// How the end of a body is determined.
enum class BodyFraming {
    none,     ///< There is no body.
    length,   ///< Content-Length.
    chunked,  ///< Transfer-Encoding: chunked.
};

/// A well-formed head.
struct RequestHead {
    Request request;  ///< Method, path, query and headers.
    BodyFraming framing = BodyFraming::none;
    std::uint64_t content_length = 0;
    bool keep_alive =
        false;  ///< Whether the client wants to send more requests on this connection.
    bool expects_continue =
        false;  ///< Whether the client sends the body only after "100 Continue".
};

/// Parses a head. Headers for features that the service lacks (ranges) are ignored.
/// @param raw from the first byte to the blank line
/// @throws Refusal 400 if it is malformed or ambiguous, 414 if the target is too long, 431 for too
/// many headers, 501 for a transfer encoding other than chunked, 505 for another version of HTTP
RequestHead parse_request_head(std::string_view raw);

}  // namespace server
