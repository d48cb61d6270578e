// SPDX-License-Identifier: Apache-2.0
// The server on real sockets, with an application that needs no model.
#include "http_server.hpp"

#include "file_descriptor.hpp"
#include "work_queue.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace server;
using namespace std::chrono_literals;

namespace {

/// Answers /now at once, /later on a worker with the size of the body, and /stuck when it is
/// released.
class Echo final : public Application {
public:
    HeadDecision decide(Request&) override {
        return {.answer = std::nullopt, .body_limit = 100'000};
    }
    void complete(Request&, Response&) override { ++answers; }
    std::optional<Response> serve(Request request, const Reply& reply) override {
        if (request.path == "/now") {
            return json_response(200, "{}");
        }
        const bool stuck = request.path == "/stuck";
        const bool taken = queue.submit({.function =
                                             [this, stuck, reply, size = request.body.size()] {
                                                 if (stuck) {
                                                     begun.set_value(reply.stop());
                                                     released.wait();
                                                 }
                                                 reply(json_response(200, std::to_string(size)));
                                             },
                                         .deadline = WorkQueue::Clock::now() + 1h,
                                         .stop = reply.stop()});
        return taken ? std::nullopt
                     : std::optional(refusal_response(busy_refusal("Too many are waiting")));
    }

    std::promise<std::stop_token> begun;
    std::promise<void> release;
    std::shared_future<void> released = release.get_future().share();
    std::atomic<int> answers = 0;
    WorkQueue queue{2, 8};
};

/// A server on its own thread.
class Running {
public:
    explicit Running(const ServerLimits& limits = {}) : http(echo, state, limits) {
        port = http.open("127.0.0.1", 0);
        thread = std::jthread([this] { http.serve(); });
    }
    ~Running() { http.drain(); }

    Echo echo;
    ServerState state;
    HttpServer http;
    int port = 0;
    std::jthread thread;
};

class Client {
public:
    /// @param number index of the client; each has its own address
    explicit Client(int port, std::uint32_t number = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number);
        REQUIRE(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
                0);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                        sizeof(address)) == 0);
    }

    void say(std::string_view text) const {
        while (!text.empty()) {
            const auto count = send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return;
            }
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    /// Returns everything until the server closes the connection.
    std::string listen() const {
        std::string heard;
        std::array<char, 4096> bytes{};
        for (ssize_t count = 0; (count = recv(socket_.get(), bytes.data(), bytes.size(), 0)) > 0;) {
            heard.append(bytes.data(), static_cast<std::size_t>(count));
        }
        return heard;
    }

private:
    speciesnet::FileDescriptor socket_;
};

std::string request(const std::string& path, std::size_t body = 0) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body) +
           "\r\n\r\n" + std::string(body, 'x');
}

const std::string last = "GET /now HTTP/1.0\r\n\r\n";

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

}  // namespace

TEST_CASE("concurrent clients are all answered or refused") {
    Running server;
    std::atomic<std::size_t> answered = 0;
    std::vector<std::jthread> clients;
    constexpr std::size_t rounds = 50;
    for (std::size_t number = 0; number < 8; ++number) {
        clients.emplace_back([&, number] {
            for (std::size_t round = 0; round < rounds; ++round) {
                const Client leaving(server.port);
                leaving.say(request("/later", 1000).substr(0, 17 * round));
                const Client asking(server.port);
                asking.say(request("/later", 1000 * number) + request("/now") + last);
                answered += count(asking.listen(), "HTTP/1.1 ");
            }
        });
    }
    clients.clear();
    CHECK(answered == 8 * rounds * 3);
    server.http.drain();
    server.thread.join();
    CHECK(server.state.connections == 0);
    CHECK(server.state.bytes == 0);
}

TEST_CASE("a draining server answers open requests") {
    Running server;
    const Client client(server.port);
    client.say(request("/stuck"));
    const auto stop = server.echo.begun.get_future().get();
    server.http.drain();
    while (!server.state.draining) {
    }
    CHECK(server.state.connections == 1);
    CHECK_FALSE(stop.stop_requested());
    server.echo.release.set_value();
    CHECK(client.listen().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("an aborted server ends despite running work, and answers 503") {
    Running server;
    const Client client(server.port);
    client.say(request("/stuck"));
    const auto stop = server.echo.begun.get_future().get();
    server.http.abort();
    server.thread.join();
    CHECK(stop.stop_requested());
    CHECK(client.listen().starts_with("HTTP/1.1 503 "));
    // Its answer has no destination.
    server.echo.release.set_value();
    CHECK(server.echo.queue.wait_until_idle(WorkQueue::Clock::now() + 1min));
}

TEST_CASE("work that takes too long is requested to stop") {
    ServerLimits limits;
    limits.conversation.work = 1s;
    Running server(limits);
    {
        const Client client(server.port);
        client.say("GET /stuck HTTP/1.0\r\n\r\n");
        const auto stop = server.echo.begun.get_future().get();
        CHECK(client.listen().starts_with("HTTP/1.1 504 "));
        CHECK(stop.stop_requested());
    }
    server.echo.release.set_value();
}

TEST_CASE("memory held for a client is bounded at any time") {
    ServerLimits limits;
    limits.memory = 150'000;
    Running server(limits);
    std::atomic<bool> watching = true;
    std::size_t most = 0;
    std::jthread watch([&] {
        while (watching) {
            most = std::max(most, server.state.bytes.load());
        }
    });
    std::vector<Client> holding;
    for (int number = 0; number < 20; ++number) {
        holding.emplace_back(server.port).say(request("/later", 90'000).substr(0, 60'000));
    }
    const Client asking(server.port, 1);
    asking.say(request("/later", 50'000) + last);
    CHECK(count(asking.listen(), "HTTP/1.1 200 ") == 2);
    watching = false;
    watch.join();
    // Exceeded by one read at most, in a buffer whose size doubles.
    CHECK(most < limits.memory + 100'000);
    CHECK(holding.front().listen().starts_with("HTTP/1.1 503 "));
    holding.clear();
}
