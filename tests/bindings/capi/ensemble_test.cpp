// SPDX-License-Identifier: Apache-2.0
// The demonstration model through the C ABI.
#include "handles.hpp"
#include "needs.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace speciesnet::capi_test;

namespace {

const std::string zebra_path = demo_photo("zebra.jpg");

ImageHandle zebra() {
    speciesnet_image* image = nullptr;
    REQUIRE(speciesnet_image_decode_file(zebra_path.c_str(), nullptr, &image, nullptr) ==
            SPECIESNET_OK);
    return ImageHandle(image);
}

PredictionsHandle predict(const std::vector<speciesnet_instance>& instances,
                          const speciesnet_predict_options* options = nullptr) {
    speciesnet_predictions* predictions = nullptr;
    speciesnet_error error;
    REQUIRE_MESSAGE(speciesnet_ensemble_predict(demo(), instances.data(), instances.size(), options,
                                                &predictions, &error) == SPECIESNET_OK,
                    error.message);
    return PredictionsHandle(predictions);
}

}  // namespace

TEST_CASE("the demonstration model identifies itself") {
    CHECK(speciesnet_ensemble_is_demo(demo()) == 1);
    CHECK(std::string(speciesnet_ensemble_model_version(demo())).find("demo") == 0);
    CHECK(std::string(speciesnet_ensemble_description(demo())) != "");
    CHECK(speciesnet_ensemble_model_type(demo()) == SPECIESNET_MODEL_ALWAYS_CROP);
    CHECK(speciesnet_ensemble_threads(demo()) >= 1);
    CHECK(speciesnet_ensemble_precision(demo()) == SPECIESNET_PRECISION_FLOAT32);
    const auto labels = speciesnet_ensemble_label_count(demo());
    REQUIRE(labels > 0);
    CHECK(speciesnet_ensemble_label(demo(), labels - 1) != nullptr);
    CHECK(speciesnet_ensemble_label(demo(), labels) == nullptr);
    CHECK(speciesnet_ensemble_rules(demo()) != nullptr);
}

TEST_CASE("an ensemble with other rules shares the networks, and outlives the first") {
    speciesnet_error error;
    speciesnet_rules* made = nullptr;
    REQUIRE_MESSAGE(speciesnet_rules_with_species_list(speciesnet_ensemble_rules(demo()), "lion", 4,
                                                       SPECIESNET_UNKNOWN_TAXA_REFUSE, &made,
                                                       &error) == SPECIESNET_OK,
                    error.message);
    const RulesHandle rules(made);
    speciesnet_ensemble* first = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", nullptr, &first, &error) == SPECIESNET_OK);
    speciesnet_ensemble* second = nullptr;
    REQUIRE(speciesnet_ensemble_with_rules(first, rules.get(), &second, &error) == SPECIESNET_OK);
    speciesnet_ensemble_free(first);
    const EnsembleHandle local(second);

    const auto photo = file_instance(zebra_path.c_str());
    speciesnet_predictions* predictions = nullptr;
    REQUIRE(speciesnet_ensemble_predict(local.get(), &photo, 1, nullptr, &predictions, &error) ==
            SPECIESNET_OK);
    const PredictionsHandle list(predictions);
    const auto* answer =
        speciesnet_prediction_image_answer(speciesnet_predictions_at(list.get(), 0));
    REQUIRE(answer != nullptr);
    CHECK(short_name(answer) != "equus_quagga");
    CHECK(speciesnet_ensemble_label_count(local.get()) == speciesnet_ensemble_label_count(demo()));

    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.components = SPECIESNET_COMPONENTS_DETECTOR;
    REQUIRE(speciesnet_ensemble_load("demo", &options, &first, &error) == SPECIESNET_OK);
    const EnsembleHandle detector(first);
    CHECK(speciesnet_ensemble_with_rules(detector.get(), rules.get(), &second, &error) ==
          SPECIESNET_ERROR_MODEL_COMPONENT_MISSING);
}

TEST_CASE("a file and its decoded image get the same answer") {
    const auto image = zebra();
    auto file = file_instance(zebra_path.c_str());
    auto pixels = file_instance(zebra_path.c_str());
    pixels.image = image.get();
    const auto list = predict({file, pixels, file});
    REQUIRE(speciesnet_predictions_count(list.get()) == 3);
    for (std::size_t index = 0; index < 3; ++index) {
        const auto* prediction = speciesnet_predictions_at(list.get(), index);
        CHECK(speciesnet_prediction_filepath(prediction) == zebra_path);
        const auto* answer = speciesnet_prediction_image_answer(prediction);
        REQUIRE(answer != nullptr);
        CHECK(short_name(answer) == "equus_quagga");
        CHECK(speciesnet_answer_score(answer) ==
              speciesnet_answer_score(
                  speciesnet_prediction_image_answer(speciesnet_predictions_at(list.get(), 0))));
    }
}

