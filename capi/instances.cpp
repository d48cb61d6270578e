// SPDX-License-Identifier: Apache-2.0
// Converts photos from C structs.
#include "capi/instances.hpp"

#include "capi/image.hpp"
#include "capi/options.hpp"
#include "capi/values.hpp"

#include <optional>
#include <span>

namespace speciesnet::capi {
namespace {

constexpr const char* instance_type = "speciesnet_instance";

speciesnet_instance default_instance() {
    return {sizeof(speciesnet_instance), nullptr, nullptr, nullptr, nullptr, 0};
}

/// Returns an element of an array whose stride is the size that its elements state.
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

}  // namespace speciesnet::capi

void speciesnet_instance_init(speciesnet_instance* instance, size_t size) {
    speciesnet::capi::fill_defaults(instance, size, speciesnet::capi::default_instance());
}
