// SPDX-License-Identifier: Apache-2.0
// An error answer, thrown from any part of a request, in FastAPI's form.
#pragma once

#include "speciesnet/error.hpp"

#include "text/json_writer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace server {

/// Returns a writer of one line. Its output is UTF-8, whatever the client sent.
speciesnet::JsonWriter line_writer();

/// The fault of one field, in the form of FastAPI's validation errors.
struct FieldError {
    std::string type;  ///< FastAPI's name for the error, for instance "missing".
    std::string field;
    std::string message;
    std::optional<std::string> input = std::nullopt;  ///< What the client sent.
    /// The rule that was violated: its name and its value.
    std::optional<std::pair<std::string, std::variant<std::string, double>>> rule = std::nullopt;
};

/// Ends a request with a status of 4xx or 5xx and the body {"detail": …}.
class Refusal : public speciesnet::Error {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// @param headers of the answer, in addition to the usual ones
    Refusal(int status, const std::string& detail, Headers headers = {});
    /// Creates a 422 for fields.
    /// @param errors one or more
    explicit Refusal(const std::vector<FieldError>& errors);
    Refusal(const Refusal&) = default;
    Refusal& operator=(const Refusal&) = default;
    ~Refusal() override;

    int status() const noexcept { return status_; }
    const Headers& headers() const noexcept { return headers_; }
    /// Returns the body.
    const std::string& text() const noexcept { return text_; }

private:
    int status_;
    std::string text_;
    Headers headers_;
};

/// Returns a 422 for one field.
Refusal field_refusal(std::string_view type, std::string_view field, std::string_view message);

/// Returns a 503 for an overloaded server.
Refusal busy_refusal(const std::string& detail);

}  // namespace server
