// SPDX-License-Identifier: Apache-2.0
// Shows the progress of a batch on stderr: a bar on a terminal, otherwise a line now and then.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace speciesnet::cli {

/// Returns a bar of 26 characters, "[#####...]"; full if there is nothing to do.
std::string progress_bar(std::uint64_t done, std::uint64_t total);

/// Returns "11 s", "3 min 20 s", "2 h 5 min".
std::string describe_duration(double seconds);

/// Returns "12/40 images (30 %), 2.5 images/s, 11 s left".
std::string describe_progress(std::size_t done, std::size_t total,
                              std::chrono::duration<double> elapsed);

/// Shows progress until it is destroyed. Not thread-safe.
class ProgressDisplay {
public:
    enum class Style { hidden, lines, bar };

    /// Returns the bar if stderr is a terminal, otherwise lines.
    static Style style_for_stderr();

    ProgressDisplay(std::ostream& stream, Style style);
    /// Ends the bar's line.
    ~ProgressDisplay();
    ProgressDisplay(const ProgressDisplay&) = delete;
    ProgressDisplay& operator=(const ProgressDisplay&) = delete;

    void update(std::size_t done, std::size_t total);

    /// Writes a separate line; an open bar continues below it.
    void message(const std::string& text);

private:
    using Clock = std::chrono::steady_clock;

    std::ostream& stream_;
    Style style_;
    Clock::time_point started_ = Clock::now();
    Clock::time_point shown_ = started_;
    bool bar_is_open_ = false;
};

}  // namespace speciesnet::cli
