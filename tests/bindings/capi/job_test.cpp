// SPDX-License-Identifier: Apache-2.0
// Jobs: background predictions through the C ABI.
#include "handles.hpp"

#include <atomic>
#include <cmath>
#include <future>
#include <limits>
#include <vector>

using namespace speciesnet::capi_test;

namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

EnsembleHandle load_demo(std::int32_t max_jobs) {
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.max_jobs = max_jobs;
    speciesnet_ensemble* ensemble = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", &options, &ensemble, nullptr) == SPECIESNET_OK);
    return EnsembleHandle(ensemble);
}

/// Blocks a job inside its progress callback until it is opened.
class Gate {
public:
    speciesnet_predict_options options() {
        speciesnet_predict_options options;
        speciesnet_predict_options_init(&options, sizeof options);
        options.progress_user_data = this;
        options.progress = [](void* user_data, std::size_t, std::size_t) -> std::int32_t {
            auto& gate = *static_cast<Gate*>(user_data);
            gate.reached_.set_value();
            gate.opened_.get_future().wait();
            return 0;
        };
        return options;
    }
    void wait_until_reached() { reached_.get_future().wait(); }
    void open() { opened_.set_value(); }

private:
    std::promise<void> reached_;
    std::promise<void> opened_;
};

speciesnet_status submit(speciesnet_ensemble* ensemble, const std::string& path,
                         const speciesnet_predict_options* options, JobHandle& job) {
    const auto instance = file_instance(path.c_str());
    speciesnet_job* handle = nullptr;
    const auto status = speciesnet_ensemble_submit(ensemble, &instance, 1, options, nullptr,
                                                   nullptr, &handle, nullptr);
    job.reset(handle);
    return status;
}

const std::string zebra = demo_photo("zebra.jpg");

}  // namespace

TEST_CASE("a job gives the result of the direct call, once") {
    JobHandle job;
    REQUIRE(submit(demo(), zebra, nullptr, job) == SPECIESNET_OK);
    REQUIRE(speciesnet_job_wait(job.get(), forever, nullptr) == SPECIESNET_OK);
    speciesnet_predictions* predictions = nullptr;
    REQUIRE(speciesnet_job_take(job.get(), &predictions, nullptr) == SPECIESNET_OK);
    const PredictionsHandle list(predictions);
    CHECK(short_name(speciesnet_prediction_image_answer(
              speciesnet_predictions_at(predictions, 0))) == "equus_quagga");
    speciesnet_predictions* again = nullptr;
    CHECK(speciesnet_job_take(job.get(), &again, nullptr) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(again == nullptr);
}

TEST_CASE("the callback is called once, and may take the result and free the job") {
    struct Outcome {
        std::promise<std::string> name;
        std::atomic<int> calls = 0;
    } outcome;
    const auto done = [](void* user_data, speciesnet_job* job) {
        auto& seen = *static_cast<Outcome*>(user_data);
        ++seen.calls;
        speciesnet_predictions* predictions = nullptr;
        speciesnet_job_take(job, &predictions, nullptr);
        speciesnet_job_free(job);
        char* name = nullptr;
        speciesnet_label_short_name(speciesnet_answer_label(speciesnet_prediction_image_answer(
                                        speciesnet_predictions_at(predictions, 0))),
                                    &name, nullptr);
        speciesnet_predictions_free(predictions);
        seen.name.set_value(take_text(name));
    };
    const auto ensemble = load_demo(4);
    const auto instance = file_instance(zebra.c_str());
    speciesnet_job* job = nullptr;
    REQUIRE(speciesnet_ensemble_submit(ensemble.get(), &instance, 1, nullptr, done, &outcome, &job,
                                       nullptr) == SPECIESNET_OK);
    CHECK(outcome.name.get_future().get() == "equus_quagga");
    CHECK(outcome.calls == 1);
}

TEST_CASE("an unfinished job can be polled and cancelled") {
    const auto ensemble = load_demo(4);
    Gate gate;
    const auto options = gate.options();
    JobHandle running;
    JobHandle waiting;
    REQUIRE(submit(ensemble.get(), zebra, &options, running) == SPECIESNET_OK);
    gate.wait_until_reached();
    REQUIRE(submit(ensemble.get(), zebra, nullptr, waiting) == SPECIESNET_OK);
    CHECK(speciesnet_job_wait(waiting.get(), 0, nullptr) == SPECIESNET_ERROR_NOT_FINISHED);
    speciesnet_predictions* predictions = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_job_take(waiting.get(), &predictions, &error) ==
          SPECIESNET_ERROR_NOT_FINISHED);
    speciesnet_job_cancel(running.get());
    speciesnet_job_cancel(waiting.get());
    gate.open();
    CHECK(speciesnet_job_wait(waiting.get(), forever, nullptr) == SPECIESNET_OK);
    CHECK(speciesnet_job_take(waiting.get(), &predictions, &error) == SPECIESNET_ERROR_CANCELLED);
    CHECK(speciesnet_job_take(running.get(), &predictions, &error) == SPECIESNET_ERROR_CANCELLED);
    CHECK(predictions == nullptr);
}

TEST_CASE("at most max_jobs jobs wait") {
    const auto ensemble = load_demo(1);
    Gate gate;
    const auto options = gate.options();
    JobHandle running;
    JobHandle waiting;
    JobHandle refused;
    REQUIRE(submit(ensemble.get(), zebra, &options, running) == SPECIESNET_OK);
    gate.wait_until_reached();
    CHECK(submit(ensemble.get(), zebra, nullptr, waiting) == SPECIESNET_OK);
    CHECK(submit(ensemble.get(), zebra, nullptr, refused) == SPECIESNET_ERROR_QUEUE_FULL);
    CHECK(refused == nullptr);
    gate.open();
}

TEST_CASE("freeing an ensemble cancels its jobs, whose handles stay valid") {
    auto ensemble = load_demo(4);
    Gate gate;
    const auto options = gate.options();
    JobHandle running;
    JobHandle waiting;
    REQUIRE(submit(ensemble.get(), zebra, &options, running) == SPECIESNET_OK);
    gate.wait_until_reached();
    REQUIRE(submit(ensemble.get(), zebra, nullptr, waiting) == SPECIESNET_OK);
    auto freed = std::async(std::launch::async, [&] { ensemble.reset(); });
    gate.open();
    freed.get();
    speciesnet_predictions* predictions = nullptr;
    CHECK(speciesnet_job_take(waiting.get(), &predictions, nullptr) == SPECIESNET_ERROR_CANCELLED);
}

TEST_CASE("a job's own failure is its status") {
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.components = SPECIESNET_COMPONENTS_RULES;
    speciesnet_ensemble* ensemble = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", &options, &ensemble, nullptr) == SPECIESNET_OK);
    const EnsembleHandle owner(ensemble);
    JobHandle job;
    REQUIRE(submit(ensemble, zebra, nullptr, job) == SPECIESNET_OK);
    REQUIRE(speciesnet_job_wait(job.get(), 600, nullptr) == SPECIESNET_OK);
    speciesnet_predictions* predictions = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_job_take(job.get(), &predictions, &error) ==
          SPECIESNET_ERROR_MODEL_COMPONENT_MISSING);
    CHECK(error.message[0] != '\0');
}

TEST_CASE("an invalid waiting time is refused") {
    JobHandle job;
    REQUIRE(submit(demo(), zebra, nullptr, job) == SPECIESNET_OK);
    CHECK(speciesnet_job_wait(job.get(), -1, nullptr) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(speciesnet_job_wait(job.get(), std::nan(""), nullptr) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
}
