// SPDX-License-Identifier: Apache-2.0
// Normalises addresses of clients, so that an address has one text.
#pragma once

#include "socket_headers.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace server {

/// The address of a socket, without its port; IPv4 as IPv4 where it comes mapped into IPv6. Empty
/// for other families.
std::string address_text(const sockaddr_storage& address);

/// The address that a proxy wrote, which may have brackets and a port around it.
/// @return as address_text(); nothing if it is no IP address
std::optional<std::string> parse_address(std::string_view text);

/// The client that limits are for: an IPv4 address as it is; of IPv6 the first 64 bits, which is
/// what one subscriber has.
/// @param address as address_text()
std::string subscriber(const std::string& address);

}  // namespace server
