// SPDX-License-Identifier: Apache-2.0
// Draws at most a few times a second, so that the display costs little.
#include "progress_display.hpp"

#include "terminal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace speciesnet::cli {
namespace {

constexpr std::chrono::milliseconds bar_interval{100};
constexpr std::chrono::seconds line_interval{30};
constexpr std::size_t bar_width = 24;

}  // namespace

std::string describe_duration(double seconds) {
    const auto whole = std::llround(seconds);
    if (whole < 60) {
        return std::to_string(whole) + " s";
    }
    if (whole < 3600) {
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    }
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string progress_bar(std::uint64_t done, std::uint64_t total) {
    const std::size_t filled =
        done >= total ? bar_width
                      : static_cast<std::size_t>(bar_width * static_cast<double>(done) /
                                                 static_cast<double>(total));
    return '[' + std::string(filled, '#') + std::string(bar_width - filled, '.') + ']';
}

std::string describe_progress(std::size_t done, std::size_t total,
                              std::chrono::duration<double> elapsed) {
    const std::size_t percent = total == 0 ? 100 : 100 * done / total;
    std::string text = std::to_string(done) + '/' + std::to_string(total) + " images (" +
                       std::to_string(percent) + " %)";
    if (done == 0 || elapsed.count() <= 0) {
        return text;
    }
    const double rate = static_cast<double>(done) / elapsed.count();
    char rate_text[32];
    std::snprintf(rate_text, sizeof rate_text, ", %.2f images/s, ", rate);
    return text + rate_text +
           (done == total ? "took " + describe_duration(elapsed.count())
                          : describe_duration(static_cast<double>(total - done) / rate) + " left");
}

ProgressDisplay::Style ProgressDisplay::style_for_stderr() {
    return is_error_on_terminal() ? Style::bar : Style::lines;
}

ProgressDisplay::ProgressDisplay(std::ostream& stream, Style style)
    : stream_(stream), style_(style) {}

ProgressDisplay::~ProgressDisplay() {
    if (bar_is_open_) {
        stream_ << '\n' << std::flush;
    }
}

void ProgressDisplay::update(std::size_t done, std::size_t total) {
    const auto now = Clock::now();
    const auto interval =
        style_ == Style::bar ? Clock::duration(bar_interval) : Clock::duration(line_interval);
    if (style_ == Style::hidden || (done < total && now - shown_ < interval)) {
        return;
    }
    shown_ = now;
    const auto text = describe_progress(done, total, now - started_);
    if (style_ == Style::bar) {
        // "\033[K" clears the rest of a longer previous text.
        stream_ << '\r' << progress_bar(done, total) << ' ' << text << "\033[K" << std::flush;
        bar_is_open_ = true;
    } else {
        stream_ << text << '\n' << std::flush;
    }
}

void ProgressDisplay::message(const std::string& text) {
    // The next update redraws the bar.
    stream_ << (bar_is_open_ ? "\r\033[K" : "") << text << '\n' << std::flush;
    bar_is_open_ = false;
}

}  // namespace speciesnet::cli
