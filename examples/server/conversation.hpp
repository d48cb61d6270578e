// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 on one connection as a state machine: its inputs are bytes and the time, its outputs
// requests and bytes. It uses no sockets, never waits, and holds a bounded amount of memory.
#pragma once

#include "chunked_body.hpp"
#include "refusal.hpp"
#include "request.hpp"
#include "request_head.hpp"
#include "response.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace server {

/// Limits of time and space for a client.
struct ConversationLimits {
    std::chrono::seconds idle{15};     ///< Maximum time between two requests.
    std::chrono::seconds head{10};     ///< For the head of a request, from its first byte.
    std::chrono::seconds body{60};     ///< For the body of a request.
    std::chrono::seconds silence{10};  ///< Maximum pause within a body.
    std::chrono::seconds work{30};     ///< From a complete request to its answer.
    std::chrono::seconds answer{30};   ///< For the client to receive an answer.
    std::chrono::seconds linger{5};    ///< For a client to stop sending after the last answer.
    std::size_t head_bytes = std::size_t{16} * 1024;
    std::size_t linger_bytes = std::size_t{32} * 1024 * 1024;
    std::size_t requests = 1000;  ///< On one connection.
};

/// The decision made for the head of a request.
struct HeadDecision {
    /// The answer, if the body is not needed.
    std::optional<Response> answer;
    /// Otherwise, the maximum size of the body in bytes.
    std::size_t body_limit = 0;
};

/// Decides about requests and completes answers. Functions throw only std::bad_alloc.
class Speaker {
public:
    virtual ~Speaker() = default;

    /// Decides about a request whose head has arrived.
    virtual HeadDecision decide(Request& head) = 0;

    /// Adds the headers common to all answers, and records the answer. Called once for each answer.
    /// @param request empty except for `peer` if none could be read
    virtual void complete(Request& request, Response& response) = 0;

protected:
    Speaker() = default;
    Speaker(const Speaker&) = default;
    Speaker& operator=(const Speaker&) = default;
};

/// Requests are answered one after the other. While one is processed, no input is read, so that a
/// client that sends more fills only its own buffers.
class Conversation {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    enum class State {
        idle,       ///< No part of a request has arrived.
        head,       ///< Part of the head has arrived.
        body,       ///< The head and possibly part of the body have arrived.
        complete,   ///< The whole request has arrived; take_request() returns it.
        working,    ///< The request was taken; waits for answer().
        answering,  ///< Its answer is being sent.
        lingering,  ///< The last answer was sent. Further input is discarded: closing at once
                    ///< would make the client's system discard the answer.
        closed,
    };

    /// @param speaker and limits must outlive this object
    Conversation(Speaker& speaker, const ConversationLimits& limits, std::string peer,
                 TimePoint now);

    void receive(std::string_view bytes, TimePoint now);
    /// The client has closed its side; it may still wait for an answer.
    void receive_end(TimePoint now);
    bool wants_input() const noexcept;

    /// Returns the request that has arrived, once.
    std::optional<Request> take_request();
    /// Answers the request that was taken.
    void answer(Response response, TimePoint now);

    /// Returns bytes to send, without those that sent() has acknowledged.
    std::string_view output() const noexcept;
    void sent(std::size_t bytes, TimePoint now);

    /// Returns when expire() must be called.
    TimePoint deadline() const noexcept { return deadline_; }
    /// Must be called when the deadline has passed: refuses what is late, or closes.
    void expire(TimePoint now);
    /// Ends after the current request has been answered.
    void drain(TimePoint now);
    /// Answers any request in progress with a refusal, and ends.
    void refuse(const Refusal& refusal, TimePoint now);

    State state() const noexcept { return state_; }
    /// Returns when the current wait began.
    TimePoint since() const noexcept { return since_; }
    /// Returns the number of requests taken so far.
    std::size_t taken() const noexcept { return taken_; }
    /// Returns the bytes of memory allocated for the client, including the request being processed.
    std::size_t held() const noexcept;

private:
    void enter(State state, TimePoint now, std::chrono::seconds limit);
    void await_request(TimePoint now);
    void read(TimePoint now);
    void read_head(TimePoint now);
    void begin_body(TimePoint now);
    void read_body(TimePoint now);
    void read_length_body();
    void read_chunked_body();
    void respond(Response response, bool last, TimePoint now);

    Speaker& speaker_;
    const ConversationLimits& limits_;
    State state_ = State::idle;
    TimePoint since_;
    TimePoint deadline_;
    std::string input_;  ///< Received and not yet read.
    std::string output_;
    std::size_t sent_ = 0;  ///< Bytes of the output that were sent.
    const std::string peer_;
    RequestHead head_;  ///< Of the request that is being received or answered.
    std::size_t body_limit_ = 0;
    ChunkedBody chunks_;
    std::uint64_t chunk_bytes_ = 0;  ///< Bytes of a chunked body as transmitted.
    TimePoint body_deadline_;
    std::size_t lent_ = 0;  ///< Bytes of the request that was taken.
    std::size_t taken_ = 0;
    std::size_t answered_ = 0;
    std::size_t thrown_away_ = 0;
    bool ended_ = false;  ///< Whether the client has closed its side.
    bool draining_ = false;
    bool last_ = false;  ///< Whether the answer being sent is the last one.
};

}  // namespace server
