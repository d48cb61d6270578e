// SPDX-License-Identifier: Apache-2.0
// The background jobs of an ensemble, and the thread that runs them in order.
#pragma once

#include "capi/predictions.hpp"
#include "capi/request.hpp"
#include "capi/speciesnet.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace speciesnet::capi {

/// One submitted request. Its functions may be called from any thread.
class Job {
public:
    explicit Job(Request request);

    /// Must be called before the job is queued.
    void on_done(speciesnet_job_callback done, void* user_data, speciesnet_job* handle);

    /// Executes the request, then calls the callback. Errors are kept for take().
    void run(const Ensemble& ensemble) noexcept;

    void cancel() noexcept { stop_.request_stop(); }
    /// @return whether the job has finished
    bool wait(double seconds);
    /// Waits until the callback has returned. Returns at once if called within that callback.
    void wait_for_callback();
    /// @throws the error of the job; Error if it has not finished; InvalidArgument if already taken
    std::unique_ptr<speciesnet_predictions> take();

private:
    Request request_;
    std::stop_source stop_;
    speciesnet_job_callback done_ = nullptr;
    void* user_data_ = nullptr;
    speciesnet_job* handle_ = nullptr;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
    bool called_back_ = false;
    std::thread::id callback_thread_;
    std::unique_ptr<speciesnet_predictions> result_;
    std::exception_ptr failure_;
};

/// Runs jobs one after the other. Its thread starts with the first job.
class JobQueue {
public:
    /// @param most maximum number of waiting jobs
    JobQueue(const Ensemble& ensemble, std::size_t most);
    /// Cancels all jobs and waits for them.
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    /// @throws Error (SPECIESNET_ERROR_QUEUE_FULL)
    void submit(std::shared_ptr<Job> job);

    std::size_t most_jobs() const noexcept { return most_; }

private:
    void work();

    const Ensemble& ensemble_;
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Job>> waiting_;
    std::shared_ptr<Job> running_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace speciesnet::capi
