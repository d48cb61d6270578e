// SPDX-License-Identifier: Apache-2.0
// Structs that contain their size, and the statuses and errors of all functions.
#include "handles.hpp"

#include <array>
#include <cstring>

using namespace speciesnet::capi_test;

namespace {

const std::string zebra_path = demo_photo("zebra.jpg");

}  // namespace

TEST_CASE("the loaded library has the ABI of the header") {
    CHECK(speciesnet_abi_version() == SPECIESNET_ABI_MAJOR * 65536U + SPECIESNET_ABI_MINOR);
    CHECK(std::string(speciesnet_version()).find('.') != std::string::npos);
    CHECK(std::string(speciesnet_build_information()).find("LibTorch") != std::string::npos);
}

TEST_CASE("each status has a name, also an unknown one") {
    CHECK(speciesnet_status_name(SPECIESNET_OK) == std::string("ok"));
    CHECK(speciesnet_status_name(SPECIESNET_ERROR_MODEL_CONTRACT) == std::string("model_contract"));
    CHECK(speciesnet_status_name(-5) == std::string("unknown"));
}

TEST_CASE("init fills a struct with the reference's defaults") {
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    CHECK(options.size == sizeof options);
    CHECK(options.format == SPECIESNET_FORMAT_PER_DETECTION);
    CHECK(options.detection_threshold == 0.01);
    CHECK(options.classification_threshold == 0.1);
    CHECK(options.max_classifications_per_image == SPECIESNET_ALL);
    CHECK(options.max_classifications_per_detection == 2);
    CHECK((options.progress == nullptr));
    CHECK(options.explain == 0);
    CHECK(options.batch_size == 1);
    CHECK(options.decoding_threads == 2);

    speciesnet_decode_limits limits;
    speciesnet_decode_limits_init(&limits, sizeof limits);
    CHECK(limits.max_bytes == 512ULL * 1024 * 1024);
    CHECK(limits.max_pixels == 178'956'970);
    CHECK(limits.max_work == 60'000'000'000);
    CHECK(limits.max_memory == 2ULL << 30U);
    CHECK(limits.max_milliseconds == UINT64_MAX);
}

namespace {

/// The sizes of structs in ABI 1.0. They never change, because programs were compiled with them.
constexpr std::size_t first_load_options = 88;
constexpr std::size_t first_predict_options = 88;
constexpr std::size_t first_combine_options = 40;
constexpr std::size_t first_json_options = 32;
constexpr std::size_t first_fetch_options = 64;
constexpr std::size_t first_decode_limits = 48;
constexpr std::size_t first_location = 48;
constexpr std::size_t first_instance = 48;

/// Memory of a program that knows only `size` bytes of a struct; the bytes after them must not
/// change.
template <typename Struct, std::size_t size>
class OldStruct {
public:
    explicit OldStruct(void (*initialise)(Struct*, std::size_t)) {
        bytes_.fill(0xAB);
        initialise(get(), size);
        CHECK(get()->size == size);
        CHECK(bytes_[size] == 0xAB);
    }
    Struct* get() { return reinterpret_cast<Struct*>(bytes_.data()); }

private:
    alignas(Struct) std::array<unsigned char, size + 4096> bytes_;
};

}  // namespace

TEST_CASE("a program compiled for ABI 1.0 still works") {
    OldStruct<speciesnet_load_options, first_load_options> loading(speciesnet_load_options_init);
    loading.get()->components = SPECIESNET_COMPONENTS_ALL;
    speciesnet_ensemble* loaded = nullptr;
    REQUIRE(speciesnet_ensemble_load("demo", loading.get(), &loaded, nullptr) == SPECIESNET_OK);
    const EnsembleHandle ensemble(loaded);

    OldStruct<speciesnet_location, first_location> place(speciesnet_location_init);
    place.get()->country = "KEN";
    OldStruct<speciesnet_instance, first_instance> photo(speciesnet_instance_init);
    photo.get()->filepath = zebra_path.c_str();
    photo.get()->location = place.get();
    OldStruct<speciesnet_predict_options, first_predict_options> choices(
        speciesnet_predict_options_init);
    speciesnet_predictions* predicted = nullptr;
    REQUIRE(speciesnet_ensemble_predict(loaded, photo.get(), 1, choices.get(), &predicted,
                                        nullptr) == SPECIESNET_OK);
    const PredictionsHandle predictions(predicted);
    CHECK(short_name(speciesnet_prediction_image_answer(speciesnet_predictions_at(predicted, 0))) ==
          "equus_quagga");
    speciesnet_prediction_location(speciesnet_predictions_at(predicted, 0), place.get(),
                                   first_location);
    CHECK(place.get()->country == std::string("KEN"));

    char* text = nullptr;
    OldStruct<speciesnet_json_options, first_json_options> writing(speciesnet_json_options_init);
    CHECK(speciesnet_predictions_to_json(predicted, writing.get(), &text, nullptr, nullptr) ==
          SPECIESNET_OK);
    CHECK(take_text(text).find("predictions") != std::string::npos);
    OldStruct<speciesnet_fetch_options, first_fetch_options> fetching(
        speciesnet_fetch_options_init);
    CHECK(speciesnet_model_resolve("demo", fetching.get(), &text, nullptr) == SPECIESNET_OK);
    CHECK(take_text(text) == "demo");
    OldStruct<speciesnet_combine_options, first_combine_options> combining(
        speciesnet_combine_options_init);
    speciesnet_predictions* combined = nullptr;
    CHECK(speciesnet_rules_combine_past_runs(speciesnet_ensemble_rules(loaded), photo.get(), 0,
                                             predicted, predicted, combining.get(), &combined,
                                             nullptr) != SPECIESNET_OK);

    OldStruct<speciesnet_decode_limits, first_decode_limits> limits(speciesnet_decode_limits_init);
    speciesnet_image* image = nullptr;
    CHECK(speciesnet_image_decode_file(zebra_path.c_str(), limits.get(), &image, nullptr) ==
          SPECIESNET_OK);
    speciesnet_image_free(image);
}

TEST_CASE("an image that takes more work, memory or time than the limits allow is refused") {
    const auto decode = [](auto change) {
        speciesnet_decode_limits limits;
        speciesnet_decode_limits_init(&limits, sizeof limits);
        change(limits);
        speciesnet_image* image = nullptr;
        const auto status =
            speciesnet_image_decode_file(zebra_path.c_str(), &limits, &image, nullptr);
        speciesnet_image_free(image);
        return status;
    };
    CHECK(decode([](auto& limits) { limits.max_work = 1000; }) == SPECIESNET_ERROR_MEDIA_TOO_LARGE);
    CHECK(decode([](auto& limits) { limits.max_memory = 1000; }) ==
          SPECIESNET_ERROR_MEDIA_TOO_LARGE);
    CHECK(decode([](auto& limits) { limits.max_milliseconds = 60'000; }) == SPECIESNET_OK);
    CHECK(decode([](auto& limits) { limits.max_milliseconds = 0; }) == SPECIESNET_ERROR_CANCELLED);
}

TEST_CASE("init writes at most the size that the caller states") {
    std::array<unsigned char, sizeof(speciesnet_location)> bytes;
    bytes.fill(0xAB);
    const auto known = offsetof(speciesnet_location, latitude);
    speciesnet_location_init(reinterpret_cast<speciesnet_location*>(bytes.data()), known);
    CHECK(bytes[known - 1] == 0);
    CHECK(bytes[known] == 0xAB);
}

TEST_CASE("a struct that was not initialised is refused with a message") {
    speciesnet_decode_limits limits{};
    speciesnet_image* image = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_image_decode_file("photo.jpg", &limits, &image, &error) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(std::string(error.message).find("speciesnet_decode_limits_init()") != std::string::npos);
}

namespace {

/// A struct of a future header.
struct LargerLocation {
    speciesnet_location known;
    double altitude;
};

speciesnet_status check_lion(const LargerLocation& location, speciesnet_error* error) {
    speciesnet_rules* rules = nullptr;
    REQUIRE(speciesnet_rules_new("", 0, "{}", 2, 1, &rules, nullptr) == SPECIESNET_OK);
    const RulesHandle owner(rules);
    std::int32_t blocked_by = -1;
    return speciesnet_rules_check_geofence(rules, "u;mammalia;carnivora;felidae;panthera;leo;lion",
                                           &location.known, &blocked_by, error);
}

}  // namespace

TEST_CASE("a newer caller's struct is accepted if its new members are zero") {
    LargerLocation location;
    speciesnet_location_init(&location.known, sizeof location);
    CHECK(location.altitude == 0);
    speciesnet_error error;
    CHECK(check_lion(location, &error) == SPECIESNET_OK);
    location.altitude = 800;
    CHECK(check_lion(location, &error) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(std::string(error.message).find("newer version") != std::string::npos);
}

TEST_CASE("success leaves an empty message, failure one truncated at a whole character") {
    speciesnet_error error;
    char* text = nullptr;
    CHECK(speciesnet_label_short_name("u;;;;;;blank", &text, &error) == SPECIESNET_OK);
    CHECK(take_text(text) == "blank");
    CHECK(error.status == SPECIESNET_OK);
    CHECK(error.message[0] == '\0');

    std::string folder;
    for (int i = 0; i < 400; ++i) {
        folder += "é";
    }
    speciesnet_ensemble* ensemble = nullptr;
    const auto status = speciesnet_ensemble_load(folder.c_str(), nullptr, &ensemble, &error);
    CHECK(status != SPECIESNET_OK);
    CHECK(error.status == status);
    const auto length = std::strlen(error.message);
    CHECK(length >= SPECIESNET_MESSAGE_SIZE - 2);
    CHECK(length <= SPECIESNET_MESSAGE_SIZE - 1);
    CHECK(static_cast<unsigned char>(error.message[length - 2]) == 0xC3);
    CHECK(static_cast<unsigned char>(error.message[length - 1]) == 0xA9);
}
