// SPDX-License-Identifier: Apache-2.0
// Photos and choices as the C structs give them.
#include "capi/instances.hpp"

#include "capi/image.hpp"
#include "capi/options.hpp"
#include "capi/values.hpp"

#include <cmath>
#include <optional>
#include <span>

namespace speciesnet::capi {
namespace {

constexpr const char* instance_type = "speciesnet_instance";

std::size_t from_maximum(std::optional<std::size_t> maximum) {
    return maximum.value_or(SPECIESNET_ALL);
}

speciesnet_predict_options default_predict_options() {
    const PredictOptions defaults;
    return {sizeof(speciesnet_predict_options),
            static_cast<std::int32_t>(defaults.format),
            0,
            defaults.detection_threshold,
            from_maximum(defaults.max_classifications_per_image),
            from_maximum(defaults.max_classifications_per_detection),
            nullptr,
            nullptr,
            defaults.batch_size,
            defaults.decoding_threads,
            0};
}

speciesnet_instance default_instance() {
    return {sizeof(speciesnet_instance), nullptr, nullptr, nullptr, nullptr, 0};
}

/// An element of an array whose stride is the size that its elements state.
speciesnet_instance instance_at(const speciesnet_instance* instances, std::size_t index) {
    const auto first =
        read_options(require(instances, "instances"), default_instance(), instance_type);
    const auto* bytes = reinterpret_cast<const unsigned char*>(instances) + index * first.size;
    const auto element = read_options(reinterpret_cast<const speciesnet_instance*>(bytes),
                                      default_instance(), instance_type);
    if (element.size != first.size) {
        throw InvalidArgument("the elements of instances differ in size");
    }
    return element;
}

std::optional<std::vector<Detection>> given_detections(const speciesnet_instance& instance) {
    if (instance.detections == nullptr) {
        if (instance.detection_count > 0) {
            throw InvalidArgument("an instance has detection_count without detections");
        }
        return std::nullopt;
    }
    std::vector<Detection> detections;
    for (const auto& detection : std::span(instance.detections, instance.detection_count)) {
        detections.push_back(to_detection(detection));
    }
    return detections;
}

}  // namespace

Instance to_instance(const speciesnet_instance& instance) {
    if (instance.filepath == nullptr && instance.image == nullptr) {
        throw InvalidArgument("an instance has neither filepath nor image");
    }
    const bool has_name = instance.filepath != nullptr && *instance.filepath != '\0';
    return {
        .filepath = has_name ? require_text(instance.filepath, "filepath") : "",
        .location = to_location(instance.location),
        .detections = given_detections(instance),
        .image = instance.image == nullptr ? std::nullopt : std::optional(instance.image->value)};
}

std::vector<Instance> to_instances(const speciesnet_instance* instances, std::size_t count) {
    std::vector<Instance> result;
    for (std::size_t index = 0; index < count; ++index) {
        result.push_back(to_instance(instance_at(instances, index)));
    }
    return result;
}

speciesnet_predict_options read_predict_options(const speciesnet_predict_options* options) {
    return read_options(options, default_predict_options(), "speciesnet_predict_options");
}

PredictOptions to_predict_options(const speciesnet_predict_options& options) {
    if (std::isnan(options.detection_threshold)) {
        throw InvalidArgument("detection_threshold is not a number");
    }
    if (options.batch_size < 1 || options.decoding_threads < 1) {
        throw InvalidArgument("batch_size or decoding_threads is not at least 1");
    }
    return {
        .format = enumerator(options.format, ResultFormat::per_detection, ResultFormat::per_image,
                             "format"),
        .detection_threshold = options.detection_threshold,
        .max_classifications_per_image = to_maximum(options.max_classifications_per_image),
        .max_classifications_per_detection = to_maximum(options.max_classifications_per_detection),
        .explain = to_flag(options.explain, "explain"),
        .geolocation = to_geolocation(options.geolocation),
        .batch_size = options.batch_size,
        .decoding_threads = options.decoding_threads};
}

}  // namespace speciesnet::capi

void speciesnet_instance_init(speciesnet_instance* instance, size_t size) {
    speciesnet::capi::fill_defaults(instance, size, speciesnet::capi::default_instance());
}

void speciesnet_predict_options_init(speciesnet_predict_options* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::default_predict_options());
}
