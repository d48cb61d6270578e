// SPDX-License-Identifier: Apache-2.0
// An answer that is not a success, thrown by whatever part of a request finds out, in the shape
// FastAPI gives it.
#pragma once

#include "speciesnet/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace server {

using Json = nlohmann::ordered_json;

/// One line, UTF-8 whatever the client sent.
std::string to_text(const Json& json);

/// Ends a request with a status of 4xx or 5xx and the body {"detail": …}.
class Refusal : public speciesnet::Error {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// @param detail  words, or FastAPI's list of what is wrong with which field
    /// @param headers of the answer, beside the usual ones
    Refusal(int status, Json detail, Headers headers = {});
    Refusal(const Refusal&) = default;
    Refusal& operator=(const Refusal&) = default;
    ~Refusal() override;

    int status() const noexcept { return status_; }
    const Json& detail() const noexcept { return detail_; }
    const Headers& headers() const noexcept { return headers_; }
    /// The body.
    std::string text() const { return to_text({{"detail", detail_}}); }

private:
    int status_;
    Json detail_;
    Headers headers_;
};

/// 422 for one field of a form, worded as FastAPI's validation errors.
/// @param type  FastAPI's name of the error, for instance "missing"
/// @param input what the client sent; null if nothing
Refusal field_refusal(std::string_view type, std::string_view field, std::string_view message,
                      Json input = nullptr);

/// 503 for a server that has too much to do.
Refusal busy_refusal(const std::string& detail);

}  // namespace server
