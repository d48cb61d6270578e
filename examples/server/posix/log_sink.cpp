// SPDX-License-Identifier: Apache-2.0
#include "log_sink.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>

#include <limits.h>
#include <poll.h>
#include <unistd.h>

namespace server {
namespace {

/// Waits until a write of PIPE_BUF bytes does not block. @return false if it was stopped first
bool wait_for_reader(int descriptor, const std::stop_token& stop) {
    /// Maximum time that an ending log waits for a reader that does not read.
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

/// Returns what a pipe takes in one write: complete lines, unless one is longer.
std::string_view first_piece(std::string_view lines) {
    const auto most = lines.substr(0, PIPE_BUF);
    const auto end = most.rfind('\n');
    return end == std::string_view::npos ? most : most.substr(0, end + 1);
}

}  // namespace

void survive_readers() noexcept {
    sigset_t broken_pipe{};
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
}

bool write_lines(int descriptor, std::string_view text, const std::stop_token& stop) {
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

}  // namespace server
