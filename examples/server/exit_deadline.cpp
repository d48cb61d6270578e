// SPDX-License-Identifier: Apache-2.0
#include "exit_deadline.hpp"

#include <cstdlib>

namespace server {

ExitDeadline::ExitDeadline(std::chrono::steady_clock::time_point when, int exit_code)
    : thread_([this, when, exit_code](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          waiting_.wait_until(lock, stop, when, [] { return false; });
          if (!stop.stop_requested()) {
              std::_Exit(exit_code);
          }
      }) {}

}  // namespace server
