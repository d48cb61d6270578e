// SPDX-License-Identifier: Apache-2.0
// The background jobs of an ensemble, and the thread that runs them in order.
#include "capi/job_queue.hpp"

#include "speciesnet/error.hpp"

#include "system/threads.hpp"

#include <chrono>
#include <utility>

namespace speciesnet::capi {
namespace {

/// Error codes that only this ABI defines.
constexpr auto queue_full = static_cast<ErrorCode>(SPECIESNET_ERROR_QUEUE_FULL);
constexpr auto not_finished = static_cast<ErrorCode>(SPECIESNET_ERROR_NOT_FINISHED);

/// Longer waits count as unlimited, which prevents an overflow of the clock's arithmetic.
constexpr double endless_seconds = 1e9;

}  // namespace

Job::Job(Request request) : request_(std::move(request)) {}

void Job::on_done(speciesnet_job_callback done, void* user_data, speciesnet_job* handle) {
    done_ = done;
    user_data_ = user_data;
    handle_ = handle;
}

void Job::run(const Ensemble& ensemble) noexcept {
    std::unique_ptr<speciesnet_predictions> result;
    std::exception_ptr failure;
    try {
        result = std::make_unique<speciesnet_predictions>(request_.run(ensemble, stop_));
    } catch (...) {
        failure = std::current_exception();
    }
    {
        const std::lock_guard lock(mutex_);
        result_ = std::move(result);
        failure_ = failure;
        callback_thread_ = std::this_thread::get_id();
        over_ = true;
    }
    changed_.notify_all();
    if (done_ != nullptr) {
        done_(user_data_, handle_);
    }
    {
        const std::lock_guard lock(mutex_);
        called_back_ = true;
    }
    changed_.notify_all();
}

bool Job::wait(double seconds) {
    std::unique_lock lock(mutex_);
    const auto over = [this] { return over_; };
    if (seconds >= endless_seconds) {
        changed_.wait(lock, over);
        return true;
    }
    return changed_.wait_for(lock, std::chrono::duration<double>(seconds), over);
}

void Job::wait_for_callback() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] {
        return called_back_ || (over_ && callback_thread_ == std::this_thread::get_id());
    });
}

std::unique_ptr<speciesnet_predictions> Job::take() {
    const std::lock_guard lock(mutex_);
    if (!over_) {
        throw Error(not_finished, "the job has not finished yet");
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    if (!result_) {
        throw InvalidArgument("the job's result was already taken");
    }
    return std::move(result_);
}

JobQueue::JobQueue(const Ensemble& ensemble, std::size_t most) : ensemble_(ensemble), most_(most) {}

JobQueue::~JobQueue() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const auto& job : waiting_) {
            job->cancel();
        }
        if (running_) {
            running_->cancel();
        }
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void JobQueue::submit(std::shared_ptr<Job> job) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= most_) {
            throw Error(queue_full, std::to_string(most_) + " jobs are already queued");
        }
        if (!thread_.joinable()) {
            thread_ = start_worker_thread([this] { work(); });
        }
        waiting_.push_back(std::move(job));
    }
    changed_.notify_one();
}

void JobQueue::work() {
    while (true) {
        std::unique_lock lock(mutex_);
        running_.reset();
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        running_ = std::move(waiting_.front());
        waiting_.pop_front();
        const auto job = running_;
        lock.unlock();
        job->run(ensemble_);
    }
}

}  // namespace speciesnet::capi
