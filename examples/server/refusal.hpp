// An answer that is not a success, thrown by whatever part of a request finds out, in the shape
// FastAPI gives it.
#pragma once

#include "speciesnet/error.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace server {

using Json = nlohmann::ordered_json;

/// Ends a request with a status of 4xx or 5xx and the body {"detail": …}.
class Refusal : public speciesnet::Error {
public:
    /// @param detail words, or FastAPI's list of what is wrong with which field
    Refusal(int status, Json detail);
    Refusal(const Refusal&) = default;
    Refusal& operator=(const Refusal&) = default;
    ~Refusal() override;

    int status() const noexcept { return status_; }
    const Json& detail() const noexcept { return detail_; }

private:
    int status_;
    Json detail_;
};

/// 422 for one field of a form, worded as FastAPI's validation errors.
/// @param type  FastAPI's name of the error, for instance "missing"
/// @param input what the client sent; null if nothing
Refusal field_refusal(std::string_view type, std::string_view field, std::string_view message,
                      Json input = nullptr);

}  // namespace server
