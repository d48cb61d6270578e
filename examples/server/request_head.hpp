// The head of a request, read strictly before httplib sees it: where a body ends must be beyond
// doubt, and what the service does not serve (ranges, obsolete line folding) is not let in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace server {

/// How the end of a body is found.
enum class BodyFraming {
    none,     ///< There is no body.
    length,   ///< Content-Length.
    chunked,  ///< Transfer-Encoding: chunked.
};

/// The name under which httplib, and so our handlers, see a request's Content-Type. Under its own
/// name httplib would parse forms itself, with regular expressions over whatever the client sent;
/// ours are read by multipart.hpp.
inline constexpr const char* body_type_header = "Body-Type";

/// Facts that the server adds to a request, for httplib carries headers and nothing else through to
/// handlers: a name for the request, and the steady clock's count when its head had arrived.
inline constexpr const char* request_id_header = "Request-Id";
inline constexpr const char* received_at_header = "Received-At";

/// A head that was found to be well formed.
struct RequestHead {
    std::string text;  ///< What httplib is given: request line, headers, blank line.
    BodyFraming framing = BodyFraming::none;
    std::uint64_t content_length = 0;
};

/// Checks a head and prepares it for httplib.
/// @param raw from the first byte to the blank line
/// @throws Refusal 400 if it is malformed or ambiguous, 414 for too long a target, 431 for too many
/// headers, 501 for a transfer encoding other than chunked, 505 for another HTTP
RequestHead parse_request_head(std::string_view raw);

}  // namespace server
