// SPDX-License-Identifier: Apache-2.0
// Runs networks one at a time on a thread of the engine. The executor and LibTorch distribute each
// run over the configured number of threads.
#include "network/network_threads.hpp"

#include "system/threads.hpp"

#include <utility>

namespace speciesnet {

NetworkThreads::Queue::Queue(int threads)
    : workspace_(thread_count(threads)),
      // Fewer if the system provides no more.
      threads_(static_cast<int>(workspace_.pool.threads())),
      thread_(start_worker_thread([this] { work(); })) {}

NetworkThreads::Queue::~Queue() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void NetworkThreads::Queue::run(std::function<void()> task) {
    std::packaged_task<void()> packaged(std::move(task));
    auto done = packaged.get_future();
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(packaged));
    }
    changed_.notify_one();
    done.get();
}

void NetworkThreads::Queue::work() {
    while (true) {
        std::packaged_task<void()> task;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
            if (tasks_.empty()) {
                return;
            }
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
    }
}

NetworkThreads::NetworkThreads(int threads) : queue_(std::make_unique<Queue>(threads)) {}
NetworkThreads::~NetworkThreads() = default;

int NetworkThreads::threads() const noexcept {
    return queue_->threads();
}

}  // namespace speciesnet
