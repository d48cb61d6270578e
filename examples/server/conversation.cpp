// SPDX-License-Identifier: Apache-2.0
// Each state has one deadline, which is set on entry.
#include "conversation.hpp"

#include <algorithm>
#include <utility>

namespace server {
namespace {

constexpr std::string_view blank_line = "\r\n\r\n";

/// Empties a string and frees its memory, which assigning an empty string does not do.
void release(std::string& text) {
    std::string().swap(text);
}

Refusal too_large(std::size_t limit) {
    return {413, "The body is larger than " + std::to_string(limit) + " bytes"};
}

/// A chunk of one byte needs six bytes. No real client sends many of those.
std::uint64_t most_chunk_bytes(std::size_t body_limit) {
    static constexpr std::uint64_t allowance = std::uint64_t{64} * 1024;
    return 2 * std::uint64_t{body_limit} + allowance;
}

}  // namespace

Conversation::Conversation(Speaker& speaker, const ConversationLimits& limits, std::string peer,
                           TimePoint now)
    : speaker_(speaker), limits_(limits), peer_(std::move(peer)) {
    await_request(now);
}

void Conversation::enter(State state, TimePoint now, std::chrono::seconds limit) {
    state_ = state;
    since_ = now;
    deadline_ = now + limit;
}

bool Conversation::wants_input() const noexcept {
    return !ended_ && (state_ == State::idle || state_ == State::head || state_ == State::body ||
                       state_ == State::lingering);
}

void Conversation::receive(std::string_view bytes, TimePoint now) {
    if (state_ == State::lingering) {
        thrown_away_ += bytes.size();
        state_ = thrown_away_ > limits_.linger_bytes ? State::closed : state_;
        return;
    }
    input_ += bytes;
    read(now);
}

void Conversation::receive_end(TimePoint now) {
    ended_ = true;
    switch (state_) {
        case State::idle:
        case State::head:
        case State::lingering:
            state_ = State::closed;
            break;
        case State::body:
            refuse(Refusal(400, "The request's body ends too early"), now);
            break;
        case State::complete:
        case State::working:
        case State::answering:
        case State::closed:
            break;
    }
}

/// Parses as much of a request as has arrived.
void Conversation::read(TimePoint now) {
    try {
        if (state_ == State::idle && !input_.empty()) {
            enter(State::head, now, limits_.head);
        }
        if (state_ == State::head) {
            read_head(now);
        }
        if (state_ == State::body) {
            read_body(now);
        }
    } catch (const Refusal& refusal) {
        refuse(refusal, now);
    }
}

void Conversation::read_head(TimePoint now) {
    const auto end = std::string_view(input_).substr(0, limits_.head_bytes).find(blank_line);
    if (end == std::string_view::npos) {
        if (input_.size() >= limits_.head_bytes) {
            throw Refusal(431, "The request's head is longer than " +
                                   std::to_string(limits_.head_bytes) + " bytes");
        }
        return;
    }
    head_ = parse_request_head(std::string_view(input_).substr(0, end + blank_line.size()));
    head_.request.peer = peer_;
    head_.request.received = now;
    input_.erase(0, end + blank_line.size());
    auto decision = speaker_.decide(head_.request);
    if (decision.answer) {
        respond(std::move(*decision.answer), head_.framing != BodyFraming::none, now);
        return;
    }
    body_limit_ = decision.body_limit;
    begin_body(now);
}

void Conversation::begin_body(TimePoint now) {
    if (head_.framing == BodyFraming::length && head_.content_length > body_limit_) {
        throw too_large(body_limit_);
    }
    chunks_ = {};
    chunk_bytes_ = 0;
    enter(State::body, now, limits_.silence);
    body_deadline_ = now + limits_.body;
    if (head_.expects_continue && head_.framing != BodyFraming::none && input_.empty()) {
        output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    }
}

void Conversation::read_body(TimePoint now) {
    if (head_.framing == BodyFraming::chunked) {
        read_chunked_body();
    } else {
        read_length_body();
    }
    const auto& body = head_.request.body;
    if (head_.framing == BodyFraming::chunked ? chunks_.complete()
                                              : body.size() == head_.content_length) {
        enter(State::complete, now, limits_.work);
    } else {
        deadline_ = std::min(body_deadline_, now + limits_.silence);
    }
}

void Conversation::read_length_body() {
    auto& body = head_.request.body;
    const auto missing = head_.content_length - body.size();
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(missing, input_.size()));
    body.append(input_, 0, count);
    input_.erase(0, count);
}

