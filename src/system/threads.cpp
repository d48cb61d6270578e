// SPDX-License-Identifier: Apache-2.0
#include "system/threads.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/inference.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <system_error>

#include <sched.h>

namespace speciesnet {
namespace {

/// What a thread raises by its own instructions. Where such a signal is blocked, the kernel ends
/// the process without calling the process's handler.
constexpr std::array own_faults{SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};

/// A thread inherits the signal mask of the one that starts it.
/// Blocks all signals on the calling thread while it lives, except the faults of the thread itself.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t blocked{};
        sigfillset(&blocked);
        for (const int fault : own_faults) {
            sigdelset(&blocked, fault);
        }
        pthread_sigmask(SIG_SETMASK, &blocked, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

// std::thread::hardware_concurrency() may count cores that this process must not use.
int available_cpus() noexcept {
    cpu_set_t mask{};
    if (sched_getaffinity(0, sizeof(mask), &mask) != 0) {
        return 1;
    }
    return std::max(1, CPU_COUNT(&mask));
}

int thread_count(int wanted) {
    if (wanted < 0 || wanted > most_threads) {
        throw InvalidArgument("threads is " + std::to_string(wanted) + ", not 0 to " +
                              std::to_string(most_threads));
    }
    return wanted > 0 ? wanted : available_cpus();
}

std::thread start_worker_thread(std::function<void()> work) {
    const SignalsBlocked blocked;
    try {
        return std::thread(std::move(work));
    } catch (const std::system_error& error) {
        throw IoError(ErrorCode::io, std::string("cannot start a thread: ") + error.what() +
                                         "; ask for fewer threads, or raise the process's limit");
    }
}

std::vector<std::thread> start_worker_threads(std::size_t count,
                                              const std::function<void(std::size_t)>& work) {
    std::vector<std::thread> threads;
    threads.reserve(count);
    try {
        for (std::size_t index = 0; index < count; ++index) {
            threads.push_back(start_worker_thread([work, index] { work(index); }));
        }
    } catch (const std::exception&) {
        if (threads.empty()) {
            throw;
        }
    }
    return threads;
}

}  // namespace speciesnet
