// SPDX-License-Identifier: Apache-2.0
// Misuses the C ABI: wrong texts, counts, sizes and values, calls at the wrong moment, from many
// threads at once, after fork(). Each must give a status, and never crash. Also meant to run under
// a leak checker.
#include "handles.hpp"

#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace speciesnet::capi_test;

namespace {

constexpr auto refused = SPECIESNET_ERROR_INVALID_ARGUMENT;
ImageHandle grey_image(std::int32_t width, std::int32_t height) {
    const std::vector<std::uint8_t> pixels(
        static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 127);
    speciesnet_image* image = nullptr;
    REQUIRE(speciesnet_image_from_rgb(pixels.data(), width, height,
                                      static_cast<std::size_t>(width) * 3, nullptr, nullptr, &image,
                                      nullptr) == SPECIESNET_OK);
    return ImageHandle(image);
}

/// Calls a function with invalid texts; it must refuse each and name the argument.
void refuses_texts(const char* argument,
                   const std::function<speciesnet_status(const char*, speciesnet_error*)>& call) {
    static const std::string gigabyte(std::size_t{1} << 30U, 'x');
    for (const char* text : {"", gigabyte.c_str()}) {
        const std::string name = argument;
        CAPTURE(name);
        speciesnet_error error;
        CHECK(call(text, &error) == refused);
        CHECK(std::string(error.message).find(argument) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("empty and gigabyte-long names, paths and labels are refused") {
    char* text = nullptr;
    std::int32_t number = 0;
    speciesnet_ensemble* ensemble = nullptr;
    speciesnet_image* image = nullptr;
    const auto rules = few_rules();
    refuses_texts("model", [&](const char* name, speciesnet_error* error) {
        return speciesnet_ensemble_load(name, nullptr, &ensemble, error);
    });
    refuses_texts("name", [&](const char* name, speciesnet_error* error) {
        return speciesnet_model_resolve(name, nullptr, &text, error);
    });
    refuses_texts("name", [](const char* name, speciesnet_error* error) {
        return speciesnet_model_remove(name, nullptr, error);
    });
    refuses_texts("folder", [](const char* folder, speciesnet_error* error) {
        return speciesnet_model_verify(folder, error);
    });
    refuses_texts("folder", [](const char* folder, speciesnet_error* error) {
        return speciesnet_model_compile(folder, nullptr, nullptr, nullptr, error);
    });
    refuses_texts("path", [&](const char* path, speciesnet_error* error) {
        return speciesnet_image_decode_file(path, nullptr, &image, error);
    });
    refuses_texts("label", [&](const char* label, speciesnet_error* error) {
        return speciesnet_label_short_name(label, &text, error);
    });
    refuses_texts("label", [&](const char* label, speciesnet_error* error) {
        return speciesnet_label_full_class(label, &text, error);
    });
    refuses_texts("label", [&](const char* label, speciesnet_error* error) {
        return speciesnet_rules_ancestor(rules.get(), label, SPECIESNET_LEVEL_FAMILY, &text, error);
    });
    refuses_texts("label", [&](const char* label, speciesnet_error* error) {
        return speciesnet_rules_check_geofence(rules.get(), label, nullptr, &number, error);
    });
    refuses_texts("classes", [&](const char* label, speciesnet_error* error) {
        const speciesnet_scored_label one{label, 1};
        speciesnet_answer* answer = nullptr;
        return speciesnet_rules_apply_geofence(rules.get(), &one, 1, nullptr, &answer, error);
    });
    refuses_texts("country", [&](const char* country, speciesnet_error* error) {
        speciesnet_location location;
        speciesnet_location_init(&location, sizeof location);
        // In the reference, and therefore here, an empty country means an unknown one.
        location.country = *country == '\0' ? "country" : country;
        return speciesnet_rules_check_geofence(rules.get(), lion, &location, &number, error);
    });
    refuses_texts("target_species", [&](const char* label, speciesnet_error* error) {
        speciesnet_load_options options;
        speciesnet_load_options_init(&options, sizeof options);
        options.target_species = &label;
        options.target_species_count = 1;
        return speciesnet_ensemble_load("demo", &options, &ensemble, error);
    });
    CHECK(text == nullptr);
    CHECK(ensemble == nullptr);
    CHECK(image == nullptr);
}

TEST_CASE("a count without an array is refused") {
    const auto rules = few_rules();
    const speciesnet_scored_label one{lion, 1};
    const speciesnet_scored_label nameless{nullptr, 1};
    const speciesnet_level level = SPECIESNET_LEVEL_FAMILY;
    const speciesnet_detection detection{SPECIESNET_CATEGORY_ANIMAL, 0, 1, {0, 0, 1, 1}};
    speciesnet_answer* answer = nullptr;
    speciesnet_predictions* predictions = nullptr;
    CHECK(speciesnet_rules_combine(rules.get(), nullptr, 1, &detection, nullptr, 0, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_combine(rules.get(), &nameless, 1, &detection, nullptr, 0, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_combine(rules.get(), &one, 0, &detection, nullptr, 0, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_combine(rules.get(), &one, 1, &detection, nullptr, 2, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_roll_up(rules.get(), &one, 1, nullptr, nullptr, 1, 0, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_roll_up(rules.get(), nullptr, 5, nullptr, &level, 1, 0, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_ensemble_predict(demo(), nullptr, 5, nullptr, &predictions, nullptr) ==
          refused);

    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.target_species_count = 5;
    speciesnet_ensemble* ensemble = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_ensemble_load("demo", &options, &ensemble, &error) == refused);
    CHECK(std::string(error.message).find("target_species") != std::string::npos);
    CHECK(ensemble == nullptr);

    auto instance = file_instance("photo.jpg");
    instance.detection_count = 5;
    CHECK(speciesnet_ensemble_predict(demo(), &instance, 1, nullptr, &predictions, nullptr) ==
          refused);
}

TEST_CASE("images of impossible sizes are refused, and lent pixels are released") {
    struct Size {
        std::int32_t width;
        std::int32_t height;
        std::size_t stride;
    };
    constexpr auto most = std::numeric_limits<std::int32_t>::max();
    constexpr auto all = std::numeric_limits<std::size_t>::max();
    const std::array<std::uint8_t, 3> pixel{};
    for (const auto& size : {Size{0, 1, 3}, Size{1, 0, 3}, Size{-1, 1, 3}, Size{1, -1, 3},
                             Size{1, 1, 0}, Size{2, 1, 5}, Size{1, most, all},
                             Size{most, most, std::size_t{3} * most}, Size{1, 2, all / 2 + 1}}) {
        CAPTURE(size.width);
        CAPTURE(size.height);
        CAPTURE(size.stride);
        speciesnet_image* image = nullptr;
        int released = 0;
        const auto release = [](void* count) { ++*static_cast<int*>(count); };
        CHECK(speciesnet_image_from_rgb(pixel.data(), size.width, size.height, size.stride, release,
                                        &released, &image, nullptr) == refused);
        CHECK(image == nullptr);
        CHECK(released == 1);
    }
}

TEST_CASE("a location is required where the answer depends only on it") {
    speciesnet_geolocator* geolocator = nullptr;
    REQUIRE(speciesnet_geolocator_new(&geolocator, nullptr) == SPECIESNET_OK);
    char* text = nullptr;
    CHECK(speciesnet_geolocator_admin1_region(geolocator, nullptr, &text, nullptr) == refused);
    constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();
    for (const double latitude : {91.0, -91.0, nowhere, HUGE_VAL}) {
        CHECK(speciesnet_geolocator_country(geolocator, latitude, 0, &text, nullptr) == refused);
    }
    speciesnet_geolocator_free(geolocator);
}

TEST_CASE("numbers out of range are refused before any work") {
    speciesnet_load_options loading;
    speciesnet_ensemble* ensemble = nullptr;
    const auto load_with = [&](const auto& change) {
        speciesnet_load_options_init(&loading, sizeof loading);
        change(loading);
        return speciesnet_ensemble_load("demo", &loading, &ensemble, nullptr);
    };
    constexpr auto most = std::numeric_limits<std::int32_t>::max();
    for (const std::int32_t threads : {-1, -2, 1025, most}) {
        CHECK(load_with([&](auto& options) { options.threads = threads; }) == refused);
        speciesnet_compile_options compiling;
        speciesnet_compile_options_init(&compiling, sizeof compiling);
        compiling.threads = threads;
        CHECK(speciesnet_model_compile("nowhere", &compiling, nullptr, nullptr, nullptr) ==
              refused);
    }
    for (const std::int32_t number : {-1, 0, 99, most}) {
        CHECK(load_with([&](auto& options) { options.components = number; }) == refused);
        CHECK(load_with([&](auto& options) { options.precision = number == 0 ? -1 : number; }) ==
              refused);
        CHECK(load_with([&](auto& options) { options.geofence = number == 0 ? 2 : number; }) ==
              refused);
        CHECK(load_with([&](auto& options) { options.max_jobs = number > 0 ? -7 : number; }) ==
              refused);
    }
    CHECK(load_with([](auto& options) { options.device = "tpu"; }) == refused);

    const auto photo = demo_photo("zebra.jpg");
    const auto instance = file_instance(photo.c_str());
    speciesnet_predict_options predicting;
    speciesnet_predictions* predictions = nullptr;
    const auto predict_with = [&](const auto& change) {
        speciesnet_predict_options_init(&predicting, sizeof predicting);
        change(predicting);
        return speciesnet_ensemble_predict(demo(), &instance, 1, &predicting, &predictions,
                                           nullptr);
    };
    CHECK(predict_with([](auto& options) { options.decoding_threads = 0; }) == refused);
    CHECK(predict_with([](auto& options) { options.decoding_threads = most; }) == refused);
    CHECK(predict_with([](auto& options) { options.batch_size = 0; }) == refused);
    CHECK(predict_with([](auto& options) { options.batch_size = SIZE_MAX; }) == refused);
    CHECK(predict_with([](auto& options) { options.format = 7; }) == refused);
    CHECK(predict_with([](auto& options) { options.explain = 2; }) == refused);
    CHECK(predict_with([](auto& options) { options.coordinates_from_exif = 64; }) == refused);
    for (const double threshold : {std::numeric_limits<double>::quiet_NaN(), -0.1, 1.1}) {
        CHECK(predict_with([&](auto& options) { options.detection_threshold = threshold; }) ==
              refused);
        CHECK(predict_with([&](auto& options) { options.classification_threshold = threshold; }) ==
              refused);
    }
    CHECK(predictions == nullptr);
}

TEST_CASE("structs of a wrong size are refused") {
    const auto photo = demo_photo("zebra.jpg");
    speciesnet_error error;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, SIZE_MAX}) {
        CAPTURE(size);
        speciesnet_load_options loading;
        speciesnet_load_options_init(&loading, sizeof loading);
        loading.size = size;
        speciesnet_ensemble* ensemble = nullptr;
        CHECK(speciesnet_ensemble_load("demo", &loading, &ensemble, &error) == refused);
        CHECK(std::string(error.message).find("_init()") != std::string::npos);

        speciesnet_predict_options predicting;
        speciesnet_predict_options_init(&predicting, sizeof predicting);
        predicting.size = size;
        auto instance = file_instance(photo.c_str());
        speciesnet_predictions* predictions = nullptr;
        CHECK(speciesnet_ensemble_predict(demo(), &instance, 1, &predicting, &predictions,
                                          &error) == refused);
        instance.size = size;
        CHECK(speciesnet_ensemble_predict(demo(), &instance, 1, nullptr, &predictions, &error) ==
              refused);

        speciesnet_decode_limits limits;
        speciesnet_decode_limits_init(&limits, sizeof limits);
        limits.size = size;
        speciesnet_image* image = nullptr;
        CHECK(speciesnet_image_decode_file(photo.c_str(), &limits, &image, &error) == refused);

        speciesnet_json_options writing;
        speciesnet_json_options_init(&writing, sizeof writing);
        writing.size = size;
        char* text = nullptr;
        REQUIRE(speciesnet_predictions_from_json(R"({"predictions": []})", 19, &predictions,
                                                 nullptr) == SPECIESNET_OK);
        const PredictionsHandle owner(predictions);
        CHECK(speciesnet_predictions_to_json(predictions, &writing, &text, nullptr, &error) ==
              refused);

        speciesnet_fetch_options fetching;
        speciesnet_fetch_options_init(&fetching, sizeof fetching);
        fetching.size = size;
        CHECK(speciesnet_model_resolve("demo", &fetching, &text, &error) == refused);
    }
}

TEST_CASE("a job can be cancelled, waited for, taken and freed in any order") {
    const auto photo = demo_photo("zebra.jpg");
    const auto instance = file_instance(photo.c_str());
    for (int order = 0; order < 4; ++order) {
        speciesnet_job* job = nullptr;
        REQUIRE(speciesnet_ensemble_submit(demo(), &instance, 1, nullptr, nullptr, nullptr, &job,
                                           nullptr) == SPECIESNET_OK);
        const JobHandle owner(job);
        speciesnet_predictions* predictions = nullptr;
        if (order == 1) {
            speciesnet_job_cancel(job);
            speciesnet_job_cancel(job);
        }
        if (order == 2) {
            const auto status = speciesnet_job_take(job, &predictions, nullptr);
            CHECK((status == SPECIESNET_ERROR_NOT_FINISHED || status == SPECIESNET_OK));
            speciesnet_predictions_free(predictions);
            predictions = nullptr;
        }
        if (order == 3) {
            continue;  // freed at once
        }
        CHECK(speciesnet_job_wait(job, -1, nullptr) == refused);
        CHECK(speciesnet_job_wait(job, std::numeric_limits<double>::quiet_NaN(), nullptr) ==
              refused);
        REQUIRE(speciesnet_job_wait(job, HUGE_VAL, nullptr) == SPECIESNET_OK);
        const auto status = speciesnet_job_take(job, &predictions, nullptr);
        const PredictionsHandle taken(predictions);
        CHECK(
            (status == SPECIESNET_OK || status == SPECIESNET_ERROR_CANCELLED || status == refused));
        speciesnet_job_cancel(job);
        CHECK(speciesnet_job_take(job, &predictions, nullptr) != SPECIESNET_OK);
    }
}

TEST_CASE("callbacks may call the library") {
    struct Called {
        int progress = 0;
        int received = 0;
    } called;
    const auto photo = demo_photo("zebra.jpg");
    const std::vector<speciesnet_instance> instances(2, file_instance(photo.c_str()));
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    options.progress_user_data = &called;
    options.progress = [](void* data, std::size_t, std::size_t) -> std::int32_t {
        ++static_cast<Called*>(data)->progress;
        const auto image = grey_image(64, 64);
        speciesnet_predictions* found = nullptr;
        const auto status = speciesnet_ensemble_detect(demo(), image.get(), &found, nullptr);
        speciesnet_predictions_free(found);
        return status == SPECIESNET_OK ? 0 : 1;
    };
    const auto receive = [](void* data, speciesnet_predictions* predictions) -> std::int32_t {
        ++static_cast<Called*>(data)->received;
        const PredictionsHandle owner(predictions);
        char* text = nullptr;
        const auto status =
            speciesnet_predictions_to_json(predictions, nullptr, &text, nullptr, nullptr);
        speciesnet_text_free(text);
        return status == SPECIESNET_OK ? 0 : 1;
    };
    CHECK(speciesnet_ensemble_predict_each(demo(), instances.data(), instances.size(), &options,
                                           receive, &called, nullptr) == SPECIESNET_OK);
    CHECK(called.progress == 2);
    CHECK(called.received == 2);
}

TEST_CASE("a callback that stops the work leaves nothing behind") {
    const auto photo = demo_photo("zebra.jpg");
    const std::vector<speciesnet_instance> instances(3, file_instance(photo.c_str()));
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    options.progress = [](void*, std::size_t, std::size_t) -> std::int32_t { return 1; };
    speciesnet_predictions* predictions = nullptr;
    CHECK(speciesnet_ensemble_predict(demo(), instances.data(), instances.size(), &options,
                                      &predictions, nullptr) == SPECIESNET_ERROR_CANCELLED);
    CHECK(predictions == nullptr);
}

TEST_CASE("64 threads use one ensemble, and each its own") {
    const auto photo = demo_photo("zebra.jpg");
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int index = 0; index < 64; ++index) {
        threads.emplace_back([&, index] {
            const auto instance = file_instance(photo.c_str());
            speciesnet_predictions* predictions = nullptr;
            speciesnet_ensemble* own = nullptr;
            speciesnet_load_options options;
            speciesnet_load_options_init(&options, sizeof options);
            options.components = SPECIESNET_COMPONENTS_RULES;
            const bool predicted =
                speciesnet_ensemble_predict(demo(), &instance, 1, nullptr, &predictions, nullptr) ==
                SPECIESNET_OK;
            const bool loaded =
                index % 8 != 0 ||
                speciesnet_ensemble_load("demo", &options, &own, nullptr) == SPECIESNET_OK;
            const auto* found = speciesnet_predictions_at(predictions, 0);
            right +=
                predicted && loaded && speciesnet_prediction_detection_count(found) == 2 ? 1 : 0;
            speciesnet_predictions_free(predictions);
            speciesnet_ensemble_free(own);
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(right == 64);
}

TEST_CASE("a forked child can load its own model") {
    REQUIRE(demo() != nullptr);
    const auto photo = demo_photo("zebra.jpg");
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Uses exit codes instead of checks, because doctest belongs to the parent.
        speciesnet_ensemble* ensemble = nullptr;
        speciesnet_predictions* predictions = nullptr;
        const auto instance = file_instance(photo.c_str());
        speciesnet_error error;
        if (speciesnet_ensemble_load("demo", nullptr, &ensemble, &error) != SPECIESNET_OK) {
            std::fprintf(stderr, "the child: %s\n", error.message);
            _exit(2);
        }
        const auto status =
            speciesnet_ensemble_predict(ensemble, &instance, 1, nullptr, &predictions, nullptr);
        speciesnet_predictions_free(predictions);
        speciesnet_ensemble_free(ensemble);
        _exit(status == SPECIESNET_OK ? 0 : 3);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}
