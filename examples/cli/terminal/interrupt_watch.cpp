// SPDX-License-Identifier: Apache-2.0
// A signal handler may do little: it writes the signal's number into a pipe that a thread reads.
#include "interrupt_watch.hpp"

#include "speciesnet/error.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace speciesnet::cli {
namespace {

constexpr std::array watched{SIGINT, SIGTERM, SIGHUP};

/// Where the handler writes: handlers get no other argument than the signal. −1 while nobody
/// watches.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<int> writing_end = -1;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void pass_on(int signal) {
    const int error = errno;
    const auto number = static_cast<unsigned char>(signal);
    static_cast<void>(::write(writing_end, &number, 1));
    errno = error;
}

}  // namespace

InterruptWatch::InterruptWatch() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw IoError(ErrorCode::io, "cannot make a pipe");
    }
    reading_end_ = FileDescriptor(ends[0]);
    writing_end = ends[1];
    waiter_ = std::thread([this] {
        unsigned char number = 0;
        ssize_t count = 0;
        do {
            count = ::read(reading_end_.get(), &number, 1);
        } while (count < 0 && errno == EINTR);
        if (count == 1) {
            signal_ = number;
            stop_.request_stop();
        }
    });
    struct sigaction action {};
    action.sa_handler = pass_on;
    // The second signal finds the system's own handler.
    action.sa_flags = SA_RESTART | SA_RESETHAND;
    for (const int signal : watched) {
        struct sigaction present {};
        ::sigaction(signal, nullptr, &present);
        // nohup and background jobs ignore some of them on purpose.
        if (present.sa_handler != SIG_IGN) {
            ::sigaction(signal, &action, nullptr);
        }
    }
}

InterruptWatch::~InterruptWatch() {
    for (const int signal : watched) {
        struct sigaction present {};
        ::sigaction(signal, nullptr, &present);
        if (present.sa_handler == pass_on) {
            ::signal(signal, SIG_DFL);
        }
    }
    ::close(writing_end.exchange(-1));
    waiter_.join();
}

void end_by_signal(int signal) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    std::_Exit(128 + signal);
}

}  // namespace speciesnet::cli
