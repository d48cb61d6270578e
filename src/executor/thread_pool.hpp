// SPDX-License-Identifier: Apache-2.0
// A pool of threads for the items of one operation.
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
    /// What to call for the items of a run instead of `work`, for measuring; `work` outlives it.
    using Decorator = std::function<Work(std::size_t items, const Work& work)>;

    /// @param threads at least 1; the one that calls run() is one of them. There are fewer if the
    /// system gives no more
    /// @throws IoError (io) if more than one is wanted and the system gives none
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::size_t threads() const noexcept { return workers_.size() + 1; }

    /// Calls work(item, thread) for each item below `items`, in no order, and returns when all are
    /// done. One run at a time. What an item throws is thrown here. A thread begins with its own
    /// part of the items, which are neighbours, and helps others when it is done: what it wrote in
    /// the run before is likely to be in its cache.
    void run(std::size_t items, const Work& work);

    /// Decorates all later runs. Not during a run.
    void decorate(Decorator decorator) { decorator_ = std::move(decorator); }

    /// Working memory of a thread, for use within work() only.
    float* scratch(std::size_t thread, std::size_t floats);

private:
    /// Looks at a value until it is not `old` any more.
    template <typename Value>
    void wait_while(const std::atomic<Value>& value, Value old);
    /// Must be called when a value has changed that a thread may wait for.
    void wake_all();
    void serve(std::size_t thread);
    void take_items(std::size_t thread);

    /// A thread's part of the items, in a cache line of its own.
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
