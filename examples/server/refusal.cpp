// SPDX-License-Identifier: Apache-2.0
// Wording of refusals.
#include "refusal.hpp"

namespace server {
namespace {

/// Until a place in the queue is likely to be free again.
constexpr const char* retry_seconds = "1";

}  // namespace

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Refusal::Refusal(int status, Json detail, Headers headers)
    : Error(speciesnet::ErrorCode::invalid_argument,
            detail.is_string() ? detail.get<std::string>() : to_text(detail)),
      status_(status),
      detail_(std::move(detail)),
      headers_(std::move(headers)) {}

Refusal::~Refusal() = default;

Refusal field_refusal(std::string_view type, std::string_view field, std::string_view message,
                      Json input) {
    return {422, Json::array({{{"type", type},
                               {"loc", {"body", field}},
                               {"msg", message},
                               {"input", std::move(input)}}})};
}

Refusal busy_refusal(const std::string& detail) {
    return {503, detail, {{"Retry-After", retry_seconds}}};
}

}  // namespace server
