// SPDX-License-Identifier: Apache-2.0
// A request, as passed to the service.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

struct Request {
    std::string method;
    std::string path;                                          ///< Without the query, as sent.
    std::string query;                                         ///< Starts with '?'; may be empty.
    std::vector<std::pair<std::string, std::string>> headers;  ///< Names in lower case.
    std::string body;                                          ///< Without chunks.

    std::string peer;  ///< Address at the other end of the connection.
    std::string id;    ///< For the answer's X-Request-ID and the log.
    std::chrono::steady_clock::time_point received;  ///< When its head was complete.

    /// Returns the first header with a name (in lower case); empty if there is none.
    std::string_view header(std::string_view name) const;
};

}  // namespace server
