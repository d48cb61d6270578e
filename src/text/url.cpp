// SPDX-License-Identifier: Apache-2.0
// Checks prefixes of URLs, and encodes and redacts them.
#include "text/url.hpp"

namespace speciesnet {

bool is_url(std::string_view text) {
    return text.starts_with("http://") || is_https(text);
}

bool is_https(std::string_view url) {
    return url.starts_with("https://");
}

std::string shown_url(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const auto host = url.find("://");
    if (host == std::string_view::npos) {
        return std::string(url);
    }
    const auto begin = host + 3;
    const auto authority = url.substr(begin, url.find('/', begin) - begin);
    const auto user_end = authority.rfind('@');
    const auto skipped = user_end == std::string_view::npos ? 0 : user_end + 1;
    return std::string(url.substr(0, begin)) + std::string(url.substr(begin + skipped));
}

std::string escape_path(std::string_view path) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string escaped;
    for (const char letter : path) {
        if (plain.find(letter) != std::string_view::npos) {
            escaped += letter;
        } else {
            const auto byte = static_cast<unsigned char>(letter);
            escaped += '%';
            escaped += digits[byte / 16];
            escaped += digits[byte % 16];
        }
    }
    return escaped;
}

}  // namespace speciesnet
