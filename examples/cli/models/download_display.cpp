// SPDX-License-Identifier: Apache-2.0
// Draws at most a few times a second.
#include "download_display.hpp"

#include "terminal.hpp"
#include "terminal/progress_display.hpp"

#include <array>
#include <cstdio>
#include <ostream>

namespace speciesnet::cli {
namespace {

constexpr std::chrono::milliseconds terminal_interval{200};
constexpr std::chrono::seconds line_interval{30};
/// A longer name would wrap the line, which could then not be redrawn.
constexpr std::size_t longest_name = 24;

/// Shown while another process holds the lock.
constexpr const char* waiting_words = "waiting for another process to download ";

std::string describe(const DownloadProgress& progress) {
    if (progress.waiting) {
        return waiting_words + std::string(progress.file);
    }
    std::string text = std::string(progress.file) + ": " + describe_bytes(progress.bytes);
    if (progress.total) {
        const auto percent = *progress.total == 0 ? 100 : 100 * progress.bytes / *progress.total;
        text += " of " + describe_bytes(*progress.total) + " (" + std::to_string(percent) + " %)";
    }
    return text;
}

/// Formats a line of less than 80 columns.
std::string draw(const DownloadProgress& progress) {
    const auto name =
        progress.file.size() <= longest_name
            ? std::string(progress.file)
            : "…" + std::string(progress.file.substr(progress.file.size() - longest_name + 1));
    if (progress.waiting) {
        return waiting_words + name;
    }
    if (!progress.total) {
        return name + ": " + describe_bytes(progress.bytes);
    }
    return progress_bar(progress.bytes, *progress.total) + " " + name + ": " +
           describe_bytes(progress.bytes) + " of " + describe_bytes(*progress.total);
}

}  // namespace

std::string describe_bytes(std::uint64_t bytes) {
    constexpr std::array units{"kB", "MB", "GB", "TB"};
    constexpr double step = 1000;
    if (bytes < step) {
        return std::to_string(bytes) + " bytes";
    }
    auto amount = static_cast<double>(bytes) / step;
    std::size_t unit = 0;
    while (amount >= step && unit + 1 < units.size()) {
        amount /= step;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %s", amount, units[unit]);
    return text.data();
}

DownloadDisplay::DownloadDisplay(std::ostream& stream)
    : stream_(stream), on_terminal_(is_error_on_terminal()) {}

DownloadDisplay::~DownloadDisplay() {
    if (line_is_open_) {
        stream_ << '\n' << std::flush;
    }
}

void DownloadDisplay::update(const DownloadProgress& progress) {
    const auto now = Clock::now();
    const auto interval = on_terminal_ ? Clock::duration(terminal_interval) : line_interval;
    const bool is_new = progress.file != file_ || progress.waiting != waiting_;
    const bool is_done = progress.total && progress.bytes == *progress.total;
    if (!is_new && !is_done && now - shown_ < interval) {
        return;
    }
    shown_ = now;
    if (is_new && line_is_open_) {
        stream_ << '\n';
    }
    file_ = progress.file;
    waiting_ = progress.waiting;
    // "\033[K" clears the rest of a longer previous text.
    if (on_terminal_) {
        stream_ << '\r' << draw(progress) << "\033[K" << std::flush;
    } else {
        stream_ << describe(progress) << '\n' << std::flush;
    }
    line_is_open_ = on_terminal_;
}

std::function<void(const DownloadProgress&)> DownloadDisplay::callback() {
    return [this](const DownloadProgress& progress) { update(progress); };
}

}  // namespace speciesnet::cli