TEST_CASE("detecting and classifying step by step finds what predict finds") {
    const auto image = zebra();
    speciesnet_predictions* detected = nullptr;
    REQUIRE(speciesnet_ensemble_detect(demo(), image.get(), &detected, nullptr) == SPECIESNET_OK);
    const PredictionsHandle detections_owner(detected);
    const auto* detections =
        speciesnet_prediction_detections(speciesnet_predictions_at(detected, 0));
    REQUIRE(detections != nullptr);

    speciesnet_predictions* classified = nullptr;
    REQUIRE(speciesnet_ensemble_classify(demo(), image.get(), detections, 1, SPECIESNET_ALL,
                                         &classified, nullptr) == SPECIESNET_OK);
    const PredictionsHandle classes_owner(classified);
    std::size_t count = 0;
    const auto* classes =
        speciesnet_prediction_classes(speciesnet_predictions_at(classified, 0), 0, &count);
    CHECK(count == speciesnet_ensemble_label_count(demo()));

    const auto list = predict({file_instance(zebra_path.c_str())});
    const auto* prediction = speciesnet_predictions_at(list.get(), 0);
    CHECK(speciesnet_prediction_detections(prediction)[0].conf == detections[0].conf);
    const auto* expected = speciesnet_prediction_classes(prediction, 0, &count);
    REQUIRE(count == 2);
    CHECK(std::string(classes[0].label) == expected[0].label);
    CHECK(classes[0].score == doctest::Approx(expected[0].score).epsilon(1e-4));
}

TEST_CASE("a photo that cannot be read fails alone and is logged") {
    std::vector<std::pair<std::int32_t, std::string>> messages;
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.log_user_data = &messages;
    options.log = [](void* user_data, std::int32_t level, const char* message) {
        static_cast<decltype(messages)*>(user_data)->emplace_back(level, message);
    };
    speciesnet_ensemble* ensemble = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", &options, &ensemble, nullptr) == SPECIESNET_OK);
    const EnsembleHandle owner(ensemble);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].first == SPECIESNET_LOG_INFORMATION);
    CHECK(messages[0].second.find("demo") != std::string::npos);

    const std::array instances{file_instance("/nowhere/a.jpg"), file_instance(zebra_path.c_str())};
    speciesnet_predictions* predictions = nullptr;
    REQUIRE(speciesnet_ensemble_predict(ensemble, instances.data(), instances.size(), nullptr,
                                        &predictions, nullptr) == SPECIESNET_OK);
    const PredictionsHandle list(predictions);
    const auto* missing = speciesnet_predictions_at(predictions, 0);
    CHECK(speciesnet_prediction_failures(missing) ==
          (SPECIESNET_FAILURE_CLASSIFIER | SPECIESNET_FAILURE_DETECTOR));
    CHECK(std::string(speciesnet_prediction_failure_reason(missing)) != "");
    CHECK(speciesnet_prediction_failures(speciesnet_predictions_at(predictions, 1)) == 0);
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].first == SPECIESNET_LOG_WARNING);
    CHECK(messages[1].second.find("/nowhere/a.jpg") == 0);
}

TEST_CASE("progress is reported after each photo, and can stop the batch") {
    struct Watch {
        std::vector<std::pair<std::size_t, std::size_t>> calls;
        std::size_t stop_after;
    } watch{{}, 99};
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    options.progress_user_data = &watch;
    options.progress = [](void* user_data, std::size_t done, std::size_t total) -> std::int32_t {
        auto& seen = *static_cast<Watch*>(user_data);
        seen.calls.emplace_back(done, total);
        return done == seen.stop_after ? 1 : 0;
    };
    const auto image = zebra();
    auto pixels = file_instance(zebra_path.c_str());
    pixels.image = image.get();
    const std::vector<speciesnet_instance> instances{file_instance(zebra_path.c_str()), pixels,
                                                     file_instance(zebra_path.c_str())};
    predict(instances, &options);
    CHECK(watch.calls == std::vector<std::pair<std::size_t, std::size_t>>{{1, 3}, {2, 3}, {3, 3}});

    watch = {{}, 2};
    speciesnet_predictions* predictions = nullptr;
    CHECK(speciesnet_ensemble_predict(demo(), instances.data(), instances.size(), &options,
                                      &predictions, nullptr) == SPECIESNET_ERROR_CANCELLED);
    CHECK(predictions == nullptr);
    CHECK(watch.calls.size() == 2);
}

