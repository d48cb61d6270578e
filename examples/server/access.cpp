// Checks that need a request's head only.
#include "access.hpp"

#include "header_value.hpp"
#include "refusal.hpp"

#include <algorithm>

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

std::string Access::client(const httplib::Request& request) const {
    if (options_.behind_proxy) {
        // The last address is the one that our own proxy saw; those before it are the client's
        // word.
        const auto chain = request.get_header_value("X-Forwarded-For");
        const auto last = trim(std::string_view(chain).substr(chain.find_last_of(',') + 1));
        if (!last.empty()) {
            return std::string(last);
        }
    }
    return request.remote_addr;
}

void Access::check_key(const httplib::Request& request) const {
    if (options_.api_key.empty()) {
        return;
    }
    static constexpr std::string_view scheme = "bearer ";
    auto given = request.get_header_value("X-API-Key");
    const auto authorization = request.get_header_value("Authorization");
    if (given.empty() && lower(authorization.substr(0, scheme.size())) == scheme) {
        given = trim(std::string_view(authorization).substr(scheme.size()));
    }
    if (!equal_in_constant_time(given, options_.api_key)) {
        throw Refusal(401, "The API key is missing or wrong", {{"WWW-Authenticate", "Bearer"}});
    }
}

void Access::count(const httplib::Request& request) {
    if (const auto wait = limiter_.take(rate_limit_key(client(request)))) {
        throw Refusal(
            429,
            "Too many photos; at most " + std::to_string(options_.photos_per_minute) + " a minute",
            {{"Retry-After", std::to_string(wait->count())}});
    }
}

std::string Access::allowed_origin(const httplib::Request& request) const {
    const auto origin = request.get_header_value("Origin");
    const auto listed = [&](const std::string& value) {
        return std::ranges::find(options_.origins, value) != options_.origins.end();
    };
    if (origin.empty()) {
        return {};
    }
    return listed("*") ? "*" : (listed(origin) ? origin : "");
}

}  // namespace server
