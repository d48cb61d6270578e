// SPDX-License-Identifier: Apache-2.0
// Calls each function with each pointer NULL, one at a time: the result is a status, NULL or zero,
// never a crash.
#include "handles.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

using namespace speciesnet::capi_test;

namespace {

/// The values that functions return through pointers.
struct Outputs {
    speciesnet_media_info info{};
    speciesnet_image* image = nullptr;
    speciesnet_rules* rules = nullptr;
    speciesnet_answer* answer = nullptr;
    speciesnet_predictions* predictions = nullptr;
    speciesnet_model_list* models = nullptr;
    speciesnet_geolocator* geolocator = nullptr;
    speciesnet_ensemble* ensemble = nullptr;
    speciesnet_job* job = nullptr;
    speciesnet_error error{};
    char* text = nullptr;
    std::size_t length = 0;
    std::int32_t number = 0;

    Outputs() = default;
    Outputs(const Outputs&) = delete;
    Outputs& operator=(const Outputs&) = delete;
    ~Outputs() { release(); }

    void release() {
        speciesnet_image_free(std::exchange(image, nullptr));
        speciesnet_rules_free(std::exchange(rules, nullptr));
        speciesnet_answer_free(std::exchange(answer, nullptr));
        speciesnet_predictions_free(std::exchange(predictions, nullptr));
        speciesnet_model_list_free(std::exchange(models, nullptr));
        speciesnet_geolocator_free(std::exchange(geolocator, nullptr));
        speciesnet_job_free(std::exchange(job, nullptr));
        speciesnet_ensemble_free(std::exchange(ensemble, nullptr));
        speciesnet_text_free(std::exchange(text, nullptr));
    }
};

/// Calls a function once for each of its pointers, with NULL for that one.
class NullForEach {
public:
    /// @param pointers a letter for each parameter: 'n' if it must not be NULL, 'o' if it may be,
    ///                 '-' if it is not a pointer
    NullForEach(const char* name, std::string_view pointers, Outputs& outputs)
        : name_(name), pointers_(pointers), outputs_(outputs) {}

    template <typename... Parameters>
    void call(speciesnet_status (*function)(Parameters...),
              std::type_identity_t<Parameters>... arguments) const {
        CAPTURE(name_);
        REQUIRE(pointers_.size() == sizeof...(Parameters));
        const std::tuple<Parameters...> given(arguments...);
        CHECK(std::apply(function, given) != SPECIESNET_ERROR_INVALID_ARGUMENT);
        outputs_.release();
        call_with_nulls(function, given, std::index_sequence_for<Parameters...>());
    }

private:
    template <typename Function, typename Arguments, std::size_t... indices>
    void call_with_nulls(Function function, const Arguments& given,
                         std::index_sequence<indices...>) const {
        (call_with_null<indices>(function, given), ...);
    }

    template <std::size_t index, typename Function, typename Arguments>
    void call_with_null(Function function, Arguments arguments) const {
        using Parameter = std::tuple_element_t<index, Arguments>;
        CAPTURE(index);
        REQUIRE((pointers_[index] == '-') == !std::is_pointer_v<Parameter>);
        if constexpr (std::is_pointer_v<Parameter>) {
            std::get<index>(arguments) = nullptr;
            const auto status = std::apply(function, arguments);
            CHECK((status == SPECIESNET_ERROR_INVALID_ARGUMENT) == (pointers_[index] == 'n'));
            CHECK(status != SPECIESNET_ERROR_INTERNAL);
            outputs_.release();
        }
    }

