// SPDX-License-Identifier: Apache-2.0
// A bounded queue of photos in front of a few worker threads, so that a busy server answers 503 at
// once.
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

/// Thread-safe. The destructor waits for the tasks that run; those that wait are dropped.
class WorkQueue {
public:
    using Clock = std::chrono::steady_clock;

    struct Task {
        std::function<void()> function;
        /// When somebody else answers in its place: a worker that runs longer is overdue.
        Clock::time_point deadline;
        /// The task was abandoned: if it has not started, it never will.
        std::stop_token stop;
    };

    /// @param workers  threads, ≥ 1
    /// @param capacity tasks that may wait beside those that run
    WorkQueue(int workers, std::size_t capacity);
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// Has a worker run a task.
    /// @return whether it was taken: not if too many wait, or the queue is closed
    bool submit(Task task);

    /// Takes no more tasks and drops those that wait.
    void close();

    /// Waits until no task runs, until the deadline at most. @return whether none does
    bool wait_until_idle(Clock::time_point deadline) const;

    /// Whether a task that comes now would be taken.
    bool has_room() const;
    std::size_t waiting() const;
    std::size_t running() const;
    /// Tasks that run though their deadline has passed.
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
    std::list<Task> waiting_;  ///< Needs no memory where it is emptied.
    /// Of the task that each worker runs.
    std::vector<std::optional<Clock::time_point>> deadlines_;
    bool closed_ = false;
    std::vector<std::jthread> workers_;
};

}  // namespace server
