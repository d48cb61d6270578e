// Photos and choices as the C structs give them.
#include "capi/instances.hpp"

#include "capi/image.hpp"
#include "capi/options.hpp"
#include "capi/values.hpp"

#include <cmath>

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
            nullptr};
}

speciesnet_instance default_instance() {
    return {sizeof(speciesnet_instance), nullptr, nullptr, nullptr};
}

}  // namespace

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

Photo to_photo(const speciesnet_instance& instance) {
    if (instance.filepath == nullptr && instance.image == nullptr) {
        throw InvalidArgument("an instance has neither filepath nor image");
    }
    return {
        .instance = {.filepath = instance.filepath == nullptr ? "" : instance.filepath,
                     .location = to_location(instance.location)},
        .image = instance.image == nullptr ? std::nullopt : std::optional(instance.image->value)};
}

speciesnet_predict_options read_predict_options(const speciesnet_predict_options* options) {
    return read_options(options, default_predict_options(), "speciesnet_predict_options");
}

PredictOptions to_predict_options(const speciesnet_predict_options& options) {
    if (std::isnan(options.detection_threshold)) {
        throw InvalidArgument("detection_threshold is not a number");
    }
    return {
        .format = enumerator(options.format, ResultFormat::per_detection, ResultFormat::per_image,
                             "format"),
        .detection_threshold = options.detection_threshold,
        .max_classifications_per_image = to_maximum(options.max_classifications_per_image),
        .max_classifications_per_detection = to_maximum(options.max_classifications_per_detection)};
}

}  // namespace speciesnet::capi

void speciesnet_instance_init(speciesnet_instance* instance, size_t size) {
    speciesnet::capi::fill_defaults(instance, size, speciesnet::capi::default_instance());
}

void speciesnet_predict_options_init(speciesnet_predict_options* options, size_t size) {
    speciesnet::capi::fill_defaults(options, size, speciesnet::capi::default_predict_options());
}
