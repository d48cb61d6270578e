// SPDX-License-Identifier: Apache-2.0
// info.json: every key is checked, so that a broken package is reported when it is opened.
#include "model/model_info.hpp"

#include "speciesnet/error.hpp"

#include "text/encoding.hpp"
#include "text/url.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <simdjson.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail(std::string_view origin, const std::string& what) {
    throw ModelError(ErrorCode::model_invalid, "'" + std::string(origin) + "': " + what);
}

std::string required_text(const simdjson::dom::object& object, std::string_view key,
                          std::string_view origin) {
    std::string_view value;
    if (object[key].get(value) != simdjson::SUCCESS || value.empty()) {
        fail(origin, "key \"" + std::string(key) + "\" is missing or no text");
    }
    return std::string(value);
}

simdjson::dom::object parse_object(simdjson::dom::parser& parser, std::string_view json,
                                   std::string_view origin) {
    if (const auto encoding = foreign_encoding(json)) {
        fail(origin, "the text is " + std::string(*encoding) + "; save it as UTF-8");
    }
    simdjson::dom::object object;
    if (parser.parse(simdjson::padded_string(without_byte_order_mark(json))).get(object) !=
        simdjson::SUCCESS) {
        fail(origin, "not a JSON object");
    }
    return object;
}

}  // namespace

ModelInfo parse_model_info(std::string_view json, std::string_view origin) {
    simdjson::dom::parser parser;
    const auto object = parse_object(parser, json, origin);
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
    if (object["demo"].get(info.demo) != simdjson::SUCCESS) {
        info.demo = false;
    }
    std::string_view description;
    if (object["description"].get(description) == simdjson::SUCCESS) {
        info.description = description;
    }
    return info;
}

std::optional<std::string> detector_url(std::string_view json, std::string_view origin) {
    simdjson::dom::parser parser;
    auto detector = required_text(parse_object(parser, json, origin), "detector", origin);
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
