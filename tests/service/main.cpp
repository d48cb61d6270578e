// SPDX-License-Identifier: Apache-2.0
// Runs the tests of what the server does with bytes of strangers; no socket, no engine.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