    const char* name_;
    std::string_view pointers_;
    Outputs& outputs_;
};

#define NULL_FOR_EACH(pointers, function, ...) \
    NullForEach(#function, pointers, out).call(function, __VA_ARGS__)

PredictionsHandle no_predictions() {
    constexpr std::string_view text = R"({"predictions": []})";
    speciesnet_predictions* predictions = nullptr;
    REQUIRE(speciesnet_predictions_from_json(text.data(), text.size(), &predictions, nullptr) ==
            SPECIESNET_OK);
    return PredictionsHandle(predictions);
}

template <typename Struct>
Struct initialised(void (*initialise)(Struct*, std::size_t)) {
    Struct value;
    initialise(&value, sizeof value);
    return value;
}

std::string content_of(const char* path) {
    std::ifstream file(path);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("media and images: each pointer NULL") {
    Outputs out;
    constexpr std::array<std::uint8_t, 3> pixel{};
    const auto limits = initialised(speciesnet_decode_limits_init);
    const auto path = demo_photo("zebra.jpg");
    const auto photo = content_of(path.c_str());
    const auto release = [](void*) {};
    NULL_FOR_EACH("n-oooo", speciesnet_media_validate, photo.data(), photo.size(), "image/jpeg",
                  &limits, &out.info, &out.error);
    NULL_FOR_EACH("n-oono", speciesnet_image_decode, photo.data(), photo.size(), "image/jpeg",
                  &limits, &out.image, &out.error);
    NULL_FOR_EACH("nono", speciesnet_image_decode_file, path.c_str(), &limits, &out.image,
                  &out.error);
    NULL_FOR_EACH("n---oono", speciesnet_image_from_rgb, pixel.data(), 1, 1, 3, release, &out,
                  &out.image, &out.error);
}

TEST_CASE("labels and rules: each pointer NULL") {
    Outputs out;
    const auto rules = few_rules();
    const auto location = initialised(speciesnet_location_init);
    const speciesnet_scored_label one{lion, 1};
    const std::int32_t level = SPECIESNET_LEVEL_FAMILY;
    const speciesnet_detection detection{SPECIESNET_CATEGORY_ANIMAL, 0, 1, {0, 0, 1, 1}};
    NULL_FOR_EACH("nno", speciesnet_label_short_name, lion, &out.text, &out.error);
    NULL_FOR_EACH("nno", speciesnet_label_full_class, lion, &out.text, &out.error);
    NULL_FOR_EACH("n-n--no", speciesnet_rules_new, lion, 46, "{}", 2, 1, &out.rules, &out.error);
    NULL_FOR_EACH("nn-no-no", speciesnet_rules_combine, rules.get(), &one, 1, &detection, &location,
                  1, &out.answer, &out.error);
    NULL_FOR_EACH("nn-ono", speciesnet_rules_apply_geofence, rules.get(), &one, 1, &location,
                  &out.answer, &out.error);
    NULL_FOR_EACH("nn-on--no", speciesnet_rules_roll_up, rules.get(), &one, 1, &location, &level, 1,
                  0.5, &out.answer, &out.error);
    NULL_FOR_EACH("nnono", speciesnet_rules_check_geofence, rules.get(), lion, &location,
                  &out.number, &out.error);
    NULL_FOR_EACH("nn-no", speciesnet_rules_ancestor, rules.get(), lion, SPECIESNET_LEVEL_FAMILY,
                  &out.text, &out.error);
    constexpr std::string_view table = "taxon,action\nanimal,allow\n";
    NULL_FOR_EACH("nn--no", speciesnet_rules_with_species_list, rules.get(), lion,
                  std::string_view(lion).size(), SPECIESNET_UNKNOWN_TAXA_REFUSE, &out.rules,
                  &out.error);
    NULL_FOR_EACH("nn--no", speciesnet_rules_with_geofence_overlay, rules.get(), table.data(),
                  table.size(), SPECIESNET_UNKNOWN_TAXA_REFUSE, &out.rules, &out.error);
    NULL_FOR_EACH("nno", speciesnet_rules_skipped_taxa, rules.get(), &out.text, &out.error);
}

TEST_CASE("predictions and locations: each pointer NULL") {
    Outputs out;
    const auto rules = few_rules();
    const auto none = no_predictions();
    const auto instance = file_instance("a.jpg");
    const auto writing = initialised(speciesnet_json_options_init);
    const auto combining = initialised(speciesnet_combine_options_init);
    const auto location = initialised(speciesnet_location_init);
    NULL_FOR_EACH("nonoo", speciesnet_predictions_to_json, none.get(), &writing, &out.text,
                  &out.length, &out.error);
    NULL_FOR_EACH("n-no", speciesnet_predictions_from_json, R"({"predictions": []})", 19,
                  &out.predictions, &out.error);
    NULL_FOR_EACH("nn-nnono", speciesnet_rules_combine_past_runs, rules.get(), &instance, 1,
                  none.get(), none.get(), &combining, &out.predictions, &out.error);
    NULL_FOR_EACH("no", speciesnet_geolocator_new, &out.geolocator, &out.error);
    speciesnet_geolocator* geolocator = nullptr;
    REQUIRE(speciesnet_geolocator_new(&geolocator, nullptr) == SPECIESNET_OK);
    NULL_FOR_EACH("nnno", speciesnet_geolocator_admin1_region, geolocator, &location, &out.text,
                  &out.error);
    NULL_FOR_EACH("n--no", speciesnet_geolocator_country, geolocator, 0, 0, &out.text, &out.error);
    speciesnet_geolocator_free(geolocator);
}

TEST_CASE("models: each pointer NULL") {
    Outputs out;
    const auto fetching = initialised(speciesnet_fetch_options_init);
    const auto progress = [](void*, const char*) -> std::int32_t { return 0; };
    // The model's absence is detected last, so all other arguments are checked first.
    constexpr const char* nowhere = "/nowhere/at/all";
    NULL_FOR_EACH("nono", speciesnet_model_resolve, "demo", &fetching, &out.text, &out.error);
    NULL_FOR_EACH("nnooo", speciesnet_model_export, nowhere, nowhere, progress, &out, &out.error);
    const auto compiling = initialised(speciesnet_compile_options_init);
    NULL_FOR_EACH("noooo", speciesnet_model_compile, nowhere, &compiling, progress, &out,
                  &out.error);
    NULL_FOR_EACH("no", speciesnet_model_verify, nowhere, &out.error);
    NULL_FOR_EACH("noo", speciesnet_model_remove, nowhere, nowhere, &out.error);
    NULL_FOR_EACH("ono", speciesnet_model_list_new, nowhere, &out.models, &out.error);
}

TEST_CASE("ensembles and jobs: each pointer NULL") {
    Outputs out;
    const auto photo = demo_photo("zebra.jpg");
    const auto instance = file_instance(photo.c_str());
    const auto loading = initialised(speciesnet_load_options_init);
    const auto predicting = initialised(speciesnet_predict_options_init);
    const speciesnet_detection detection{SPECIESNET_CATEGORY_ANIMAL, 0, 1, {0, 0, 1, 1}};
    speciesnet_image* decoded = nullptr;
    REQUIRE(speciesnet_image_decode_file(photo.c_str(), nullptr, &decoded, nullptr) ==
            SPECIESNET_OK);
    const ImageHandle image(decoded);
    const auto receive = [](void*, speciesnet_predictions* predictions) -> std::int32_t {
        speciesnet_predictions_free(predictions);
        return 0;
    };
    const auto done = [](void*, speciesnet_job*) {};
    NULL_FOR_EACH("nono", speciesnet_ensemble_load, "demo", &loading, &out.ensemble, &out.error);
    const auto no_file = [](void*, const char*, const void**, std::size_t*) -> std::int32_t {
        return 1;
    };
    NULL_FOR_EACH("noono", speciesnet_ensemble_load_files, no_file, &out, &loading, &out.ensemble,
                  &out.error);
    NULL_FOR_EACH("nnno", speciesnet_ensemble_with_rules, demo(), speciesnet_ensemble_rules(demo()),
                  &out.ensemble, &out.error);
    NULL_FOR_EACH("nnno", speciesnet_ensemble_detect, demo(), image.get(), &out.predictions,
                  &out.error);
    NULL_FOR_EACH("nnn--no", speciesnet_ensemble_classify, demo(), image.get(), &detection, 1, 5,
                  &out.predictions, &out.error);
    NULL_FOR_EACH("nn-ono", speciesnet_ensemble_predict, demo(), &instance, 1, &predicting,
                  &out.predictions, &out.error);
    NULL_FOR_EACH("nn-onoo", speciesnet_ensemble_predict_each, demo(), &instance, 1, &predicting,
                  receive, &out, &out.error);
    NULL_FOR_EACH("nn-ooono", speciesnet_ensemble_submit, demo(), &instance, 1, &predicting, done,
                  &out, &out.job, &out.error);
    speciesnet_job* job = nullptr;
    REQUIRE(speciesnet_ensemble_submit(demo(), &instance, 1, nullptr, nullptr, nullptr, &job,
                                       nullptr) == SPECIESNET_OK);
    const JobHandle owner(job);
    NULL_FOR_EACH("n-o", speciesnet_job_wait, job, 0, &out.error);
    REQUIRE(speciesnet_job_wait(job, 60, nullptr) == SPECIESNET_OK);
    // A result can be taken only once, which the first call with all arguments does.
    CHECK(speciesnet_job_take(nullptr, &out.predictions, &out.error) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(speciesnet_job_take(job, nullptr, &out.error) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(speciesnet_job_take(job, &out.predictions, nullptr) == SPECIESNET_OK);
}

TEST_CASE("every function that takes a pointer is tried here") {
    const auto header = content_of(SPECIESNET_HEADER);
    const auto here = content_of(SPECIESNET_NULL_TEST);
    const std::regex declaration(R"(SPECIESNET_1_\d+ [^;]*?\b(speciesnet_\w+)\([^;]*\*[^;]*\);)");
    std::size_t functions = 0;
    for (std::sregex_iterator found(header.begin(), header.end(), declaration), end; found != end;
         ++found) {
        const auto name = (*found)[1].str();
        CAPTURE(name);
        CHECK(std::regex_search(here, std::regex("\\b" + name + "[(,]")));
        ++functions;
    }
    CHECK(functions > 80);
}

TEST_CASE("functions without a status return NULL or zero for NULL") {
    CHECK(speciesnet_media_type_name(0) == nullptr);
    CHECK(speciesnet_image_width(nullptr) == 0);
    CHECK(speciesnet_image_height(nullptr) == 0);
    CHECK(speciesnet_image_pixels(nullptr) == nullptr);
    CHECK(speciesnet_image_truncated(nullptr) == 0);
    CHECK(speciesnet_answer_label(nullptr) == nullptr);
    CHECK(speciesnet_answer_score(nullptr) == 0);
    CHECK(speciesnet_answer_source(nullptr) == nullptr);
    CHECK(speciesnet_answer_explanation(nullptr) == nullptr);
    CHECK(speciesnet_model_list_count(nullptr) == 0);
    CHECK(speciesnet_model_list_name(nullptr, 0) == nullptr);
    CHECK(speciesnet_model_list_folder(nullptr, 0) == nullptr);
    CHECK(speciesnet_model_list_bytes(nullptr, 0) == 0);
    CHECK(speciesnet_predictions_count(nullptr) == 0);
    CHECK(speciesnet_predictions_at(nullptr, 0) == nullptr);
    CHECK(speciesnet_prediction_filepath(nullptr) == nullptr);
    CHECK(speciesnet_prediction_failures(nullptr) == 0);
    CHECK(speciesnet_prediction_failure_reason(nullptr) == nullptr);
    CHECK(speciesnet_prediction_truncated(nullptr) == 0);
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

TEST_CASE("init, cancel and free accept NULL") {
    speciesnet_location location;
    speciesnet_prediction_location(nullptr, &location, sizeof location);
    CHECK(location.country == nullptr);
    speciesnet_prediction_location(nullptr, nullptr, 0);
    speciesnet_decode_limits_init(nullptr, 8);
    speciesnet_location_init(nullptr, 8);
    speciesnet_json_options_init(nullptr, 8);
    speciesnet_combine_options_init(nullptr, 8);
    speciesnet_compile_options_init(nullptr, 8);
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
