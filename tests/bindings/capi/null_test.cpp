// SPDX-License-Identifier: Apache-2.0
// A NULL argument is a status, NULL or zero; never a crash.
#include "handles.hpp"

using namespace speciesnet::capi_test;

TEST_CASE("functions with a status refuse NULL") {
    speciesnet_image* image = nullptr;
    speciesnet_rules* rules = nullptr;
    speciesnet_answer* answer = nullptr;
    speciesnet_predictions* predictions = nullptr;
    speciesnet_ensemble* ensemble = nullptr;
    speciesnet_job* job = nullptr;
    char* text = nullptr;
    std::int32_t number = 0;
    constexpr auto refused = SPECIESNET_INVALID_ARGUMENT;

    CHECK(speciesnet_media_validate(nullptr, 1, nullptr, nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_image_decode(nullptr, 1, nullptr, &image, nullptr) == refused);
    CHECK(speciesnet_image_decode("x", 1, nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_image_decode_file(nullptr, nullptr, &image, nullptr) == refused);
    CHECK(speciesnet_image_from_rgb(nullptr, 1, 1, 3, nullptr, nullptr, &image, nullptr) ==
          refused);
    CHECK(speciesnet_label_short_name(nullptr, &text, nullptr) == refused);
    CHECK(speciesnet_label_full_class(nullptr, &text, nullptr) == refused);
    CHECK(speciesnet_label_full_class("a;b;c;d;e;f;g", nullptr, nullptr) == refused);
    CHECK(speciesnet_rules_new(nullptr, 0, "{}", 2, 1, &rules, nullptr) == refused);
    CHECK(speciesnet_rules_new("", 0, nullptr, 0, 1, &rules, nullptr) == refused);
    CHECK(speciesnet_rules_combine(nullptr, nullptr, nullptr, 1, nullptr, nullptr, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_explain(nullptr, nullptr, nullptr, 1, nullptr, nullptr, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_apply_geofence(nullptr, nullptr, nullptr, 0, nullptr, &answer,
                                          nullptr) == refused);
    CHECK(speciesnet_rules_roll_up(nullptr, nullptr, nullptr, 0, nullptr, nullptr, 1, 0, &answer,
                                   nullptr) == refused);
    CHECK(speciesnet_rules_check_geofence(nullptr, nullptr, nullptr, &number, nullptr) == refused);
    CHECK(speciesnet_rules_check_geofence(nullptr, nullptr, nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_rules_ancestor(nullptr, nullptr, 1, &text, nullptr) == refused);
    CHECK(speciesnet_predictions_to_json(nullptr, nullptr, &text, nullptr, nullptr) == refused);
    CHECK(speciesnet_predictions_from_json(nullptr, 0, &predictions, nullptr) == refused);
    CHECK(speciesnet_rules_combine_past_runs(nullptr, nullptr, 0, nullptr, nullptr, nullptr,
                                             &predictions, nullptr) == refused);
    CHECK(speciesnet_model_resolve(nullptr, nullptr, &text, nullptr) == refused);
    CHECK(speciesnet_model_export(nullptr, "x", nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_model_export("x", nullptr, nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_model_compile(nullptr, SPECIESNET_PRECISION_FLOAT32, 1, nullptr, nullptr,
                                   nullptr) == refused);
    CHECK(speciesnet_model_verify(nullptr, nullptr) == refused);
    CHECK(speciesnet_model_remove(nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_model_list_new(nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_geolocator_new(nullptr, nullptr) == refused);
    CHECK(speciesnet_geolocator_admin1_region(nullptr, nullptr, &text, nullptr) == refused);
    CHECK(speciesnet_geolocator_country(nullptr, 0, 0, &text, nullptr) == refused);
    CHECK(speciesnet_ensemble_load(nullptr, nullptr, &ensemble, nullptr) == refused);
    CHECK(speciesnet_ensemble_load("demo", nullptr, nullptr, nullptr) == refused);
    CHECK(speciesnet_ensemble_detect(nullptr, nullptr, &predictions, nullptr) == refused);
    CHECK(speciesnet_ensemble_detect(demo(), nullptr, &predictions, nullptr) == refused);
    CHECK(speciesnet_ensemble_classify(demo(), nullptr, nullptr, 1, 5, &predictions, nullptr) ==
          refused);
    CHECK(speciesnet_ensemble_predict(nullptr, nullptr, 0, nullptr, &predictions, nullptr) ==
          refused);
    CHECK(speciesnet_ensemble_predict(demo(), nullptr, 1, nullptr, &predictions, nullptr) ==
          refused);
    CHECK(speciesnet_ensemble_predict_each(demo(), nullptr, 0, nullptr, nullptr, nullptr,
                                           nullptr) == refused);
    CHECK(speciesnet_ensemble_submit(nullptr, nullptr, 0, nullptr, nullptr, nullptr, &job,
                                     nullptr) == refused);
    CHECK(speciesnet_ensemble_submit(demo(), nullptr, 0, nullptr, nullptr, nullptr, nullptr,
                                     nullptr) == refused);
    CHECK(speciesnet_job_wait(nullptr, 0, nullptr) == refused);
    CHECK(speciesnet_job_take(nullptr, &predictions, nullptr) == refused);
}

TEST_CASE("functions without a status give nothing for NULL") {
    CHECK(speciesnet_media_type_name(0) == nullptr);
    CHECK(speciesnet_image_width(nullptr) == 0);
    CHECK(speciesnet_image_height(nullptr) == 0);
    CHECK(speciesnet_image_pixels(nullptr) == nullptr);
    CHECK(speciesnet_answer_label(nullptr) == nullptr);
    CHECK(speciesnet_answer_score(nullptr) == 0);
    CHECK(speciesnet_answer_source(nullptr) == nullptr);
    CHECK(speciesnet_answer_rule(nullptr) == nullptr);
    CHECK(speciesnet_answer_reason(nullptr) == nullptr);
    CHECK(speciesnet_answer_blocked_by(nullptr) == SPECIESNET_NOT_BLOCKED);
    CHECK(speciesnet_model_list_count(nullptr) == 0);
    CHECK(speciesnet_model_list_name(nullptr, 0) == nullptr);
    CHECK(speciesnet_model_list_folder(nullptr, 0) == nullptr);
    CHECK(speciesnet_model_list_bytes(nullptr, 0) == 0);
    CHECK(speciesnet_predictions_count(nullptr) == 0);
    CHECK(speciesnet_predictions_at(nullptr, 0) == nullptr);
    CHECK(speciesnet_prediction_filepath(nullptr) == nullptr);
    CHECK(speciesnet_prediction_failures(nullptr) == 0);
    CHECK(speciesnet_prediction_failure_reason(nullptr) == nullptr);
    CHECK(speciesnet_prediction_model_version(nullptr) == nullptr);
    CHECK(speciesnet_prediction_detections(nullptr) == nullptr);
    CHECK(speciesnet_prediction_detection_count(nullptr) == 0);
    CHECK(speciesnet_prediction_classes(nullptr, 0, nullptr) == nullptr);
    CHECK(speciesnet_prediction_targets(nullptr, 0, nullptr) == nullptr);
    CHECK(speciesnet_prediction_answer(nullptr, 0) == nullptr);
    CHECK(speciesnet_prediction_image_answer(nullptr) == nullptr);
    CHECK(speciesnet_ensemble_model_version(nullptr) == nullptr);
    CHECK(speciesnet_ensemble_model_type(nullptr) == 0);
    CHECK(speciesnet_ensemble_is_demo(nullptr) == 0);
    CHECK(speciesnet_ensemble_description(nullptr) == nullptr);
    CHECK(speciesnet_ensemble_threads(nullptr) == 0);
    CHECK(speciesnet_ensemble_precision(nullptr) == 0);
    CHECK(speciesnet_ensemble_label_count(nullptr) == 0);
    CHECK(speciesnet_ensemble_label(nullptr, 0) == nullptr);
    CHECK(speciesnet_ensemble_rules(nullptr) == nullptr);
}

TEST_CASE("init, cancel and free take NULL") {
    speciesnet_location location;
    speciesnet_prediction_location(nullptr, &location, sizeof location);
    CHECK(location.country == nullptr);
    speciesnet_prediction_location(nullptr, nullptr, 0);
    speciesnet_decode_limits_init(nullptr, 8);
    speciesnet_location_init(nullptr, 8);
    speciesnet_json_options_init(nullptr, 8);
    speciesnet_combine_options_init(nullptr, 8);
    speciesnet_fetch_options_init(nullptr, 8);
    speciesnet_load_options_init(nullptr, 8);
    speciesnet_instance_init(nullptr, 8);
    speciesnet_predict_options_init(nullptr, 8);
    speciesnet_job_cancel(nullptr);
    speciesnet_text_free(nullptr);
    speciesnet_image_free(nullptr);
    speciesnet_answer_free(nullptr);
    speciesnet_rules_free(nullptr);
    speciesnet_predictions_free(nullptr);
    speciesnet_model_list_free(nullptr);
    speciesnet_geolocator_free(nullptr);
    speciesnet_ensemble_free(nullptr);
    speciesnet_job_free(nullptr);
}
