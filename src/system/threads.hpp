// SPDX-License-Identifier: Apache-2.0
// The cores that this process may use, and the library's threads.
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

/// Returns the number of cores in the process's affinity mask (which taskset narrows), or the
/// number that the CPU limits of its control groups allow (as set by containers), whichever is
/// less; at least 1.
int available_cpus() noexcept;

/// Returns the number of cores that the CPU limits of control groups allow, rounded up; nothing if
/// there is no limit.
/// Source: https://docs.kernel.org/admin-guide/cgroup-v2.html, cpu.max, and
/// .../scheduler/sched-bwc.html for version 1.
/// @param membership content of /proc/self/cgroup
/// @param root       mount point of the control groups, /sys/fs/cgroup
std::optional<int> control_group_cpus(std::string_view membership,
                                      const std::filesystem::path& root);

/// Returns the number of threads for an option's value.
/// @param wanted 0 for one per available core
/// @return at least 1
/// @throws InvalidArgument if `wanted` is negative or more than most_threads
int thread_count(int wanted);

/// Starts a thread that receives only the signals of its own faults (SIGBUS, SIGSEGV and the like):
/// other signals are for the threads of the embedding process.
/// @throws IoError (io) if the system provides no more threads
std::thread start_worker_thread(std::function<void()> work);

/// Starts threads for shared work that fewer threads can also do.
/// @param work receives the thread's index, from 0
/// @return as many as the system provides, at most `count`
/// @throws IoError (io) if it provides none although `count` is not 0
std::vector<std::thread> start_worker_threads(std::size_t count,
                                              const std::function<void(std::size_t)>& work);

/// A result that is computed on its own thread, which starts at once. The destructor waits for it.
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

    /// Waits for the result. May be called once. @throws what the work throws
    Result get() { return result_.get(); }

private:
    std::packaged_task<Result()> task_;
    std::future<Result> result_;
    std::thread thread_;
};

}  // namespace speciesnet
