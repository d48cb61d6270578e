// SPDX-License-Identifier: Apache-2.0
// Runs the tests of one conformance program, or skips all of them if the fixtures are absent.
#define DOCTEST_CONFIG_IMPLEMENT
#include "shared_fixtures.hpp"

#include <iostream>

#include <doctest/doctest.h>

int main(int argc, char** argv) {
    const std::filesystem::path fixtures = speciesnet::conformance::shared_fixtures();
    if (!std::filesystem::is_directory(fixtures)) {
        std::cerr << "SKIPPED: no reference outputs at " << fixtures
                  << " (set SPECIESNET_SHARED to the folder that holds fixtures/)\n";
        return speciesnet::conformance::skipped;
    }
    return doctest::Context(argc, argv).run();
}
