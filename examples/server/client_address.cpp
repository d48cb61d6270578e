// SPDX-License-Identifier: Apache-2.0
#include "client_address.hpp"

#include "header_value.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace server {
namespace {

constexpr std::size_t subscriber_bytes = 8;
/// Of the 16 bytes of an IPv6 address that contains an IPv4 address.
constexpr std::size_t mapped_prefix_bytes = 12;

std::string text_of(int family, const void* bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(family, bytes, text.data(), text.size()) == nullptr ? "" : text.data();
}

std::string text_of(const in6_addr& address) {
    return IN6_IS_ADDR_V4MAPPED(&address) ? text_of(AF_INET, &address.s6_addr[mapped_prefix_bytes])
                                          : text_of(AF_INET6, &address);
}

std::string_view without_port(std::string_view text) {
    const auto bracket = text.find(']');
    if (text.starts_with('[') && bracket != std::string_view::npos) {
        return text.substr(1, bracket - 1);
    }
    const auto colon = text.find(':');
    const bool one_colon = colon != std::string_view::npos && text.rfind(':') == colon;
    return one_colon ? text.substr(0, colon) : text;
}

}  // namespace

std::string address_text(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &address, sizeof(ipv4));
        return text_of(AF_INET, &ipv4.sin_addr);
    }
    if (address.ss_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &address, sizeof(ipv6));
        return text_of(ipv6.sin6_addr);
    }
    return {};
}

std::optional<std::string> parse_address(std::string_view text) {
    const std::string address(without_port(trim(text)));
    in_addr ipv4{};
    if (inet_pton(AF_INET, address.c_str(), &ipv4) == 1) {
        return text_of(AF_INET, &ipv4);
    }
    in6_addr ipv6{};
    if (inet_pton(AF_INET6, address.c_str(), &ipv6) == 1) {
        return text_of(ipv6);
    }
    return std::nullopt;
}

std::string subscriber(const std::string& address) {
    in6_addr ipv6{};
    if (inet_pton(AF_INET6, address.c_str(), &ipv6) != 1) {
        return address;
    }
    std::fill(std::begin(ipv6.s6_addr) + subscriber_bytes, std::end(ipv6.s6_addr), std::uint8_t{0});
    return text_of(AF_INET6, &ipv6);
}

}  // namespace server
