// Around httplib's content reader, whose receivers return false where ours throw.
#include "body.hpp"

#include "header_value.hpp"
#include "refusal.hpp"

#include <exception>
#include <string>

namespace server {
namespace {

Refusal too_large(std::size_t limit) {
    return {413, "The body is larger than " + std::to_string(limit) + " bytes"};
}

}  // namespace

void check_body_head(const httplib::Request& request, std::size_t limit) {
    const auto encoding = lower(request.get_header_value("Content-Encoding"));
    if (!encoding.empty() && encoding != "identity") {
        throw Refusal(415, "Compressed bodies are not accepted: " + encoding);
    }
    const auto length = request.get_header_value("Content-Length");
    if (!length.empty() && std::stoull(length) > limit) {
        throw too_large(limit);
    }
}

std::uint64_t receive_body(const httplib::ContentReader& reader, std::size_t limit,
                           const std::function<void(std::string_view)>& receiver) {
    std::uint64_t received = 0;
    std::exception_ptr error;
    const bool whole = reader([&](const char* data, std::size_t size) {
        try {
            received += size;
            if (received > limit) {
                throw too_large(limit);
            }
            receiver({data, size});
        } catch (...) {
            error = std::current_exception();
        }
        return !error;
    });
    if (error) {
        std::rethrow_exception(error);
    }
    if (!whole) {
        throw Refusal(408, "The request's body did not arrive in time");
    }
    return received;
}

}  // namespace server
