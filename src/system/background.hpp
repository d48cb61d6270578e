// SPDX-License-Identifier: Apache-2.0
// A result that is computed on its own thread.
#pragma once

#include "system/worker_thread.hpp"

#include <functional>
#include <future>
#include <thread>
#include <utility>

namespace speciesnet {

/// Begins at once; ends with its owner, who waits for it.
template <typename Result>
class Background {
public:
    explicit Background(std::function<Result()> work)
        : task_(std::move(work)),
          result_(task_.get_future()),
          thread_(start_worker_thread([this] { task_(); })) {}
    ~Background() { thread_.join(); }
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Waits, once. @throws what the work throws
    Result get() { return result_.get(); }

private:
    std::packaged_task<Result()> task_;
    std::future<Result> result_;
    std::thread thread_;
};

}  // namespace speciesnet
