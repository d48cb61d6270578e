// SPDX-License-Identifier: Apache-2.0
// The protocol of a connection, without sockets.
#include "conversation.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace server;
using State = Conversation::State;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t body_limit = 1000;

/// Refuses /closed by its head, and records answers.
class Speech final : public Speaker {
public:
    HeadDecision decide(Request& head) override {
        if (head.path == "/closed") {
            return {.answer = refusal_response(Refusal(404, "closed"))};
        }
        return {.answer = std::nullopt, .body_limit = body_limit};
    }
    void complete(Request& request, Response& response) override {
        answered.push_back(request.method + ' ' + request.path + ' ' +
                           std::to_string(response.status));
    }

    std::vector<std::string> answered;
};

/// A conversation with a simulated clock.
class Talk {
public:
    explicit Talk(const ConversationLimits& with = {}) : limits(with) {}

    Talk& say(std::string_view bytes) {
        conversation.receive(bytes, now);
        return *this;
    }

    /// Answers the request and takes the output.
    std::string listen() {
        std::string heard;
        while (true) {
            if (auto request = conversation.take_request()) {
                bodies.push_back(request->body);
                conversation.answer(json_response(200, "{}"), now);
            }
            const std::string output(conversation.output());
            if (output.empty()) {
                return heard;
            }
            heard += output;
            conversation.sent(output.size(), now);
        }
    }

    Talk& wait() {
        now = conversation.deadline();
        conversation.expire(now);
        return *this;
    }

    State state() const { return conversation.state(); }

    ConversationLimits limits;
    Speech speech;
    std::vector<std::string> bodies;
    Conversation::TimePoint now{};
    Conversation conversation{speech, limits, "192.0.2.7", now};
};

const std::string get = "GET /open HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(const std::string& headers, const std::string& body = {}) {
    return "POST /open HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

}  // namespace

TEST_CASE("requests that are sent at once are answered one after the other") {
    Talk talk;
    const auto heard = talk.say(get + post("Content-Length: 5\r\n", "hello") + get).listen();
    CHECK(count(heard, "HTTP/1.1 200 OK") == 3);
    CHECK(talk.bodies == std::vector<std::string>{"", "hello", ""});
    CHECK(talk.state() == State::idle);
}

TEST_CASE("while one request is processed no input is read") {
    Talk talk;
    talk.say(get + get);
    CHECK(talk.conversation.take_request());
    CHECK_FALSE(talk.conversation.wants_input());
    CHECK_FALSE(talk.conversation.take_request());
    talk.conversation.answer(json_response(200, "{}"), talk.now);
    CHECK_FALSE(talk.conversation.wants_input());
    CHECK(count(talk.listen(), "HTTP/1.1 200 OK") == 2);
    CHECK(talk.conversation.wants_input());
}

TEST_CASE("a head may have 16 KiB, however it arrives") {
    const std::string begin = "GET /open HTTP/1.1\r\nHost: a\r\nX: ";
    const std::string end = "\r\n\r\n";
    const auto head = [&](std::size_t bytes) {
        return begin + std::string(bytes - begin.size() - end.size(), 'x') + end;
    };
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, std::size_t{100'000}}) {
        CAPTURE(piece);
        for (const auto& [bytes, status] : {std::pair{16384, "200"}, std::pair{16385, "431"}}) {
            Talk talk;
            const auto text = head(static_cast<std::size_t>(bytes));
            for (std::size_t start = 0; start < text.size(); start += piece) {
                talk.say(std::string_view(text).substr(start, piece));
            }
            CHECK(talk.listen().starts_with("HTTP/1.1 " + std::string(status)));
        }
    }
}

