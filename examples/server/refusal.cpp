// SPDX-License-Identifier: Apache-2.0
// Formats error answers.
#include "refusal.hpp"

namespace server {
namespace {

/// Time after which the queue is likely to have room again.
constexpr const char* retry_seconds = "1";
constexpr int unprocessable = 422;

std::string body(const std::string& detail) {
    auto json = line_writer();
    json.begin_object();
    json.key("detail").value(detail);
    json.end_object();
    return json.take();
}

void write(speciesnet::JsonWriter& json, const FieldError& error) {
    json.begin_object();
    json.key("type").value(error.type);
    json.key("loc").begin_array().value("body").value(error.field).end_array();
    json.key("msg").value(error.message);
    json.key("input");
    if (error.input) {
        json.value(*error.input);
    } else {
        json.null();
    }
    if (error.rule) {
        json.key("ctx").begin_object().key(error.rule->first);
        std::visit([&](const auto& says) { json.value(says); }, error.rule->second);
        json.end_object();
    }
    json.end_object();
}

std::string body(const std::vector<FieldError>& errors) {
    auto json = line_writer();
    json.begin_object();
    json.key("detail").begin_array();
    for (const auto& error : errors) {
        write(json, error);
    }
    json.end_array();
    json.end_object();
    return json.take();
}

}  // namespace

speciesnet::JsonWriter line_writer() {
    return speciesnet::JsonWriter(0, std::nullopt, speciesnet::JsonWriter::BrokenText::replace);
}

Refusal::Refusal(int status, const std::string& detail, Headers headers)
    : Error(speciesnet::ErrorCode::invalid_argument, detail),
      status_(status),
      text_(body(detail)),
      headers_(std::move(headers)) {}

Refusal::Refusal(const std::vector<FieldError>& errors)
    : Error(speciesnet::ErrorCode::invalid_argument, errors.front().message),
      status_(unprocessable),
      text_(body(errors)) {}

Refusal::~Refusal() = default;

Refusal field_refusal(std::string_view type, std::string_view field, std::string_view message) {
    return Refusal({FieldError{
        .type = std::string(type), .field = std::string(field), .message = std::string(message)}});
}

Refusal busy_refusal(const std::string& detail) {
    return {503, detail, {{"Retry-After", retry_seconds}}};
}

}  // namespace server
