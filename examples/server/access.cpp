// SPDX-License-Identifier: Apache-2.0
// Checks the head of a request.
#include "access.hpp"

#include "client_address.hpp"
#include "header_value.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <optional>

namespace server {

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) {
        return false;
    }
    unsigned difference = 0;
    for (std::size_t index = 0; index < left.size(); ++index) {
        difference |= static_cast<unsigned char>(left[index]) ^
                      static_cast<unsigned>(static_cast<unsigned char>(right[index]));
    }
    return difference == 0;
}

std::string Access::client(const Request& request) const {
    std::optional<std::string> last;
    if (options_.behind_proxy) {
        // The last address is the one that our own proxy saw. Earlier ones, in this header or in
        // others with this name, come from the client.
        for (const auto& [name, chain] : request.headers) {
            if (name == "x-forwarded-for") {
                last = parse_address(std::string_view(chain).substr(chain.find_last_of(',') + 1));
            }
        }
    }
    return last.value_or(request.peer);
}

void Access::check_key(const Request& request) {
    if (options_.api_key.empty()) {
        return;
    }
    static constexpr std::string_view scheme = "bearer ";
    auto given = request.header("x-api-key");
    const auto authorization = request.header("authorization");
    if (given.empty() && lower(authorization.substr(0, scheme.size())) == scheme) {
        given = trim(authorization.substr(scheme.size()));
    }
    const auto refusal =
        Refusal(401, "The API key is missing or wrong", {{"WWW-Authenticate", "Bearer"}});
    if (given.empty()) {
        throw refusal;
    }
    const auto who = subscriber(client(request));
    if (const auto wait = wrong_keys_.wait(who)) {
        throw Refusal(429, "Too many wrong API keys",
                      {{"Retry-After", std::to_string(wait->count())}});
    }
    if (!equal_in_constant_time(given, options_.api_key)) {
        wrong_keys_.take(who);
        throw refusal;
    }
}

void Access::count(const Request& request) {
    if (const auto wait = photos_.take(subscriber(client(request)))) {
        throw Refusal(
            429,
            "Too many photos; at most " + std::to_string(options_.photos_per_minute) + " a minute",
            {{"Retry-After", std::to_string(wait->count())}});
    }
}

std::string Access::allowed_origin(const Request& request) const {
    const std::string origin(request.header("origin"));
    const auto listed = [&](std::string_view value) {
        return std::ranges::find(options_.origins, value) != options_.origins.end();
    };
    if (origin.empty()) {
        return {};
    }
    return listed("*") ? "*" : (listed(origin) ? origin : "");
}

}  // namespace server
