// SPDX-License-Identifier: Apache-2.0
// The server's sockets, all handled by one thread that never blocks on any of them.
#pragma once

#include "conversation.hpp"
#include "request.hpp"
#include "response.hpp"
#include "sockets.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>

namespace server {

class Mailbox;

/// The destination of the answer to a request. Copies share it. Any thread may use them, even when
/// client or server are gone.
class Reply {
public:
    Reply(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::size_t request,
          std::stop_token stop);

    /// Sends an answer. An answer that comes too late is dropped.
    void operator()(Response response) const;

    /// Requested when no client waits for the answer any more.
    const std::stop_token& stop() const noexcept { return stop_; }

private:
    std::shared_ptr<Mailbox> mailbox_;
    std::uint64_t connection_;
    std::size_t request_;
    std::stop_token stop_;
};

/// Answers requests. Functions are called on the server's thread and must not block.
class Application : public Speaker {
public:
    /// Answers a complete request, or arranges for a later answer.
    /// @return nothing if `reply` will be used
    virtual std::optional<Response> serve(Request request, const Reply& reply) = 0;
};

/// Limits of the whole server.
struct ServerLimits {
    ConversationLimits conversation;
    std::size_t connections = 1024;
    /// For everything that is being received, processed and sent.
    std::size_t memory = std::size_t{256} * 1024 * 1024;
};

/// The state of a running server; any thread may read it.
struct ServerState {
    std::atomic<bool> draining = false;
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::size_t> bytes = 0;  ///< Memory of all conversations.
};

/// Connections and memory are shared fairly: if one of them runs out, the client that holds most of
/// it loses the connection that has waited longest for that client.
class HttpServer {
public:
    /// @param state and application must outlive this object
    HttpServer(Application& application, ServerState& state, const ServerLimits& limits);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds the address. An IPv6 address also accepts IPv4.
    /// @param port 0 for any free port
    /// @return the port. @throws speciesnet::IoError
    int open(const std::string& host, int port);

    /// Serves until drain() was called and all connections have ended, or abort() was.
    void serve();

    /// Accepts no more connections, closes idle ones and lets the others finish their request. May
    /// be called on any thread at any time.
    void drain();

    /// Answers requests in progress with 503 and closes all connections. May be called on any
    /// thread at any time.
    void abort();

private:
    using Clock = std::chrono::steady_clock;
    struct Connection;
    /// Resources held by all connections of one client.
    struct Share {
        std::size_t connections = 0;
        std::size_t bytes = 0;
    };
    /// The contribution of one connection to the counters.
    struct Holding {
        std::size_t bytes = 0;
        bool lingers = false;
    };

    int milliseconds_to_wait() const;
    void accept_some();
    void accept_without_descriptors();
    void add(Socket socket, const std::string& client);
    void remove(Connection& connection);
    template <typename Action>
    void for_each(const Action& action);
    template <typename Action>
    void guarded(std::uint64_t id, const Action& action);
    void on_event(Connection& connection, const SocketEvent& event);
    bool receive(Connection& connection);
    bool send_output(Connection& connection);
    void go_on(Connection& connection);
    void settle(Connection& connection);
    void deliver_replies();
    void expire();
    bool shed(std::size_t Share::*measure, Clock::duration least);
    Connection* longest_waiting_of_largest(std::size_t Share::*measure, Clock::duration least);
    void set_listening(bool listening);
    void begin_draining();
    void end_all();

    Application& application_;
    ServerState& state_;
    const ServerLimits limits_;
    Socket listener_;
    SpareSocket spare_;  ///< Released to refuse a client when no descriptors are left.
    std::shared_ptr<Mailbox> mailbox_;
    std::atomic<bool> drain_asked_ = false;
    std::atomic<bool> abort_asked_ = false;
    std::uint64_t next_id_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::unordered_map<std::string, Share> shares_;
    std::set<std::pair<Clock::time_point, std::uint64_t>> deadlines_;
    std::size_t lingering_ = 0;
    std::size_t bytes_ = 0;
    std::optional<Clock::time_point> accept_again_;  ///< Set while no client is accepted.
};

}  // namespace server