TEST_CASE("the limit of a body applies whether its size is announced or not") {
    const std::string body(body_limit + 1, 'x');
    const auto chunks = "3e9\r\n" + body + "\r\n0\r\n\r\n";
    for (const auto& request :
         {post("Content-Length: 1001\r\n"), post("Transfer-Encoding: chunked\r\n", chunks)}) {
        Talk talk;
        CHECK(talk.say(request).listen().starts_with("HTTP/1.1 413 "));
        CHECK(talk.bodies.empty());
        CHECK(talk.state() == State::lingering);
    }
    Talk talk;
    talk.say(post("Content-Length: 1000\r\n", body.substr(1)));
    CHECK(talk.listen().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("small chunks cannot make a body arbitrarily long in transmission") {
    Talk talk;
    talk.say(post("Transfer-Encoding: chunked\r\n"));
    std::string chunk = "1;" + std::string(200, 'e') + "\r\nx\r\n";
    int sent = 0;
    while (talk.state() == State::body && sent < 1000) {
        talk.say(chunk);
        ++sent;
    }
    CHECK(sent < 400);
    CHECK(talk.listen().starts_with("HTTP/1.1 413 "));
}

TEST_CASE("a client that expects 100 Continue gets it, or is refused before sending the body") {
    Talk open;
    const auto expect = "Content-Length: 5\r\nExpect: 100-continue\r\n";
    CHECK(open.say(post(expect)).listen() == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(open.say("hello").listen().starts_with("HTTP/1.1 200 "));
    Talk closed;
    CHECK(closed
              .say("POST /closed HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                   "Content-Length: 5\r\n\r\n")
              .listen()
              .starts_with("HTTP/1.1 404 "));
    CHECK(closed.state() == State::lingering);
}

TEST_CASE("unread bytes of a body are never parsed as a request") {
    Talk talk;
    talk.say("POST /closed HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(get.size()) +
             "\r\n\r\n" + get);
    CHECK(count(talk.listen(), "HTTP/1.1 ") == 1);
    talk.say(get);
    CHECK(talk.listen().empty());
    CHECK(talk.speech.answered == std::vector<std::string>{"POST /closed 404"});
}

TEST_CASE("HEAD is answered with the size of a body that is not sent") {
    Talk talk;
    const auto heard = talk.say("HEAD /open HTTP/1.1\r\nHost: a\r\n\r\n").listen();
    CHECK(heard.find("Content-Length: 2\r\n") != std::string::npos);
    CHECK(heard.ends_with("\r\n\r\n"));
}

TEST_CASE("every wait has a deadline") {
    Talk idle;
    CHECK(idle.wait().listen().empty());
    CHECK(idle.state() == State::closed);

    Talk head;
    CHECK(head.say("GET").wait().listen().starts_with("HTTP/1.1 408 "));

    Talk body;
    CHECK(
        body.say(post("Content-Length: 5\r\n", "h")).wait().listen().starts_with("HTTP/1.1 408 "));
    CHECK(body.wait().state() == State::closed);

    Talk work;
    CHECK(work.say(get).conversation.take_request());
    CHECK(work.wait().listen().starts_with("HTTP/1.1 504 "));
    work.conversation.answer(json_response(200, "{}"), work.now);
    CHECK(work.listen().empty());
    CHECK(work.state() == State::idle);

    Talk deaf;
    CHECK(deaf.say("GET /closed HTTP/1.1\r\nHost: a\r\n\r\n").wait().state() == State::closed);
}

TEST_CASE("slow bytes extend the deadline of neither head nor body") {
    Talk head;
    head.say("G");
    const auto until = head.conversation.deadline();
    head.now += 1s;
    CHECK(head.say("E").conversation.deadline() == until);

    Talk body;
    body.say(post("Content-Length: 1000\r\n"));
    const auto begun = body.now;
    for (int second = 0; second < 200 && body.state() == State::body; ++second) {
        body.now += 1s;
        if (body.now >= body.conversation.deadline()) {
            body.conversation.expire(body.now);
        } else {
            body.say("x");
        }
    }
    CHECK(body.now - begun == body.limits.body);
    CHECK(body.listen().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("a client may close its side and still be answered") {
    Talk talk;
    talk.say(get);
    talk.conversation.receive_end(talk.now);
    CHECK(talk.listen().starts_with("HTTP/1.1 200 "));
    Talk early;
    early.say(post("Content-Length: 5\r\n", "hel"));
    early.conversation.receive_end(early.now);
    CHECK(early.listen().starts_with("HTTP/1.1 400 "));
    CHECK(early.state() == State::closed);
}

TEST_CASE("a draining server finishes open requests and accepts no others") {
    Talk idle;
    idle.conversation.drain(idle.now);
    CHECK(idle.state() == State::closed);
    Talk begun;
    begun.say(get.substr(0, 9));
    begun.conversation.drain(begun.now);
    const auto heard = begun.say(get.substr(9) + get).listen();
    CHECK(count(heard, "HTTP/1.1 200 ") == 1);
    CHECK(heard.find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("a connection ends after its last request") {
    Talk talk(ConversationLimits{.requests = 2});
    const auto heard = talk.say(get + get + get).listen();
    CHECK(count(heard, "HTTP/1.1 200 ") == 2);
    CHECK(talk.state() == State::lingering);
}

TEST_CASE("a refused conversation frees received data") {
    Talk talk;
    talk.say(post("Content-Length: 1000\r\n", std::string(900, 'x')));
    CHECK(talk.conversation.held() > 900);
    talk.conversation.refuse(busy_refusal("full"), talk.now);
    CHECK(talk.listen().starts_with("HTTP/1.1 503 "));
    CHECK(talk.conversation.held() < 100);
}

TEST_CASE("input after the last answer is discarded, up to a limit") {
    Talk talk(ConversationLimits{.linger_bytes = 100});
    talk.say("nonsense\r\n\r\n").listen();
    CHECK(talk.state() == State::lingering);
    CHECK(talk.say(std::string(100, 'x')).state() == State::lingering);
    CHECK(talk.say("x").state() == State::closed);
    CHECK(talk.conversation.held() < 100);
}
