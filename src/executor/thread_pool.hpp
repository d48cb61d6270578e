// SPDX-License-Identifier: Apache-2.0
// Runs the items of one operation on a pool of threads.
#pragma once

#include "executor/memory.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace speciesnet::executor {

class ThreadPool {
public:
    /// work(item, thread)
    using Work = std::function<void(std::size_t, std::size_t)>;
    /// Returns a replacement of `work` for a run, for measuring; `work` outlives it.
    using Decorator = std::function<Work(std::size_t items, const Work& work)>;

    /// @param threads at least 1, including the one that calls run(). There are fewer if the system
    /// cannot create more.
    /// @throws IoError (io) if `threads` is above 1 and the system cannot create any
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::size_t threads() const noexcept { return workers_.size() + 1; }

    /// Calls work(item, thread) for each item below `items`, in any order, and returns after all
    /// calls. One run at a time. Rethrows an exception of `work`. A thread starts with its own
    /// contiguous part of the items, because its data of the previous run is likely to be in its
    /// cache, and then helps others.
    void run(std::size_t items, const Work& work);

    /// Decorates all later runs. Must not be called during a run.
    void decorate(Decorator decorator) { decorator_ = std::move(decorator); }

    /// Returns working memory of a thread, for use only within work().
    float* scratch(std::size_t thread, std::size_t floats);

private:
    /// Waits until a value differs from `old`.
    template <typename Value>
    void wait_while(const std::atomic<Value>& value, Value old);
    /// Must be called after changing a value for which a thread may wait.
    void wake_all();
    void serve(std::size_t thread);
    void take_items(std::size_t thread);

    /// A thread's part of the items, in its own cache line.
    struct alignas(64) Part {
        std::atomic<std::size_t> next{0};
        std::size_t end = 0;
    };

    Decorator decorator_;
    const Work* work_ = nullptr;
    std::vector<Part> parts_;
    std::atomic<unsigned> round_{0};
    std::atomic<std::size_t> busy_{0};
    std::atomic<bool> stopping_{false};
    std::mutex sleep_mutex_;
    std::condition_variable changed_;
    std::mutex failure_mutex_;
    std::exception_ptr failure_;
    std::vector<Memory> scratch_;
    std::vector<std::thread> workers_;
};

}  // namespace speciesnet::executor
