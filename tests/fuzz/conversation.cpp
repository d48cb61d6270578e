// SPDX-License-Identifier: Apache-2.0
// Fuzzes Conversation. Input: one byte that selects the size of the pieces, then the bytes of a
// connection. Checks that the pieces do not change the answers, that memory is bounded, and that
// timeouts close a silent connection.
#include "conversation.hpp"

#include "fuzz/agreement.hpp"

#include <chrono>
#include <string>

namespace {

using server::Conversation;
using speciesnet::fuzz::require;

constexpr std::size_t body_limit = 512;
constexpr std::size_t most_output = 4096;
const server::ConversationLimits limits{.head_bytes = 256, .linger_bytes = 1024, .requests = 8};

/// Answers /by-head after the head and accepts the body of any other request. Records each request
/// with its status.
class Echo final : public server::Speaker {
public:
    server::HeadDecision decide(server::Request& head) override {
        if (head.path == "/by-head") {
            return {.answer = server::json_response(404, "{}")};
        }
        return {.answer = std::nullopt, .body_limit = body_limit};
    }

    void complete(server::Request& request, server::Response& response) override {
        require(response.status >= 200, "a response has a final status");
        said += request.method + ' ' + request.path + ' ' + std::to_string(response.status) + '\n';
    }

    std::string said;
};

/// Returns the requests and statuses of a conversation whose bytes arrive in pieces of one size.
std::string hold(std::string_view wire, std::size_t piece) {
    Echo echo;
    auto now = Conversation::TimePoint{};
    Conversation conversation(echo, limits, "127.0.0.1", now);
    bool ended = false;
    const auto answer_all = [&] {
        for (bool progress = true; progress;) {
            progress = false;
            if (auto request = conversation.take_request()) {
                require(request->body.size() <= body_limit, "a body is within its limit");
                conversation.answer(
                    server::json_response(200, std::to_string(request->body.size())), now);
                progress = true;
            }
            if (const auto output = conversation.output(); !output.empty()) {
                require(output.size() <= most_output, "the output is bounded");
                // Sends half of it at a time.
                conversation.sent((output.size() + 1) / 2, now);
                progress = true;
            }
        }
        require(
            conversation.held() <= 16 * (limits.head_bytes + body_limit + most_output) + 2 * piece,
            "the memory is bounded");
    };
    while (conversation.wants_input()) {
        if (wire.empty()) {
            require(!ended, "no input is wanted after its end");
            conversation.receive_end(now);
            ended = true;
        } else {
            conversation.receive(wire.substr(0, piece), now);
            wire.remove_prefix(std::min(piece, wire.size()));
        }
        answer_all();
    }
    using State = Conversation::State;
    require(conversation.state() == State::closed, "a conversation that wants no input is closed");
    return echo.said;
}

/// Checks that timeouts close a conversation that is silent after these bytes, in any state.
void leave(std::string_view wire) {
    Echo echo;
    auto now = Conversation::TimePoint{};
    Conversation conversation(echo, limits, "127.0.0.1", now);
    conversation.receive(wire, now);
    conversation.take_request();
    for (int expired = 0; conversation.state() != Conversation::State::closed; ++expired) {
        require(expired < 32, "timeouts close a silent conversation");
        now = conversation.deadline();
        conversation.expire(now);
        if (conversation.state() == Conversation::State::answering) {
            conversation.sent(conversation.output().size(), now);
            conversation.take_request();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const auto wire = speciesnet::fuzz::text(data + 1, size - 1);
    require(hold(wire, std::size_t{1} + data[0]) == hold(wire, 1),
            "the pieces do not change the answers");
    leave(wire.substr(0, data[0]));
    return 0;
}
