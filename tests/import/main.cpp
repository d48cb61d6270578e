// SPDX-License-Identifier: Apache-2.0
// Runs the tests of the importer.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
