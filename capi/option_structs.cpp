// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate_options from options/options.toml: change the table.
#include "capi/option_structs.hpp"

#include "capi/values.hpp"

// clang-format off
namespace speciesnet::capi {
namespace {

// The numbers of enumerators, which are written by hand in C and C++, are those of the table.
static_assert(SPECIESNET_COMPONENTS_ALL == 1);
static_assert(static_cast<int>(Components::all) == 1);
static_assert(SPECIESNET_COMPONENTS_DETECTOR == 2);
static_assert(static_cast<int>(Components::detector) == 2);
static_assert(SPECIESNET_COMPONENTS_CLASSIFIER == 3);
static_assert(static_cast<int>(Components::classifier) == 3);
static_assert(SPECIESNET_COMPONENTS_RULES == 4);
static_assert(static_cast<int>(Components::rules) == 4);
static_assert(SPECIESNET_PRECISION_FLOAT32 == 0);
static_assert(static_cast<int>(Precision::float32) == 0);
static_assert(SPECIESNET_PRECISION_BFLOAT16 == 1);
static_assert(static_cast<int>(Precision::bfloat16) == 1);
static_assert(SPECIESNET_PRECISION_INT8 == 2);
static_assert(static_cast<int>(Precision::int8) == 2);
static_assert(SPECIESNET_PRECISION_AUTOMATIC == 3);
static_assert(static_cast<int>(Precision::automatic) == 3);
static_assert(SPECIESNET_FORMAT_PER_DETECTION == 1);
static_assert(static_cast<int>(ResultFormat::per_detection) == 1);
static_assert(SPECIESNET_FORMAT_PER_IMAGE == 2);
static_assert(static_cast<int>(ResultFormat::per_image) == 2);
static_assert(SPECIESNET_STAGE_ENSEMBLE == 1);
static_assert(static_cast<int>(Stage::ensemble) == 1);
static_assert(SPECIESNET_STAGE_DETECTOR == 2);
static_assert(static_cast<int>(Stage::detector) == 2);
static_assert(SPECIESNET_STAGE_CLASSIFIER == 3);
static_assert(static_cast<int>(Stage::classifier) == 3);

constexpr speciesnet_load_options load_defaults{
    .size = sizeof(speciesnet_load_options),
    .components = SPECIESNET_COMPONENTS_ALL,
    .threads = 0,
    .precision = SPECIESNET_PRECISION_FLOAT32,
    .geofence = 1,
    .offline = 0,
    .max_jobs = 1'024,
    .device = nullptr,
    .target_species = nullptr,
    .target_species_count = 0,
    .log = nullptr,
    .log_user_data = nullptr,
    .progress = nullptr,
    .progress_user_data = nullptr,
    .detector = nullptr,
};

constexpr speciesnet_predict_options predict_defaults{
    .size = sizeof(speciesnet_predict_options),
    .format = SPECIESNET_FORMAT_PER_DETECTION,
    .explain = 0,
    .detection_threshold = 0.01,
    .classification_threshold = 0.1,
    .max_classifications_per_image = SPECIESNET_ALL,
    .max_classifications_per_detection = 2,
    .batch_size = 1,
    .decoding_threads = 2,
    .coordinates_from_exif = 0,
    .country_from_coordinates = 0,
    .places_as_given = 0,
    .progress = nullptr,
    .progress_user_data = nullptr,
};

constexpr speciesnet_combine_options combine_defaults{
    .size = sizeof(speciesnet_combine_options),
    .max_classifications_per_detection = 2,
    .explain = 0,
    .coordinates_from_exif = 0,
    .country_from_coordinates = 0,
    .places_as_given = 0,
    .model_version = nullptr,
};

constexpr speciesnet_json_options json_defaults{
    .size = sizeof(speciesnet_json_options),
    .format = SPECIESNET_FORMAT_PER_DETECTION,
    .stage = SPECIESNET_STAGE_ENSEMBLE,
    .decimals = SPECIESNET_SHORTEST,
    .indent = 1,
    .failure_reasons = 0,
    .reserved = 0,
};

constexpr speciesnet_fetch_options fetch_defaults{
    .size = sizeof(speciesnet_fetch_options),
    .cache = nullptr,
    .offline = 0,
    .newest = 0,
    .force = 0,
    .networks = 1,
    .retries = 4,
    .stall_seconds = 30,
    .max_bytes = 8'589'934'592,
    .progress = nullptr,
    .progress_user_data = nullptr,
};

constexpr speciesnet_decode_limits decode_defaults{
    .size = sizeof(speciesnet_decode_limits),
    .max_bytes = 536'870'912,
    .max_pixels = 178'956'970,
    .max_work = 60'000'000'000,
    .max_memory = 2'147'483'648,
    .max_milliseconds = UINT64_MAX,
};

}  // namespace

speciesnet_load_options complete(const speciesnet_load_options* options) {
    return read_options(options, load_defaults, "speciesnet_load_options");
}

EnsembleOptions to_cpp(const speciesnet_load_options& given) {
    EnsembleOptions options;
    options.components = enumerator(given.components, Components::all, Components::rules, "components");
    options.threads = within(given.threads, std::int32_t{0}, std::int32_t{1024}, "threads");
    options.precision = enumerator(given.precision, Precision::float32, Precision::automatic, "precision");
    options.geofence = to_flag(given.geofence, "geofence");
    options.offline = to_flag(given.offline, "offline");
    static_cast<void>(within(given.max_jobs, std::int32_t{1}, std::int32_t{65535}, "max_jobs"));
    options.device = given.device == nullptr ? Device{} : device_from_name(given.device);
    options.target_species = to_labels(given.target_species, given.target_species_count, "target_species");
    options.detector = given.detector == nullptr ? "" : given.detector;
    return options;
}

speciesnet_predict_options complete(const speciesnet_predict_options* options) {
    return read_options(options, predict_defaults, "speciesnet_predict_options");
}

PredictOptions to_cpp(const speciesnet_predict_options& given) {
    PredictOptions options;
    options.format = enumerator(given.format, ResultFormat::per_detection, ResultFormat::per_image, "format");
    options.explain = to_flag(given.explain, "explain");
    options.detection_threshold = within(given.detection_threshold, double{0.01}, double{1}, "detection_threshold");
    options.classification_threshold = within(given.classification_threshold, double{0}, double{1}, "classification_threshold");
    options.max_classifications_per_image = to_maximum(given.max_classifications_per_image);
    options.max_classifications_per_detection = to_maximum(given.max_classifications_per_detection);
    options.batch_size = within(given.batch_size, std::size_t{1}, std::size_t{1024}, "batch_size");
    options.decoding_threads = within(given.decoding_threads, std::int32_t{1}, std::int32_t{1024}, "decoding_threads");
    options.geolocation.coordinates_from_exif = to_flag(given.coordinates_from_exif, "coordinates_from_exif");
    options.geolocation.country_from_coordinates = to_flag(given.country_from_coordinates, "country_from_coordinates");
    options.geolocation.places_as_given = to_flag(given.places_as_given, "places_as_given");
    return options;
}

speciesnet_combine_options complete(const speciesnet_combine_options* options) {
    return read_options(options, combine_defaults, "speciesnet_combine_options");
}

CombineOptions to_cpp(const speciesnet_combine_options& given) {
    CombineOptions options;
    options.max_classifications_per_detection = to_maximum(given.max_classifications_per_detection);
    options.explain = to_flag(given.explain, "explain");
    options.geolocation.coordinates_from_exif = to_flag(given.coordinates_from_exif, "coordinates_from_exif");
    options.geolocation.country_from_coordinates = to_flag(given.country_from_coordinates, "country_from_coordinates");
    options.geolocation.places_as_given = to_flag(given.places_as_given, "places_as_given");
    options.model_version = given.model_version == nullptr ? "" : given.model_version;
    return options;
}

speciesnet_json_options complete(const speciesnet_json_options* options) {
    return read_options(options, json_defaults, "speciesnet_json_options");
}

JsonOptions to_cpp(const speciesnet_json_options& given) {
    JsonOptions options;
    options.format = enumerator(given.format, ResultFormat::per_detection, ResultFormat::per_image, "format");
    options.stage = enumerator(given.stage, Stage::ensemble, Stage::classifier, "stage");
    options.decimals = to_digits(given.decimals, 17, "decimals");
    options.indent = within(given.indent, std::int32_t{0}, std::int32_t{16}, "indent");
    options.failure_reasons = to_flag(given.failure_reasons, "failure_reasons");
    return options;
}

speciesnet_fetch_options complete(const speciesnet_fetch_options* options) {
    return read_options(options, fetch_defaults, "speciesnet_fetch_options");
}

FetchOptions to_cpp(const speciesnet_fetch_options& given) {
    FetchOptions options;
    options.cache = given.cache == nullptr ? "" : given.cache;
    options.offline = to_flag(given.offline, "offline");
    options.newest = to_flag(given.newest, "newest");
    options.force = to_flag(given.force, "force");
    options.networks = to_flag(given.networks, "networks");
    options.retries = within(given.retries, std::int32_t{0}, std::int32_t{1000}, "retries");
    options.stall_timeout = std::chrono::seconds(within(given.stall_seconds, std::int32_t{1}, std::int32_t{3600}, "stall_seconds"));
    options.max_bytes = given.max_bytes;
    return options;
}

speciesnet_decode_limits complete(const speciesnet_decode_limits* options) {
    return read_options(options, decode_defaults, "speciesnet_decode_limits");
}

DecodeLimits to_cpp(const speciesnet_decode_limits& given) {
    DecodeLimits options;
    options.max_bytes = given.max_bytes;
    options.max_pixels = given.max_pixels;
    options.max_work = given.max_work;
    options.max_memory = given.max_memory;
    options.deadline = to_deadline(given.max_milliseconds);
    return options;
}

}  // namespace speciesnet::capi

void speciesnet_load_options_init(speciesnet_load_options* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::load_defaults);
}

void speciesnet_predict_options_init(speciesnet_predict_options* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::predict_defaults);
}

void speciesnet_combine_options_init(speciesnet_combine_options* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::combine_defaults);
}

void speciesnet_json_options_init(speciesnet_json_options* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::json_defaults);
}

void speciesnet_fetch_options_init(speciesnet_fetch_options* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::fetch_defaults);
}

void speciesnet_decode_limits_init(speciesnet_decode_limits* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::decode_defaults);
}
// clang-format on
