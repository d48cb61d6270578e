// SPDX-License-Identifier: Apache-2.0
// Runs the tests of the engine.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
