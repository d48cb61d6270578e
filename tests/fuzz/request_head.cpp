// Any bytes as a request's head: what is passed on is well formed, and reading it again changes
// nothing.
#include "request_head.hpp"

#include "fuzz/agreement.hpp"
#include "refusal.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using speciesnet::fuzz::require;
    try {
        const auto head = server::parse_request_head(speciesnet::fuzz::text(data, size));
        // A space after each colon.
        require(head.text.size() <= 2 * size, "a head hardly grows");
        require(head.text.ends_with("\r\n\r\n"), "a head ends in a blank line");
        require(head.text.find("\r\n\r\n") + 4 == head.text.size(), "a head has one blank line");
        require(head.text.find('\0') == std::string::npos, "a head has no zero byte");
        require((head.framing == server::BodyFraming::length) == (head.content_length > 0),
                "a body of some length has a length");
        const auto again = server::parse_request_head(head.text);
        require(again.framing == head.framing && again.content_length == head.content_length,
                "reading again reads the same");
    } catch (const server::Refusal& refusal) {
        require(refusal.status() >= 400, "a refusal is no success");
    }
    return 0;
}
