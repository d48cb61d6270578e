// SPDX-License-Identifier: Apache-2.0
// One mutex guards the queue and the state of the workers.
#include "work_queue.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace server {

WorkQueue::WorkQueue(int workers, std::size_t capacity)
    : capacity_(capacity), deadlines_(static_cast<std::size_t>(workers)) {
    try {
        for (auto& deadline : deadlines_) {
            workers_.emplace_back([this, &deadline] { work(deadline); });
        }
    } catch (const std::exception&) {
        close();  // Ends the threads that were started.
        throw;
    }
}

WorkQueue::~WorkQueue() {
    close();
}

void WorkQueue::close() {
    std::list<Task> dropped;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    waiting_.swap(dropped);
    work_arrived_.notify_all();
}

bool WorkQueue::submit(Task task) {
    const std::lock_guard lock(mutex_);
    forget_stopped();
    if (!has_room_locked()) {
        return false;
    }
    waiting_.push_back(std::move(task));
    work_arrived_.notify_one();
    return true;
}

void WorkQueue::work(std::optional<Clock::time_point>& deadline) {
    std::unique_lock lock(mutex_);
    while (true) {
        work_arrived_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        auto task = std::move(waiting_.front());
        waiting_.pop_front();
        if (task.stop.stop_requested()) {
            continue;
        }
        deadline = task.deadline;
        lock.unlock();
        try {
            task.function();
        } catch (const std::exception&) {
            // There is no memory even for an error; the deadline answers the request.
        }
        // Frees what the task owns before the worker counts as idle.
        task = {};
        lock.lock();
        deadline.reset();
        work_ended_.notify_all();
    }
}

void WorkQueue::forget_stopped() {
    std::erase_if(waiting_, [](const Task& task) { return task.stop.stop_requested(); });
}

bool WorkQueue::wait_until_idle(Clock::time_point deadline) const {
    std::unique_lock lock(mutex_);
    return work_ended_.wait_until(lock, deadline, [this] { return running_locked() == 0; });
}

bool WorkQueue::has_room_locked() const {
    // Tasks that an idle worker is about to take do not count as waiting.
    const auto idle = deadlines_.size() - running_locked();
    const auto alive = std::ranges::count_if(
        waiting_, [](const Task& task) { return !task.stop.stop_requested(); });
    return !closed_ && static_cast<std::size_t>(alive) < capacity_ + idle;
}

std::size_t WorkQueue::running_locked() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        deadlines_, [](const auto& deadline) { return deadline.has_value(); }));
}

bool WorkQueue::has_room() const {
    const std::lock_guard lock(mutex_);
    return has_room_locked();
}

std::size_t WorkQueue::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

std::size_t WorkQueue::running() const {
    const std::lock_guard lock(mutex_);
    return running_locked();
}

std::size_t WorkQueue::overdue(Clock::time_point now) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        deadlines_, [now](const auto& deadline) { return deadline && *deadline < now; }));
}

}  // namespace server
