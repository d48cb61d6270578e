// SPDX-License-Identifier: Apache-2.0
// Normalises addresses of clients, so that each address has only one text.
#pragma once

#include "socket_headers.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace server {

/// Returns the address of a socket without its port. An IPv4 address mapped into IPv6 is returned
/// as IPv4. Empty for other families.
std::string address_text(const sockaddr_storage& address);

/// Parses an address written by a proxy, which may have brackets and a port.
/// @return as address_text(); nothing if it is not an IP address
std::optional<std::string> parse_address(std::string_view text);

/// Returns the client to which limits apply: a whole IPv4 address, or the first 64 bits of IPv6,
/// which is what one subscriber has.
/// @param address from address_text()
std::string subscriber(const std::string& address);

}  // namespace server
