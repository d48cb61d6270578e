// SPDX-License-Identifier: Apache-2.0
// Test cases that cannot run everywhere.
#pragma once

#include <iostream>

#include <doctest/doctest.h>

namespace speciesnet {

/// A decorator of test cases: a case without its requirements is skipped with a message.
class Needs {
public:
    Needs(bool is_there, const char* what) : is_there_(is_there), what_(what) {}

    void fill(doctest::detail::TestCase& test) const {
        if (!is_there_) {
            test.m_skip = true;
            std::cout << "SKIPPED: " << test.m_name << ": there is no " << what_ << '\n';
        }
    }

private:
    bool is_there_;
    const char* what_;
};

}  // namespace speciesnet
