// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 on one connection as a state machine: bytes and the time go in, requests and bytes come
// out. It knows no sockets, waits for nothing, and holds a bounded amount of memory.
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

/// What a client may take of time and space.
struct ConversationLimits {
    std::chrono::seconds idle{15};     ///< Between two requests.
    std::chrono::seconds head{10};     ///< For a request's head, from its first byte.
    std::chrono::seconds body{60};     ///< For a request's body.
    std::chrono::seconds silence{10};  ///< Longest pause within a body.
    std::chrono::seconds work{30};     ///< From a complete request to its answer.
    std::chrono::seconds answer{30};   ///< For taking an answer.
    std::chrono::seconds linger{5};    ///< For a client to stop sending after the last answer.
    std::size_t head_bytes = std::size_t{16} * 1024;
    std::size_t linger_bytes = std::size_t{32} * 1024 * 1024;
    std::size_t requests = 1000;  ///< On one connection.
};

/// What a request's head decides.
struct HeadDecision {
    /// The answer, if the body does not matter.
    std::optional<Response> answer;
    /// Else how many bytes the body may have.
    std::size_t body_limit = 0;
};

/// What is said in a conversation. Functions throw std::bad_alloc at most.
class Speaker {
public:
    virtual ~Speaker() = default;

    /// Decides what is done with a request whose head has arrived.
    virtual HeadDecision decide(Request& head) = 0;

    /// Adds to an answer what all answers have, and notes it. Each answer passes here once.
    /// @param request empty but for `peer` where none could be read
    virtual void complete(Request& request, Response& response) = 0;

protected:
    Speaker() = default;
    Speaker(const Speaker&) = default;
    Speaker& operator=(const Speaker&) = default;
};

/// Requests are answered one after the other: while one is worked on, no input is wanted, so that a
/// client that sends more fills its own buffers.
class Conversation {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    enum class State {
        idle,       ///< Nothing of a request has arrived.
        head,       ///< A part of its head.
        body,       ///< Its head, and perhaps a part of its body.
        complete,   ///< All of it; take_request() has it.
        working,    ///< It was taken; answer() is awaited.
        answering,  ///< Its answer is being sent.
        lingering,  ///< The last answer was sent. Further input is discarded: closing at once
                    ///< would make the client's system discard the answer.
        closed,
    };

    /// @param speaker and limits must outlive this object
    Conversation(Speaker& speaker, const ConversationLimits& limits, std::string peer,
                 TimePoint now);

    void receive(std::string_view bytes, TimePoint now);
    /// The client has ended its side; it may still wait for an answer.
    void receive_end(TimePoint now);
    bool wants_input() const noexcept;

    /// The request that has arrived, once.
    std::optional<Request> take_request();
    /// Answers the request that was taken.
    void answer(Response response, TimePoint now);

    /// Bytes to be sent, without those that sent() has acknowledged.
    std::string_view output() const noexcept;
    void sent(std::size_t bytes, TimePoint now);

    /// When expire() is due.
    TimePoint deadline() const noexcept { return deadline_; }
    /// The deadline has passed: refuses what is late, or closes.
    void expire(TimePoint now);
    /// Ends after the request that is being received or answered.
    void drain(TimePoint now);
    /// Answers whatever has arrived, or nothing, with a refusal, and ends.
    void refuse(const Refusal& refusal, TimePoint now);

    State state() const noexcept { return state_; }
    /// When it began to wait for what it waits for.
    TimePoint since() const noexcept { return since_; }
    /// Requests that were taken so far.
    std::size_t taken() const noexcept { return taken_; }
    /// Bytes of memory that were allocated for the client, the request that is worked on included.
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
    std::size_t sent_ = 0;  ///< Bytes of the output.
    const std::string peer_;
    RequestHead head_;  ///< Of the request that is being received or answered.
    std::size_t body_limit_ = 0;
    ChunkedBody chunks_;
    std::uint64_t chunk_bytes_ = 0;  ///< Of a chunked body as it is on the wire.
    TimePoint body_deadline_;
    std::size_t lent_ = 0;  ///< Bytes of the request that was taken.
    std::size_t taken_ = 0;
    std::size_t answered_ = 0;
    std::size_t thrown_away_ = 0;
    bool ended_ = false;  ///< Whether the client has ended its side.
    bool draining_ = false;
    bool last_ = false;  ///< Whether the answer that is being sent is the last one.
};

}  // namespace server
