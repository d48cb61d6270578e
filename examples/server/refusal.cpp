// Wording of refusals.
#include "refusal.hpp"

#include <utility>

namespace server {

Refusal::Refusal(int status, Json detail)
    : Error(speciesnet::ErrorCode::invalid_argument,
            detail.is_string() ? detail.get<std::string>()
                               : detail.dump(-1, ' ', false, Json::error_handler_t::replace)),
      status_(status),
      detail_(std::move(detail)) {}

Refusal::~Refusal() = default;

Refusal field_refusal(std::string_view type, std::string_view field, std::string_view message,
                      Json input) {
    return {422, Json::array({{{"type", type},
                               {"loc", {"body", field}},
                               {"msg", message},
                               {"input", std::move(input)}}})};
}

}  // namespace server
