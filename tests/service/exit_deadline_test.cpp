// SPDX-License-Identifier: Apache-2.0
// A process that cannot end by itself.
#include "exit_deadline.hpp"

#include <cstdlib>
#include <functional>
#include <thread>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace server;
using namespace std::chrono_literals;

namespace {

/// The code that a process ends with which does this.
int exit_code_of(const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
        action();
        std::_Exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a process ends at its deadline though it joins a thread that does not end") {
    CHECK(exit_code_of([] {
              const ExitDeadline deadline(std::chrono::steady_clock::now() + 10ms, 7);
              const std::jthread endless([] { std::this_thread::sleep_for(24h); });
          }) == 7);
}

TEST_CASE("a process that is ready before its deadline goes on") {
    CHECK(exit_code_of([] {
              { const ExitDeadline deadline(std::chrono::steady_clock::now() + 24h, 7); }
              std::_Exit(3);
          }) == 3);
}
