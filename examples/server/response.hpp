// SPDX-License-Identifier: Apache-2.0
// An answer, and its serialisation.
#pragma once

#include "refusal.hpp"

#include <chrono>
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

/// Returns an answer with a JSON body.
Response json_response(int status, std::string text);

/// Returns the answer for a refusal.
Response refusal_response(const Refusal& refusal);

/// Properties of an answer's head that depend on the request.
struct ResponseHead {
    bool without_body =
        false;  ///< Whether the request was HEAD: states the size of the body without sending it.
    bool last = false;  ///< Whether the connection ends after this answer.
    /// How long an idle connection is kept open, for clients that use the value.
    std::chrono::seconds keep_alive{};
};

/// Serialises an answer as HTTP/1.1.
std::string to_wire(const Response& response, const ResponseHead& head);

}  // namespace server
