// SPDX-License-Identifier: Apache-2.0
// The queue of NetworkThreads: one thread owned by the engine, with the executor's threads and
// memory.
#pragma once

#include "executor/workspace.hpp"
#include "network/network.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace speciesnet {

class NetworkThreads::Queue {
public:
    explicit Queue(int threads);
    ~Queue();
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    int threads() const noexcept { return threads_; }
    /// May be used only on the engine's thread.
    executor::Workspace& workspace() noexcept { return workspace_; }

    /// Runs a task on the engine's thread and waits for it. Exceptions of the task are thrown here.
    void run(std::function<void()> task);

private:
    void work();

    executor::Workspace workspace_;
    int threads_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::packaged_task<void()>> tasks_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace speciesnet