TEST_CASE("loading reports each component, and can be cancelled") {
    std::vector<std::pair<std::size_t, std::size_t>> calls;
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.progress_user_data = &calls;
    options.progress = [](void* user_data, std::size_t done, std::size_t total) -> std::int32_t {
        auto& seen = *static_cast<decltype(calls)*>(user_data);
        seen.emplace_back(done, total);
        return seen.size() == 5 ? 1 : 0;
    };
    speciesnet_ensemble* ensemble = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", &options, &ensemble, nullptr) == SPECIESNET_OK);
    speciesnet_ensemble_free(ensemble);
    CHECK(calls == std::vector<std::pair<std::size_t, std::size_t>>{{1, 3}, {2, 3}, {3, 3}});
    CHECK(speciesnet_ensemble_load("demo", &options, &ensemble, nullptr) ==
          SPECIESNET_ERROR_CANCELLED);
    CHECK(ensemble == nullptr);
    CHECK(calls.size() == 5);
}

TEST_CASE("detections of an earlier run replace the detector, for files and for images") {
    const speciesnet_detection given{SPECIESNET_CATEGORY_ANIMAL, 0, 0.75, {0.25, 0.25, 0.5, 0.5}};
    const auto image = zebra();
    auto file = file_instance(zebra_path.c_str());
    file.detections = &given;
    file.detection_count = 1;
    auto pixels = file;
    pixels.image = image.get();
    auto nothing_found = file;
    nothing_found.detection_count = 0;
    const auto list = predict({file, pixels, nothing_found});
    for (std::size_t index = 0; index < 2; ++index) {
        const auto* prediction = speciesnet_predictions_at(list.get(), index);
        REQUIRE(speciesnet_prediction_detection_count(prediction) == 1);
        CHECK(speciesnet_prediction_detections(prediction)->conf == 0.75);
    }
    const auto* empty = speciesnet_predictions_at(list.get(), 2);
    CHECK(speciesnet_prediction_detections(empty) != nullptr);
    CHECK(speciesnet_prediction_detection_count(empty) == 0);
}

TEST_CASE("predictions are passed on one by one, until the receiver stops") {
    struct Receiver {
        std::vector<PredictionsHandle> lists;
        std::size_t enough;
    } receiver{{}, 99};
    const auto receive = [](void* user_data, speciesnet_predictions* predictions) -> std::int32_t {
        auto& mine = *static_cast<Receiver*>(user_data);
        mine.lists.emplace_back(predictions);
        return mine.lists.size() == mine.enough ? 1 : 0;
    };
    const std::vector<speciesnet_instance> instances{file_instance("/nowhere/a.jpg"),
                                                     file_instance(zebra_path.c_str()),
                                                     file_instance("/nowhere/b.jpg")};
    const auto run = [&] {
        return speciesnet_ensemble_predict_each(demo(), instances.data(), instances.size(), nullptr,
                                                receive, &receiver, nullptr);
    };
    REQUIRE(run() == SPECIESNET_OK);
    REQUIRE(receiver.lists.size() == 3);
    for (std::size_t index = 0; index < 3; ++index) {
        CHECK(speciesnet_predictions_count(receiver.lists[index].get()) == 1);
        CHECK(speciesnet_prediction_filepath(speciesnet_predictions_at(
                  receiver.lists[index].get(), 0)) == std::string(instances[index].filepath));
    }
    receiver = {{}, 2};
    CHECK(run() == SPECIESNET_ERROR_CANCELLED);
    CHECK(receiver.lists.size() == 2);
}

TEST_CASE("predictions have explanations if requested") {
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    const auto photo = file_instance(zebra_path.c_str());
    const auto silent = predict({photo}, &options);
    options.explain = 1;
    const auto explained = predict({photo}, &options);
    const auto rule = [](const PredictionsHandle& list) {
        const auto* explanation = speciesnet_answer_explanation(
            speciesnet_prediction_image_answer(speciesnet_predictions_at(list.get(), 0)));
        return explanation == nullptr ? nullptr : explanation->rule;
    };
    CHECK(rule(silent) == nullptr);
    REQUIRE(rule(explained) != nullptr);
    CHECK(rule(explained) == std::string("4a"));
    char* json = nullptr;
    REQUIRE(speciesnet_predictions_to_json(explained.get(), nullptr, &json, nullptr, nullptr) ==
            SPECIESNET_OK);
    CHECK(take_text(json).find("\"explanation\"") != std::string::npos);
}

