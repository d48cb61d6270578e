// SPDX-License-Identifier: Apache-2.0
// Predicts in the background.
#include "capi/ensemble.hpp"
#include "capi/job_queue.hpp"
#include "capi/status.hpp"

#include <memory>
#include <utility>

using namespace speciesnet;
using namespace speciesnet::capi;

struct speciesnet_job {
    std::shared_ptr<Job> value;  ///< Shared with the queue until the job has run.
};

speciesnet_status speciesnet_ensemble_submit(speciesnet_ensemble* ensemble,
                                             const speciesnet_instance* instances, size_t count,
                                             const speciesnet_predict_options* options,
                                             speciesnet_job_callback done, void* user_data,
                                             speciesnet_job** job, speciesnet_error* error) {
    return guard(error, [&] {
        *require(job, "job") = nullptr;
        auto handle = std::make_unique<speciesnet_job>(
            speciesnet_job{std::make_shared<Job>(Request(instances, count, options))});
        require(ensemble, "ensemble");
        // The callback may run and free the handle before submit() returns. By then the caller owns
        // the handle, so it must not be used here.
        auto work = handle->value;
        work->on_done(done, user_data, handle.get());
        *job = handle.get();
        try {
            ensemble->jobs.submit(std::move(work));
        } catch (...) {
            *job = nullptr;
            throw;
        }
        static_cast<void>(handle.release());
    });
}

speciesnet_status speciesnet_job_wait(speciesnet_job* job, double seconds,
                                      speciesnet_error* error) {
    if (job != nullptr && seconds >= 0 && !job->value->wait(seconds)) {
        return report(error, SPECIESNET_ERROR_NOT_FINISHED, "the job has not finished yet");
    }
    return guard(error, [&] {
        require(job, "job");
        if (!(seconds >= 0)) {
            throw InvalidArgument("seconds is not 0 or more");
        }
    });
}

void speciesnet_job_cancel(speciesnet_job* job) {
    if (job != nullptr) {
        job->value->cancel();
    }
}

speciesnet_status speciesnet_job_take(speciesnet_job* job, speciesnet_predictions** predictions,
                                      speciesnet_error* error) {
    return guard(predictions, error, [&] { return require(job, "job")->value->take(); });
}

void speciesnet_job_free(speciesnet_job* job) {
    if (job == nullptr) {
        return;
    }
    job->value->cancel();
    job->value->wait_for_callback();
    delete job;
}
