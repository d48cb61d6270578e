// SPDX-License-Identifier: Apache-2.0
#include "system/threads.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/inference.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
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

/// Microseconds of CPU that a group may use in each period; 0 if nothing limits it.
struct CpuTime {
    double quota = 0;
    double period = 0;
};

CpuTime cpu_time_of_version_2(const std::filesystem::path& group) {
    CpuTime time;
    std::ifstream file(group / "cpu.max");
    // "max 100000" is no number.
    if (!(file >> time.quota >> time.period)) {
        return {};
    }
    return time;
}

CpuTime cpu_time_of_version_1(const std::filesystem::path& group) {
    CpuTime time;
    std::ifstream quota(group / "cpu.cfs_quota_us");
    std::ifstream period(group / "cpu.cfs_period_us");
    if (!(quota >> time.quota) || !(period >> time.period)) {
        return {};
    }
    return time;
}

}  // namespace

std::optional<int> control_group_cpus(std::string_view membership,
                                      const std::filesystem::path& root) {
    std::optional<double> least;
    const auto limit = [&](const CpuTime& time) {
        if (time.quota > 0 && time.period > 0) {
            const double cores = time.quota / time.period;
            least = std::min(least.value_or(cores), cores);
        }
    };
    std::istringstream lines{std::string(membership)};
    for (std::string line; std::getline(lines, line);) {
        // "0::/path" of version 2; "4:cpu,cpuacct:/path" of version 1.
        const auto first = line.find(':');
        const auto second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const auto controllers = line.substr(first + 1, second - first - 1);
        const bool first_version = !controllers.empty();
        if (first_version && ("," + controllers + ",").find(",cpu,") == std::string::npos) {
            continue;
        }
        const auto mounted = first_version ? root / "cpu" : root;
        // The limit of every group above holds, too. In a container the path may be the host's:
        // then only the root is there.
        for (auto group = std::filesystem::path(line.substr(second + 1)).relative_path();;
             group = group.parent_path()) {
            limit(first_version ? cpu_time_of_version_1(mounted / group)
                                : cpu_time_of_version_2(mounted / group));
            if (group.empty()) {
                break;
            }
        }
    }
    return least ? std::optional(std::max(
                       1, static_cast<int>(std::ceil(std::min(*least, double{most_threads})))))
                 : std::nullopt;
}

// std::thread::hardware_concurrency() may count cores that this process must not use.
int available_cpus() noexcept {
    cpu_set_t mask{};
    if (sched_getaffinity(0, sizeof(mask), &mask) != 0) {
        return 1;
    }
    const int cpus = std::max(1, CPU_COUNT(&mask));
    try {
        std::ifstream file("/proc/self/cgroup");
        const std::string membership{std::istreambuf_iterator<char>(file), {}};
        return std::min(cpus, control_group_cpus(membership, "/sys/fs/cgroup").value_or(cpus));
    } catch (const std::exception&) {
        return cpus;
    }
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
