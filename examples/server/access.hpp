// SPDX-License-Identifier: Apache-2.0
// Access control: an API key, CORS, and a rate limit for each client.
#pragma once

#include "rate_limiter.hpp"
#include "request.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace server {

/// Requirements for clients; all are off unless set.
struct AccessOptions {
    std::string api_key;                ///< Required for photos; empty for none.
    std::vector<std::string> origins;   ///< Web sites whose pages may call the service, or "*".
    std::size_t photos_per_minute = 0;  ///< Requests with photos of one client; 0 for no limit.
    bool behind_proxy = false;          ///< Whether X-Forwarded-For identifies the client.
};

/// Compares two strings in a time that reveals only their lengths.
bool equal_in_constant_time(std::string_view left, std::string_view right);

/// For one client; further attempts get 429.
inline constexpr std::size_t wrong_keys_per_minute = 10;

/// Thread-safe.
class Access {
public:
    explicit Access(AccessOptions options)
        : options_(std::move(options)),
          photos_(options_.photos_per_minute),
          wrong_keys_(wrong_keys_per_minute) {}

    /// Returns the client's address for limits and the log.
    std::string client(const Request& request) const;

    /// @throws Refusal 401 without the right key; 429 if the client has tried too many wrong keys,
    /// even if this one is right
    void check_key(const Request& request);

    /// Counts one request of a client. @throws Refusal 429 if there are too many
    void count(const Request& request);

    /// Returns whether answers depend on the requesting site, which caches must know.
    bool depends_on_origin() const { return !options_.origins.empty(); }

    /// Returns the value of Access-Control-Allow-Origin for a request; empty to omit it.
    std::string allowed_origin(const Request& request) const;

private:
    const AccessOptions options_;
    RateLimiter photos_;
    RateLimiter wrong_keys_;
};

}  // namespace server