void Conversation::read_chunked_body() {
    auto& body = head_.request.body;
    const auto most = most_chunk_bytes(body_limit_);
    while (!input_.empty() && !chunks_.complete()) {
        // Each piece exceeds a limit by one byte at most, so that the answer does not depend on how
        // the body arrives.
        const auto piece =
            1 + std::min<std::uint64_t>(body_limit_ - body.size(), most - chunk_bytes_);
        const auto used = chunks_.feed(std::string_view(input_).substr(0, piece), body);
        input_.erase(0, used);
        chunk_bytes_ += used;
        if (body.size() > body_limit_ || chunk_bytes_ > most) {
            throw too_large(body_limit_);
        }
    }
}

std::optional<Request> Conversation::take_request() {
    if (state_ != State::complete) {
        return std::nullopt;
    }
    auto body = std::exchange(head_.request.body, {});
    auto request = head_.request;
    lent_ = body.capacity();
    request.body = std::move(body);
    state_ = State::working;
    ++taken_;
    return request;
}

void Conversation::answer(Response response, TimePoint now) {
    if (state_ == State::working) {
        respond(std::move(response), false, now);
    }
}

/// @param last whether no other request can follow, because this one was not read to its end
void Conversation::respond(Response response, bool last, TimePoint now) {
    speaker_.complete(head_.request, response);
    ++answered_;
    last_ = last || !head_.keep_alive || draining_ || answered_ >= limits_.requests;
    output_ += to_wire(response, {.without_body = head_.request.method == "HEAD",
                                  .last = last_,
                                  .keep_alive = limits_.idle});
    release(head_.request.body);
    lent_ = 0;
    if (last_) {
        release(input_);
    }
    enter(State::answering, now, limits_.answer);
}

std::string_view Conversation::output() const noexcept {
    return state_ == State::closed ? std::string_view() : std::string_view(output_).substr(sent_);
}

void Conversation::sent(std::size_t bytes, TimePoint now) {
    sent_ += bytes;
    if (sent_ < output_.size()) {
        return;
    }
    release(output_);
    sent_ = 0;
    if (state_ != State::answering) {
        return;
    }
    if (last_ || draining_) {
        enter(ended_ ? State::closed : State::lingering, now, limits_.linger);
        release(input_);
    } else {
        await_request(now);
    }
}

void Conversation::await_request(TimePoint now) {
    enter(State::idle, now, limits_.idle);
    head_ = {};
    head_.request.peer = peer_;
    head_.request.received = now;
    if (input_.empty()) {
        release(input_);
    }
    read(now);
    if (ended_ && (state_ == State::idle || state_ == State::head || state_ == State::body)) {
        receive_end(now);
    }
}

void Conversation::expire(TimePoint now) {
    switch (state_) {
        case State::head:
            refuse(Refusal(408, "The request's head did not arrive in time"), now);
            break;
        case State::body:
            refuse(Refusal(408, "The request's body did not arrive in time"), now);
            break;
        case State::complete:
        case State::working:
            respond(refusal_response(Refusal(504, "The answer took longer than " +
                                                      std::to_string(limits_.work.count()) +
                                                      " seconds")),
                    false, now);
            break;
        case State::idle:
        case State::answering:
        case State::lingering:
        case State::closed:
            state_ = State::closed;
            break;
    }
}

void Conversation::drain(TimePoint) {
    draining_ = true;
    if (state_ == State::idle) {
        state_ = State::closed;
    }
}

void Conversation::refuse(const Refusal& refusal, TimePoint now) {
    switch (state_) {
        case State::idle:
        case State::head:
        case State::body:
        case State::complete:
        case State::working:
            respond(refusal_response(refusal), true, now);
            break;
        case State::answering:
        case State::lingering:
        case State::closed:
            break;
    }
}

std::size_t Conversation::held() const noexcept {
    return input_.capacity() + output_.capacity() + head_.request.body.capacity() + lent_;
}

}  // namespace server
