// cpp-httplib's server with connections of our own: httplib accepts, routes and writes answers;
// Connection reads.
#pragma once

#include "connection.hpp"
#include "temporary_folder.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include <httplib.h>

namespace server {

/// An answer that was given before httplib saw a request, for there was none, or none to serve.
struct EarlyAnswer {
    const Refusal& refusal;
    const std::string& request_id;
    const std::string& client;  ///< Its address.
};

/// Routes are added with httplib's own functions. Their handlers run on connection threads and may
/// throw.
class HttpServer final : public httplib::Server {
public:
    /// @param most_connections served at the same time; more are answered 503
    HttpServer(const ConnectionLimits& limits, std::size_t most_connections);

    /// Sets who is told of early answers, on any thread. To be called before serve().
    void on_early_answer(std::function<void(const EarlyAnswer&)> told) { told_ = std::move(told); }

    /// Binds the address. @param port 0 for any free one
    /// @return the port. @throws speciesnet::IoError
    int open(const std::string& host, int port);

    /// Serves until drain() is called and all connections have ended.
    void serve();

    /// Accepts no more connections, ends idle ones and lets the others finish their request. Any
    /// thread, any time.
    void drain();

    bool draining() const noexcept { return draining_; }
    std::size_t connections() const noexcept { return connections_; }

    /// Ends all connections, whatever they are at. Any thread.
    void abort();

private:
    using Setup = std::function<void(httplib::Request&)>;

    bool process_and_close_socket(socket_t socket) override;
    bool serve_or_refuse(Connection& connection);
    void converse(Connection& connection);
    void refuse(Connection& connection, const Refusal& refusal) const;

    // process_request() of older and newer versions of httplib; the compiler takes the one there
    // is.
    bool dispatch(bool (httplib::Server::*process)(httplib::Stream&, bool, bool&, const Setup&),
                  Connection& connection, bool last, bool& closed);
    bool dispatch(bool (httplib::Server::*process)(httplib::Stream&, const std::string&, int,
                                                   const std::string&, int, bool, bool&,
                                                   const Setup&),
                  Connection& connection, bool last, bool& closed);

    ConnectionLimits limits_;
    std::size_t most_connections_;
    std::function<void(const EarlyAnswer&)> told_;
    Descriptor drain_;     ///< An eventfd, readable once the server drains.
    Descriptor abort_;     ///< An eventfd, readable once the server gives up.
    Descriptor listener_;  ///< Kept by drain() until no thread uses it.
    std::atomic<bool> draining_ = false;
    std::atomic<std::size_t> connections_ = 0;
    std::atomic<std::thread::id> accepting_thread_;
};

}  // namespace server
