// SPDX-License-Identifier: Apache-2.0
// Includes the system's declarations of socket addresses.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
