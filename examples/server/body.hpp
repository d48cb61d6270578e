// Bodies of requests: what their head says of them, and their bytes as they arrive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include <httplib.h>

namespace server {

/// Refuses a body by its head, before a byte of it is read.
/// @throws Refusal 413 if it is announced as larger than `limit`, 415 if it is compressed
void check_body_head(const httplib::Request& request, std::size_t limit);

/// Hands on a body piece by piece. What the receiver throws ends the reading and is thrown here.
/// @return the number of bytes
/// @throws Refusal 408 if the client stopped sending, 413 beyond the limit
std::uint64_t receive_body(const httplib::ContentReader& reader, std::size_t limit,
                           const std::function<void(std::string_view)>& receiver);

}  // namespace server
