// SPDX-License-Identifier: Apache-2.0
// Signals on the library's threads.
#include "system/threads.hpp"

#include <csignal>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

sigset_t blocked_signals() {
    sigset_t blocked{};
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return blocked;
}

sigset_t blocked_on_a_worker() {
    sigset_t blocked{};
    start_worker_thread([&blocked] { blocked = blocked_signals(); }).join();
    return blocked;
}

}  // namespace

TEST_CASE("a worker thread receives no signals of the process") {
    const auto blocked = blocked_on_a_worker();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, SIGPIPE, SIGALRM}) {
        CAPTURE(signal);
        CHECK(sigismember(&blocked, signal) == 1);
    }
}

TEST_CASE("a fault of a worker thread reaches the process's handler") {
    const auto blocked = blocked_on_a_worker();
    for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP}) {
        CAPTURE(signal);
        CHECK(sigismember(&blocked, signal) == 0);
    }
}

TEST_CASE("starting a worker thread leaves the caller's signals as they were") {
    const auto before = blocked_signals();
    start_worker_thread([] {}).join();
    const auto after = blocked_signals();
    constexpr int standard_signals = 32;
    for (int signal = 1; signal < standard_signals; ++signal) {
        CAPTURE(signal);
        CHECK(sigismember(&before, signal) == sigismember(&after, signal));
    }
}
