// One mutex guards the queue and the state of every task in it.
#include "work_queue.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace server {

struct WorkQueue::Task {
    enum class State { waiting, running, ended, abandoned };

    std::function<void()> function;
    State state = State::waiting;
    std::exception_ptr error;
    std::condition_variable changed;
};

WorkQueue::WorkQueue(int workers, std::size_t capacity) : capacity_(capacity) {
    for (int index = 0; index < workers; ++index) {
        workers_.emplace_back([this] { work(); });
    }
}

WorkQueue::~WorkQueue() {
    close();
}

void WorkQueue::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& task : waiting_) {
        task->state = Task::State::abandoned;
        task->changed.notify_all();
    }
    waiting_.clear();
    work_arrived_.notify_all();
}

WorkQueue::Outcome WorkQueue::run(std::function<void()> function, Clock::time_point deadline) {
    const auto task = std::make_shared<Task>();
    task->function = std::move(function);

    std::unique_lock lock(mutex_);
    if (closed_) {
        return Outcome::closed;
    }
    if (!has_room_locked()) {
        return Outcome::full;
    }
    waiting_.push_back(task);
    work_arrived_.notify_one();

    const bool settled = task->changed.wait_until(lock, deadline, [&] {
        return task->state == Task::State::ended || task->state == Task::State::abandoned;
    });
    if (!settled) {
        std::erase(waiting_, task);
        return Outcome::too_late;
    }
    if (task->state == Task::State::abandoned) {
        return Outcome::closed;
    }
    if (task->error) {
        std::rethrow_exception(task->error);
    }
    return Outcome::done;
}

void WorkQueue::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        work_arrived_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        const auto task = std::move(waiting_.front());
        waiting_.pop_front();
        task->state = Task::State::running;
        ++running_;
        lock.unlock();
        try {
            task->function();
        } catch (...) {
            task->error = std::current_exception();
        }
        // What the task owns goes before its caller is told, who may then rely on it.
        task->function = nullptr;
        lock.lock();
        --running_;
        task->state = Task::State::ended;
        task->changed.notify_all();
    }
}

bool WorkQueue::has_room_locked() const {
    // What an idle worker is about to take does not wait.
    const auto idle = workers_.size() - running_;
    return !closed_ && waiting_.size() < capacity_ + idle;
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
    return running_;
}

}  // namespace server
