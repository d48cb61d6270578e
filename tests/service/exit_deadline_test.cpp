// SPDX-License-Identifier: Apache-2.0
// A process that cannot end by itself.
#include "exit_deadline.hpp"

#include "child_process.hpp"

#include <cstdlib>
#include <thread>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace server;
using namespace std::chrono_literals;

TEST_CASE("a process ends at its deadline even while joining a thread that does not end") {
    CHECK(exit_code_of([] {
              ExitDeadline deadline;
              deadline.set(std::chrono::steady_clock::now() + 10ms, 7);
              const std::jthread endless([] { std::this_thread::sleep_for(24h); });
          }) == 7);
}

TEST_CASE("a process that is ready before its deadline goes on") {
    CHECK(exit_code_of([] {
              {
                  ExitDeadline deadline;
                  deadline.set(std::chrono::steady_clock::now() + 24h, 7);
              }
              std::_Exit(3);
          }) == 3);
}

TEST_CASE("without a deadline a process goes on") {
    CHECK(exit_code_of([] {
              { const ExitDeadline deadline; }
              std::_Exit(3);
          }) == 3);
}

TEST_CASE("a process that can start no thread still ends at its deadline") {
    CHECK(exit_code_of([] {
              ExitDeadline deadline;
              if (!forbid_threads()) {
                  std::_Exit(2);
              }
              deadline.set(std::chrono::steady_clock::now() + 10ms, 7);
              pause();
          }) == 7);
}
