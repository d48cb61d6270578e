// SPDX-License-Identifier: Apache-2.0
// Shows the progress of a download on stderr: an updated line on a terminal, otherwise a line now
// and then.
#pragma once

#include "speciesnet/download.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace speciesnet::cli {

/// Returns "123.4 MB", "1.2 kB", "17 bytes".
std::string describe_bytes(std::uint64_t bytes);

/// Shows progress until it is destroyed. Not thread-safe.
class DownloadDisplay {
public:
    explicit DownloadDisplay(std::ostream& stream);
    /// Ends an open line.
    ~DownloadDisplay();
    DownloadDisplay(const DownloadDisplay&) = delete;
    DownloadDisplay& operator=(const DownloadDisplay&) = delete;

    void update(const DownloadProgress& progress);

    /// Returns a callback for FetchOptions::progress, which must not outlive this object.
    std::function<void(const DownloadProgress&)> callback();

private:
    using Clock = std::chrono::steady_clock;

    std::ostream& stream_;
    bool on_terminal_;
    bool line_is_open_ = false;
    std::string file_;
    bool waiting_ = false;
    Clock::time_point shown_;
};

}  // namespace speciesnet::cli
