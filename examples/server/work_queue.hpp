// SPDX-License-Identifier: Apache-2.0
// A bounded queue of photos for a few worker threads, so that a busy server answers 503 at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace server {

/// Thread-safe. The destructor waits for running tasks and drops waiting ones.
class WorkQueue {
public:
    using Clock = std::chrono::steady_clock;

    struct Task {
        std::function<void()> function;
        /// When the request is answered without the result. A worker that runs longer is overdue.
        Clock::time_point deadline;
        /// Set when the task is abandoned: if it has not started, it never will.
        std::stop_token stop;
    };

    /// @param workers  threads, ≥ 1
    /// @param capacity maximum number of tasks that wait
    WorkQueue(int workers, std::size_t capacity);
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// Queues a task for a worker.
    /// @return false if too many tasks wait, or the queue is closed
    bool submit(Task task);

    /// Accepts no more tasks and drops waiting ones.
    void close();

    /// Waits until no task runs, at most until the deadline. @return whether none runs
    bool wait_until_idle(Clock::time_point deadline) const;

    /// Returns whether a new task would be accepted.
    bool has_room() const;
    std::size_t waiting() const;
    std::size_t running() const;
    /// Returns the number of running tasks whose deadline has passed.
    std::size_t overdue(Clock::time_point now = Clock::now()) const;
    std::size_t workers() const noexcept { return deadlines_.size(); }

private:
    void work(std::optional<Clock::time_point>& deadline);
    void forget_stopped();
    bool has_room_locked() const;
    std::size_t running_locked() const;

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable work_arrived_;
    mutable std::condition_variable work_ended_;
    std::list<Task> waiting_;  ///< Emptying it needs no memory.
    /// The deadline of the task that each worker runs.
    std::vector<std::optional<Clock::time_point>> deadlines_;
    bool closed_ = false;
    std::vector<std::jthread> workers_;
};

}  // namespace server
