// SPDX-License-Identifier: Apache-2.0
// Addresses of sockets, as the system declares them.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
