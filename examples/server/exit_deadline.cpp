// SPDX-License-Identifier: Apache-2.0
#include "exit_deadline.hpp"

#include <cstdlib>

namespace server {

ExitDeadline::ExitDeadline() : thread_([this](const std::stop_token& stop) { wait(stop); }) {}

void ExitDeadline::set(std::chrono::steady_clock::time_point when, int exit_code) noexcept {
    {
        const std::lock_guard lock(mutex_);
        when_ = when;
        exit_code_ = exit_code;
    }
    changed_.notify_one();
}

void ExitDeadline::wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return when_.has_value(); })) {
        return;
    }
    changed_.wait_until(lock, stop, *when_, [] { return false; });
    if (!stop.stop_requested()) {
        std::_Exit(exit_code_);
    }
}

}  // namespace server
