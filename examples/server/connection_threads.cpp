// An idle thread takes the next connection; a new thread is started only if there is none.
#include "connection_threads.hpp"

#include <system_error>

namespace server {

ConnectionThreads::Enqueued ConnectionThreads::enqueue(std::function<void()> connection) {
    if (!hand_over(connection)) {
        connection();
    }
    return static_cast<Enqueued>(true);
}

bool ConnectionThreads::hand_over(const std::function<void()>& connection) {
    const std::lock_guard lock(mutex_);
    if (idle_ <= arrived_.size()) {
        if (threads_.size() >= most_) {
            return false;
        }
        try {
            threads_.emplace_back([this] { serve(); });
        } catch (const std::system_error&) {
            return false;
        }
    }
    arrived_.push_back(connection);
    changed_.notify_one();
    return true;
}

void ConnectionThreads::serve() {
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        changed_.wait(lock, [this] { return stopping_ || !arrived_.empty(); });
        --idle_;
        if (arrived_.empty()) {
            return;
        }
        const auto connection = std::move(arrived_.front());
        arrived_.pop_front();
        lock.unlock();
        connection();
        lock.lock();
    }
}

void ConnectionThreads::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    threads_.clear();
}

}  // namespace server