TEST_CASE("a country is derived from coordinates if requested") {
    speciesnet_location nairobi;
    speciesnet_location_init(&nairobi, sizeof nairobi);
    nairobi.latitude = -1.3;
    nairobi.longitude = 36.8;
    auto photo = file_instance(zebra_path.c_str());
    photo.location = &nairobi;
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    const auto country = [&] {
        const auto list = predict({photo}, &options);
        speciesnet_location place;
        speciesnet_prediction_location(speciesnet_predictions_at(list.get(), 0), &place,
                                       sizeof place);
        return std::string(place.country == nullptr ? "" : place.country);
    };
    CHECK(country() == "");
    options.country_from_coordinates = 1;
    CHECK(country() == "KEN");
}

TEST_CASE("prediction options out of range are refused") {
    const auto photo = file_instance(zebra_path.c_str());
    const auto status = [&](auto member, auto value) {
        speciesnet_predict_options options;
        speciesnet_predict_options_init(&options, sizeof options);
        options.*member = value;
        speciesnet_predictions* predictions = nullptr;
        return speciesnet_ensemble_predict(demo(), &photo, 1, &options, &predictions, nullptr);
    };
    CHECK(status(&speciesnet_predict_options::explain, 2) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_predict_options::batch_size, 0) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_predict_options::decoding_threads, 0) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_predict_options::places_as_given, 8) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_predict_options::format, 3) == SPECIESNET_ERROR_INVALID_ARGUMENT);
}

TEST_CASE("target species get their logits, and an unknown one a warning") {
    const std::array<const char*, 2> targets{speciesnet_ensemble_label(demo(), 0), "no;such"};
    int warnings = 0;
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.target_species = targets.data();
    options.target_species_count = targets.size();
    options.log_user_data = &warnings;
    options.log = [](void* user_data, std::int32_t level, const char*) {
        *static_cast<int*>(user_data) += level == SPECIESNET_LOG_WARNING ? 1 : 0;
    };
    speciesnet_ensemble* ensemble = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", &options, &ensemble, nullptr) == SPECIESNET_OK);
    const EnsembleHandle owner(ensemble);
    CHECK(warnings == 1);

    const auto instance = file_instance(zebra_path.c_str());
    speciesnet_predictions* predictions = nullptr;
    REQUIRE(speciesnet_ensemble_predict(ensemble, &instance, 1, nullptr, &predictions, nullptr) ==
            SPECIESNET_OK);
    const PredictionsHandle list(predictions);
    std::size_t count = 0;
    const auto* logits =
        speciesnet_prediction_targets(speciesnet_predictions_at(predictions, 0), 0, &count);
    REQUIRE(count == 1);
    CHECK(logits[0].label == std::string(targets[0]));
}

TEST_CASE("using a component that was not loaded gives component_missing") {
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.components = SPECIESNET_COMPONENTS_RULES;
    speciesnet_ensemble* ensemble = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", &options, &ensemble, nullptr) == SPECIESNET_OK);
    const EnsembleHandle owner(ensemble);
    CHECK(speciesnet_ensemble_rules(ensemble) != nullptr);
    CHECK(speciesnet_ensemble_label_count(ensemble) == 0);
    speciesnet_predictions* predictions = nullptr;
    CHECK(speciesnet_ensemble_detect(ensemble, zebra().get(), &predictions, nullptr) ==
          SPECIESNET_ERROR_MODEL_COMPONENT_MISSING);
}

TEST_CASE("load refuses invalid arguments, each with its status") {
    speciesnet_ensemble* ensemble = nullptr;
    CHECK(speciesnet_ensemble_load("/nowhere/model", nullptr, &ensemble, nullptr) ==
          SPECIESNET_ERROR_NOT_FOUND);
    const auto status = [&](std::int32_t speciesnet_load_options::*member, std::int32_t value) {
        speciesnet_load_options options;
        speciesnet_load_options_init(&options, sizeof options);
        options.*member = value;
        return speciesnet_ensemble_load("demo", &options, &ensemble, nullptr);
    };
    CHECK(status(&speciesnet_load_options::threads, -1) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_load_options::components, 9) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_load_options::geofence, 2) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_load_options::max_jobs, 0) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_load_options::precision, 4) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(ensemble == nullptr);
}

