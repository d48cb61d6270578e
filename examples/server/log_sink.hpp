// SPDX-License-Identifier: Apache-2.0
// Where lines of the log go.
#pragma once

#include <stop_token>
#include <string_view>

namespace server {

/// From now on a reader that is gone does not end the program by what this thread writes.
void survive_readers() noexcept;

/// Writes whole lines; waits for their reader until it is stopped, and a little longer.
/// @return false if the reader is gone
bool write_lines(int descriptor, std::string_view lines, const std::stop_token& stop);

}  // namespace server
