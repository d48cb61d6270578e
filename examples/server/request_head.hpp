// SPDX-License-Identifier: Apache-2.0
// The head of a request, read strictly: where a body ends must be beyond doubt, and what others
// might read differently (obsolete line folding, bare line feeds) is refused.
#pragma once

#include "request.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace server {

/// How the end of a body is found.
enum class BodyFraming {
    none,     ///< There is no body.
    length,   ///< Content-Length.
    chunked,  ///< Transfer-Encoding: chunked.
};

/// A head that was found to be well formed.
struct RequestHead {
    Request request;  ///< Method, path, query and headers.
    BodyFraming framing = BodyFraming::none;
    std::uint64_t content_length = 0;
    bool keep_alive = false;        ///< Whether the client wants to ask more on this connection.
    bool expects_continue = false;  ///< Whether it waits for "100 Continue" with the body.
};

/// Reads a head. Headers that the service does not serve (ranges) mean nothing to it.
/// @param raw from the first byte to the blank line
/// @throws Refusal 400 if it is malformed or ambiguous, 414 for too long a target, 431 for too many
/// headers, 501 for a transfer encoding other than chunked, 505 for another HTTP
RequestHead parse_request_head(std::string_view raw);

}  // namespace server