TEST_CASE("a malformed instance is refused before any work") {
    std::array instances{file_instance("a.jpg"), file_instance("b.jpg")};
    const auto status = [&] {
        speciesnet_predictions* predictions = nullptr;
        return speciesnet_ensemble_predict(demo(), instances.data(), instances.size(), nullptr,
                                           &predictions, nullptr);
    };
    instances[1].filepath = nullptr;
    CHECK(status() == SPECIESNET_ERROR_INVALID_ARGUMENT);
    instances[1] = file_instance("b.jpg");
    instances[1].size += 8;
    CHECK(status() == SPECIESNET_ERROR_INVALID_ARGUMENT);
    instances[1] = file_instance("b.jpg");
    speciesnet_location location;
    speciesnet_location_init(&location, sizeof location);
    location.latitude = 91;
    instances[1].location = &location;
    CHECK(status() == SPECIESNET_ERROR_INVALID_ARGUMENT);
    instances[1] = file_instance("b.jpg");
    instances[1].detection_count = 1;
    CHECK(status() == SPECIESNET_ERROR_INVALID_ARGUMENT);
    const speciesnet_detection unknown{9, 0, 0.9, {0, 0, 1, 1}};
    instances[1].detections = &unknown;
    CHECK(status() == SPECIESNET_ERROR_INVALID_ARGUMENT);
}

TEST_CASE("detections below a threshold are neither reported nor classified") {
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    const auto photo = file_instance(zebra_path.c_str());
    const auto count = [&](double threshold) {
        options.detection_threshold = threshold;
        const auto list = predict({photo}, &options);
        return speciesnet_prediction_detection_count(speciesnet_predictions_at(list.get(), 0));
    };
    const auto list = predict({photo}, nullptr);
    const auto* prediction = speciesnet_predictions_at(list.get(), 0);
    const auto* found = speciesnet_prediction_detections(prediction);
    const auto all = speciesnet_prediction_detection_count(prediction);
    REQUIRE(all >= 1);
    CHECK(count(0.01) == all);
    CHECK(count(found[0].conf) >= 1);
    CHECK(count(1) == (found[0].conf >= 1 ? 1 : 0));
}

namespace {

/// Files of a folder, in the memory of the caller.
struct MemoryFiles {
    std::map<std::string, std::string> contents;

    explicit MemoryFiles(const std::string& folder) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            std::ifstream file(entry.path(), std::ios::binary);
            contents[entry.path().filename().string()] = {std::istreambuf_iterator<char>(file), {}};
        }
    }

    static std::int32_t read(void* user_data, const char* file, const void** bytes,
                             std::size_t* length) {
        const auto& contents = static_cast<MemoryFiles*>(user_data)->contents;
        const auto found = contents.find(file);
        if (found == contents.end()) {
            return 1;
        }
        *bytes = found->second.data();
        *length = found->second.size();
        return 0;
    }
};

}  // namespace

TEST_CASE("a model in memory gives the answers of its folder") {
    MemoryFiles files(SPECIESNET_DEMO "/model");
    speciesnet_ensemble* ensemble = nullptr;
    speciesnet_error error;
    REQUIRE_MESSAGE(speciesnet_ensemble_load_files(MemoryFiles::read, &files, nullptr, &ensemble,
                                                   &error) == SPECIESNET_OK,
                    error.message);
    const EnsembleHandle owner(ensemble);
    const auto photo = file_instance(zebra_path.c_str());
    speciesnet_predictions* predictions = nullptr;
    REQUIRE(speciesnet_ensemble_predict(ensemble, &photo, 1, nullptr, &predictions, nullptr) ==
            SPECIESNET_OK);
    const PredictionsHandle list(predictions);
    const auto expected = predict({photo}, nullptr);
    const auto answer = [](const PredictionsHandle& given) {
        return speciesnet_prediction_image_answer(speciesnet_predictions_at(given.get(), 0));
    };
    CHECK(speciesnet_answer_label(answer(list)) ==
          std::string(speciesnet_answer_label(answer(expected))));
    CHECK(speciesnet_answer_score(answer(list)) == speciesnet_answer_score(answer(expected)));

    files.contents.erase("classifier.pt");
    CHECK(speciesnet_ensemble_load_files(MemoryFiles::read, &files, nullptr, &ensemble, &error) ==
          SPECIESNET_ERROR_MODEL_INCOMPLETE);
    CHECK(std::string(error.message).find("classifier.pt") != std::string::npos);
}

TEST_CASE("a model is loaded by name, and offline a missing one is not found" *
          speciesnet::Needs(SPECIESNET_HAS_DOWNLOAD != 0, "support of downloads")) {
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.offline = 1;
    speciesnet_ensemble* ensemble = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_ensemble_load("hf:owner/repository", &options, &ensemble, &error) ==
          SPECIESNET_ERROR_NOT_FOUND);
    CHECK(std::string(error.message).find("offline") != std::string::npos);
    CHECK(speciesnet_ensemble_load("kaggle:no", &options, &ensemble, &error) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(ensemble == nullptr);
}
