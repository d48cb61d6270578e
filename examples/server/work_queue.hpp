// Where photos wait for the networks: a bounded queue in front of a few worker threads, so that a
// busy server says so at once instead of letting everyone wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace server {

/// Thread-safe. The destructor lets running tasks end; tasks that still wait are abandoned.
class WorkQueue {
public:
    using Clock = std::chrono::steady_clock;

    /// What became of a task.
    enum class Outcome {
        done,      ///< It ran.
        full,      ///< It was not taken: as many tasks as allowed are waiting.
        too_late,  ///< Its deadline passed. If it had not been started it never will be.
        closed,    ///< The queue was closed before the task was started.
    };

    /// @param workers  threads, ≥ 1
    /// @param capacity tasks that may wait beside those that run
    WorkQueue(int workers, std::size_t capacity);
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// Runs a task on a worker and waits for it, until the deadline at most. A task that is too
    /// late may still be running when this returns, so it must own what it uses.
    /// @throws what the task throws
    Outcome run(std::function<void()> function, Clock::time_point deadline);

    /// Takes no more tasks and abandons those that wait.
    void close();

    /// Whether a task that comes now would be taken.
    bool has_room() const;
    std::size_t waiting() const;
    std::size_t running() const;

private:
    struct Task;
    void work();
    bool has_room_locked() const;

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable work_arrived_;
    std::deque<std::shared_ptr<Task>> waiting_;
    std::size_t running_ = 0;
    bool closed_ = false;
    std::vector<std::jthread> workers_;
};

}  // namespace server
