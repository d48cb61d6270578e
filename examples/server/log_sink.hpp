// SPDX-License-Identifier: Apache-2.0
// The destination of log lines.
#pragma once

#include <stop_token>
#include <string_view>

namespace server {

/// After this call, writing to a closed pipe on this thread does not end the program.
void survive_readers() noexcept;

/// Writes complete lines. Waits for the reader until stop is requested, and a little longer.
/// @return false if the reader has gone
bool write_lines(int descriptor, std::string_view lines, const std::stop_token& stop);

}  // namespace server
