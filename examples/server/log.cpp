// SPDX-License-Identifier: Apache-2.0
// One buffer fills while another is written.
#include "log.hpp"

#include "refusal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <utility>

#include <limits.h>
#include <poll.h>

namespace server {
namespace {

/// Now, as RFC 3339 in UTC with milliseconds.
std::string timestamp() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::time_t seconds = milliseconds / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> date{};
    std::array<char, 40> text{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(),
                  static_cast<int>(milliseconds % 1000));
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

/// Waits until a write of PIPE_BUF bytes does not block. @return false if it was stopped before
bool wait_for_reader(int descriptor, const std::stop_token& stop) {
    /// How long a log that ends waits for a reader that does not read.
    static constexpr std::chrono::milliseconds patience{200};
    static constexpr int look_milliseconds = 50;
    pollfd wanted{.fd = descriptor, .events = POLLOUT, .revents = 0};
    std::chrono::milliseconds waited{0};
    while (!stop.stop_requested() || waited < patience) {
        if (poll(&wanted, 1, look_milliseconds) > 0) {
            return true;
        }
        waited += std::chrono::milliseconds(stop.stop_requested() ? look_milliseconds : 0);
    }
    return false;
}

/// What a pipe takes at once: whole lines, unless one is longer.
std::string_view first_piece(std::string_view lines) {
    const auto most = lines.substr(0, PIPE_BUF);
    const auto end = most.rfind('\n');
    return end == std::string_view::npos ? most : most.substr(0, end + 1);
}

/// @return false if the reader is gone
bool write_all(int descriptor, std::string_view text, const std::stop_token& stop) {
    while (!text.empty()) {
        if (!wait_for_reader(descriptor, stop)) {
            return false;
        }
        const auto piece = first_piece(text);
        const ssize_t count = ::write(descriptor, piece.data(), piece.size());
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    return true;
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
    // A reader that is gone is no reason to end.
    sigset_t broken_pipe{};
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    std::string writing;
    bool is_read = true;
    while (is_read || !stop.stop_requested()) {
        writing.clear();
        take_lines(writing, stop);
        if (writing.empty()) {
            return;
        }
        is_read = write_all(descriptor_, writing, stop);
    }
}

/// Waits for lines. None come out when the log ends.
void Log::take_lines(std::string& lines, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
    lines.swap(waiting_);
}

}  // namespace server
