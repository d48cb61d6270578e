// SPDX-License-Identifier: Apache-2.0
// Addresses of sockets, as the system declares them.
#pragma once

#ifndef NOMINMAX
#define NOMINMAX
#endif
// clang-format off
#include <winsock2.h>
#include <ws2tcpip.h>
// clang-format on
