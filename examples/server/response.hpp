// SPDX-License-Identifier: Apache-2.0
// An answer, and its serialisation.
#pragma once

#include "refusal.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

struct Response {
    int status = 200;
    std::string type;  ///< Media type of the body; empty if there is none.
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers = {};

    bool has_header(std::string_view name) const;
};

/// An answer whose body is JSON.
Response json_response(int status, std::string text);

/// The answer that a refusal is.
Response refusal_response(const Refusal& refusal);

/// What an answer's head says beside the answer itself.
struct ResponseHead {
    bool without_body = false;  ///< Whether HEAD was asked: the body's size without the body.
    bool last = false;          ///< Whether the connection ends with this answer.
    /// Seconds that an idle connection is kept, for clients that want to know.
    long keep_alive_seconds = 0;
};

/// The bytes of an answer in HTTP/1.1.
std::string to_wire(const Response& response, const ResponseHead& head);

}  // namespace server
