// SPDX-License-Identifier: Apache-2.0
// Includes the system's declarations of socket addresses.
#pragma once

// clang-format off
#include <winsock2.h>
#include <ws2tcpip.h>
// clang-format on
