// SPDX-License-Identifier: Apache-2.0
// A signal handler may do very little: it writes the signal's number to a pipe that a thread reads.
#include "interrupts.hpp"

#include "file_descriptor.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace speciesnet {
namespace {

constexpr std::array watched{SIGINT, SIGTERM, SIGHUP};

/// The descriptor that the handler writes to, because handlers have no argument other than the
/// signal. −1 while there is no reader.
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

class Interrupts::Handlers {
public:
    explicit Handlers(std::function<void(int)> came) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) {
            throw IoError(ErrorCode::io, "cannot create a pipe");
        }
        for (const int end : ends) {
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
        }
        reading_end_ = FileDescriptor(ends[0]);
        writing_end = ends[1];
        waiter_ = std::thread([this, came = std::move(came)] {
            unsigned char number = 0;
            ssize_t count = 0;
            do {
                count = ::read(reading_end_.get(), &number, 1);
            } while (count < 0 && errno == EINTR);
            if (count == 1) {
                came(number);
            }
        });
        struct sigaction action {};
        action.sa_handler = pass_on;
        // The second signal then has the default action.
        action.sa_flags = SA_RESTART | SA_RESETHAND;
        for (const int signal : watched) {
            struct sigaction present {};
            ::sigaction(signal, nullptr, &present);
            // nohup and background jobs ignore some signals on purpose.
            if (present.sa_handler != SIG_IGN) {
                ::sigaction(signal, &action, nullptr);
            }
        }
    }
    ~Handlers() {
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
    Handlers(const Handlers&) = delete;
    Handlers& operator=(const Handlers&) = delete;

private:
    FileDescriptor reading_end_;
    std::thread waiter_;
};

Interrupts::Interrupts(std::function<void(int)> came)
    : handlers_(std::make_unique<Handlers>(std::move(came))) {}

Interrupts::~Interrupts() = default;

void end_by_signal(int signal) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    std::_Exit(128 + signal);
}

}  // namespace speciesnet
