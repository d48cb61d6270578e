// SPDX-License-Identifier: Apache-2.0
// Uses two buffers: one fills while the other is written.
#include "log.hpp"

#include "log_sink.hpp"
#include "refusal.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <utility>

namespace server {
namespace {

/// Returns the current time as RFC 3339 in UTC with milliseconds.
std::string timestamp() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date{std::chrono::sys_days(day)};
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(now - day));
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()),
                  static_cast<int>(time.subseconds().count()));
    return text.data();
}

std::string line(std::string_view level, std::string_view message, Log::Fields fields) {
    auto json = line_writer();
    json.begin_object();
    json.key("time").value(timestamp());
    json.key("level").value(level);
    json.key("message").value(message);
    for (const auto& [name, value] : fields) {
        json.key(name);
        std::visit([&](const auto& said) { json.value(said); }, value);
    }
    json.end_object();
    return json.take() + "\n";
}

}  // namespace

Log::Log(int descriptor, std::size_t capacity)
    : descriptor_(descriptor),
      capacity_(capacity),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

Log::~Log() = default;

void Log::write(std::string_view level, std::string_view message, Fields fields) noexcept {
    try {
        append(level, message, fields);
    } catch (const std::exception&) {  // Out of memory.
        const std::lock_guard lock(mutex_);
        ++dropped_;
    }
    changed_.notify_one();
}

void Log::append(std::string_view level, std::string_view message, Fields fields) {
    const auto text = line(level, message, fields);
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + text.size() > capacity_) {
        ++dropped_;
        return;
    }
    if (dropped_ != 0) {
        waiting_ +=
            line("warning",
                 "log lines were dropped: the reader did not keep up, or memory was exhausted",
                 {{"lines", dropped_}});
        dropped_ = 0;
    }
    waiting_ += text;
}

void Log::serve(const std::stop_token& stop) {
    survive_readers();
    std::string writing;
    bool is_read = true;
    while (is_read || !stop.stop_requested()) {
        writing.clear();
        take_lines(writing, stop);
        if (writing.empty()) {
            return;
        }
        is_read = write_lines(descriptor_, writing, stop);
    }
}

/// Waits for lines. Returns none when the log ends.
void Log::take_lines(std::string& lines, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
    lines.swap(waiting_);
}

}  // namespace server
