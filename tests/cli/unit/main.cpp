// SPDX-License-Identifier: Apache-2.0
// Runs the unit tests of the command line.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
