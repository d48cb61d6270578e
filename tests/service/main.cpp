// SPDX-License-Identifier: Apache-2.0
// Tests how the server handles untrusted bytes, without sockets and engine.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
