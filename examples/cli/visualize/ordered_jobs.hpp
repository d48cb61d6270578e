// SPDX-License-Identifier: Apache-2.0
// Runs jobs on several threads and returns their results in order.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <utility>

namespace speciesnet::cli {

/// At most a fixed number of jobs run or wait to be received, so that memory does not grow with
/// their number. Must be used on one thread, on which `receive` is called.
template <typename Result>
class OrderedJobs {
public:
    OrderedJobs(std::size_t limit, std::function<void(Result&&)> receive)
        : limit_(limit), receive_(std::move(receive)) {}

    /// @throws exceptions of an earlier job or of `receive`
    void submit(std::function<Result()> job) {
        if (running_.size() == limit_) {
            receive_next();
        }
        running_.push_back(std::async(std::launch::async, std::move(job)));
    }

    /// Waits for all jobs. @throws as submit()
    void finish() {
        while (!running_.empty()) {
            receive_next();
        }
    }

private:
    void receive_next() {
        auto next = std::move(running_.front());
        running_.pop_front();
        receive_(next.get());
    }

    std::size_t limit_;
    std::function<void(Result&&)> receive_;
    std::deque<std::future<Result>> running_;
};

}  // namespace speciesnet::cli
