// SPDX-License-Identifier: Apache-2.0
// Cores that this process may use, and the library's threads.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace speciesnet {

/// Cores in the process's affinity mask (taskset narrows it), or as many as the CPU limits of its
/// control groups are worth (containers have such limits), whichever is less; at least 1.
int available_cpus() noexcept;

/// Cores that the CPU limits of control groups are worth, rounded up; nothing if there is no limit.
/// Source: https://docs.kernel.org/admin-guide/cgroup-v2.html, cpu.max, and
/// .../scheduler/sched-bwc.html for version 1.
/// @param membership content of /proc/self/cgroup
/// @param root       where the control groups are mounted, /sys/fs/cgroup
std::optional<int> control_group_cpus(std::string_view membership,
                                      const std::filesystem::path& root);

/// The number of threads for an option's value.
/// @param wanted 0 means one per available core
/// @return at least 1
/// @throws InvalidArgument if `wanted` is negative or more than most_threads
int thread_count(int wanted);

/// Starts a thread that gets no signals but those of its own faults (SIGBUS, SIGSEGV and the like):
/// the others are for the threads of the process that embeds the library.
/// @throws IoError (io) if the system gives no more threads
std::thread start_worker_thread(std::function<void()> work);

/// Starts threads that share work which fewer of them can do, too.
/// @param work gets the thread's number, from 0
/// @return as many as the system gives, at most `count`
/// @throws IoError (io) if it gives none, though some are wanted
std::vector<std::thread> start_worker_threads(std::size_t count,
                                              const std::function<void(std::size_t)>& work);

/// A result that is computed on its own thread. Begins at once; ends with its owner, who waits for
/// it.
template <typename Result>
class Background {
public:
    explicit Background(std::function<Result()> work)
        : task_(std::move(work)),
          result_(task_.get_future()),
          thread_(start_worker_thread([this] { task_(); })) {}
    ~Background() { thread_.join(); }
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Waits, once. @throws what the work throws
    Result get() { return result_.get(); }

private:
    std::packaged_task<Result()> task_;
    std::future<Result> result_;
    std::thread thread_;
};

}  // namespace speciesnet
