// SPDX-License-Identifier: Apache-2.0
// Reads info.json and checks every key, so that opening a broken package reports the fault.
#include "model/model_info.hpp"

#include "speciesnet/error.hpp"

#include "text/encoding.hpp"
#include "text/parsed_json.hpp"
#include "text/url.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

[[noreturn]] void fail(std::string_view origin, const std::string& what) {
    throw ModelError(ErrorCode::model_invalid, "'" + std::string(origin) + "': " + what);
}

using Json = ParsedJson::Json;

/// Returns a value, or nothing if it is missing or has another type.
template <typename Type>
std::optional<Type> value_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    const auto* const value =
        found != object.end() ? found->get_ptr<const Type*>() : static_cast<const Type*>(nullptr);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::string required_text(const Json& object, const char* key, std::string_view origin) {
    auto value = value_of<std::string>(object, key);
    if (!value || value->empty()) {
        fail(origin, "key \"" + std::string(key) + "\" is missing or no text");
    }
    return *std::move(value);
}

ParsedJson parse_object(std::string_view json, std::string_view origin) {
    if (const auto encoding = foreign_encoding(json)) {
        fail(origin, "the text is " + std::string(*encoding) + "; save it as UTF-8");
    }
    auto object = ParsedJson::parse(without_byte_order_mark(json));
    if (!object || !(*object)->is_object()) {
        fail(origin, "not a JSON object");
    }
    return *std::move(object);
}

}  // namespace

ModelInfo parse_model_info(std::string_view json, std::string_view origin) {
    const auto parsed = parse_object(json, origin);
    const auto& object = *parsed;
    ModelInfo info{.version = required_text(object, "version", origin),
                   .classifier = required_text(object, "classifier", origin),
                   .classifier_labels = required_text(object, "classifier_labels", origin),
                   .detector = local_file_name(required_text(object, "detector", origin)),
                   .taxonomy = required_text(object, "taxonomy", origin),
                   .geofence = required_text(object, "geofence", origin),
                   .description = {}};
    const auto type = required_text(object, "type", origin);
    if (type == "full_image") {
        info.type = ModelType::full_image;
    } else if (type != "always_crop") {
        fail(origin, "type is \"" + type + "\", not \"always_crop\" or \"full_image\"");
    }
    info.demo = value_of<bool>(object, "demo").value_or(false);
    info.description = value_of<std::string>(object, "description").value_or("");
    return info;
}

std::optional<std::string> detector_url(std::string_view json, std::string_view origin) {
    auto detector = required_text(*parse_object(json, origin), "detector", origin);
    return is_url(detector) ? std::optional(std::move(detector)) : std::nullopt;
}

std::string local_file_name(std::string_view file_or_url) {
    if (!is_url(file_or_url)) {
        return std::string(file_or_url);
    }
    std::string name(file_or_url.substr(0, file_or_url.find('?')));
    std::replace_if(
        name.begin(), name.end(), [](char letter) { return letter == ':' || letter == '/'; }, '_');
    return name;
}

}  // namespace speciesnet
