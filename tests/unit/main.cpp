// SPDX-License-Identifier: Apache-2.0
// Runs all unit tests of the core.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
