// SPDX-License-Identifier: Apache-2.0
// Access control: an API key, CORS, and a rate limit per client.
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
    std::string api_key;                ///< Asked for photos; empty for none.
    std::vector<std::string> origins;   ///< Web sites whose pages may call the service, or "*".
    std::size_t photos_per_minute = 0;  ///< Requests with photos of one client; 0 for no limit.
    bool behind_proxy = false;          ///< Whether X-Forwarded-For tells who the client is.
};

/// Whether two strings are equal, in a time that tells nothing but their lengths.
bool equal_in_constant_time(std::string_view left, std::string_view right);

/// Of one client; more are answered 429.
inline constexpr std::size_t wrong_keys_per_minute = 10;

/// Thread-safe.
class Access {
public:
    explicit Access(AccessOptions options)
        : options_(std::move(options)),
          photos_(options_.photos_per_minute),
          wrong_keys_(wrong_keys_per_minute) {}

    /// The address that limits and the log are about.
    std::string client(const Request& request) const;

    /// @throws Refusal 401 without the right key; 429 to a client that has tried too many wrong
    /// ones, whether or not this is the right one
    void check_key(const Request& request);

    /// Takes one request off what a client may ask for. @throws Refusal 429
    void count(const Request& request);

    /// Whether answers differ between the sites that ask, which caches must know.
    bool depends_on_origin() const { return !options_.origins.empty(); }

    /// The value of Access-Control-Allow-Origin for a request; empty if it is to have none.
    std::string allowed_origin(const Request& request) const;

private:
    const AccessOptions options_;
    RateLimiter photos_;
    RateLimiter wrong_keys_;
};

}  // namespace server
