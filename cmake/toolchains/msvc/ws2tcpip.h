// SPDX-License-Identifier: Apache-2.0
// What Windows' own header has and Wine's has not.
#pragma once

#include_next <ws2tcpip.h>

inline const char* inet_ntop(int family, const void* address, char* text, size_t size) {
    return inet_ntop(family, const_cast<void*>(address), text, size);
}

inline bool IN6_IS_ADDR_V4MAPPED(const IN6_ADDR* address) noexcept {
    static const UCHAR prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return memcmp(address, prefix, sizeof prefix) == 0;
}
