// The life of a connection: head, answer, and again, until one side has had enough.
#include "http_server.hpp"

#include "speciesnet/error.hpp"

#include "connection_threads.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <system_error>

#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>

namespace server {
namespace {

/// Connections that the system may keep for us until they are accepted.
constexpr int backlog = 512;

/// Threads beside those that serve, to refuse clients in peace: an answer is lost if the connection
/// is closed while its client is still sending.
constexpr std::size_t refusing_threads = 64;

const char* reason_phrase(int status) {
    switch (status) {
        case 408:
            return "Request Timeout";
        case 414:
            return "URI Too Long";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Bad Request";
    }
}

std::string random_id() {
    std::uint64_t number = 0;
    if (getrandom(&number, sizeof(number), 0) != sizeof(number)) {
        throw speciesnet::IoError(speciesnet::ErrorCode::io, "getrandom");
    }
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016" PRIx64, number);
    return text.data();
}

/// A client, or a proxy before us, may have named the request already.
bool is_sane_id(const std::string& id) {
    static constexpr std::size_t longest = 64;
    return !id.empty() && id.size() <= longest &&
           id.find_first_not_of(
               "0123456789abcdefghijklmnopqrstuvwxyz"
               "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.") == std::string::npos;
}

void add_facts(httplib::Request& request) {
    const auto given = request.get_header_value("X-Request-ID");
    request.set_header(request_id_header, is_sane_id(given) ? given : random_id());
    request.set_header(received_at_header,
                       std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
}

/// Counts something for as long as it lives.
class Counted {
public:
    explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::atomic<std::size_t>& count_;
};

}  // namespace

HttpServer::HttpServer(const ConnectionLimits& limits, std::size_t most_connections)
    : limits_(limits),
      most_connections_(most_connections),
      drain_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      abort_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!drain_ || !abort_) {
        throw speciesnet::IoError(speciesnet::ErrorCode::io,
                                  "eventfd: " + std::generic_category().message(errno));
    }
    new_task_queue = [most_connections] {
        return new ConnectionThreads(most_connections + refusing_threads);
    };
    set_keep_alive_timeout(std::chrono::duration_cast<std::chrono::seconds>(limits.idle).count());
    set_keep_alive_max_count(limits.requests);
    // Not httplib's choice of SO_REUSEPORT, with which a second server on the same port takes half
    // of the requests.
    set_socket_options([](socket_t socket) {
        const int on = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    });
}

int HttpServer::open(const std::string& host, int port) {
    errno = 0;
    const int bound = port == 0 ? bind_to_any_port(host) : (bind_to_port(host, port) ? port : -1);
    if (bound <= 0) {
        throw speciesnet::IoError(
            speciesnet::ErrorCode::io,
            "cannot listen on " + host + ":" + std::to_string(port) +
                (errno == 0 ? std::string() : ": " + std::generic_category().message(errno)));
    }
    // httplib listens with a backlog of 5; more than that arrives in a moment when the server is
    // busy.
    ::listen(svr_sock_, backlog);
    return bound;
}

void HttpServer::serve() {
    accepting_thread_ = std::this_thread::get_id();
    listen_after_bind();
    listener_ = Descriptor();
}

void HttpServer::drain() {
    if (draining_.exchange(true)) {
        return;
    }
    eventfd_write(drain_.get(), 1);
    // Not httplib's stop(): it does nothing before serve() has begun, and closes a socket that
    // accept() may be using.
    listener_ = Descriptor(svr_sock_.exchange(INVALID_SOCKET));
    ::shutdown(listener_.get(), SHUT_RDWR);
}

void HttpServer::abort() {
    eventfd_write(abort_.get(), 1);
}

bool HttpServer::process_and_close_socket(socket_t socket) {
    Connection connection(Descriptor(socket), limits_,
                          {.drain = drain_.get(), .abort = abort_.get()});
    const bool served = serve_or_refuse(connection);
    // Not where it would keep all others from being accepted.
    if (std::this_thread::get_id() != accepting_thread_) {
        connection.linger();
    }
    return served;
}

bool HttpServer::serve_or_refuse(Connection& connection) {
    const Counted open(connections_);
    if (connections_ > most_connections_) {
        refuse(connection, busy_refusal("Too many connections"));
        return false;
    }
    try {
        converse(connection);
    } catch (const Refusal& refusal) {
        refuse(connection, refusal);
    } catch (const std::exception& error) {
        refuse(connection, Refusal(500, error.what()));
    }
    return true;
}

void HttpServer::converse(Connection& connection) {
    for (std::size_t request = 1; connection.read_head(); ++request) {
        const bool last = draining_ || request == limits_.requests;
        bool closed = false;
        const bool answered = dispatch(&HttpServer::process_request, connection, last, closed);
        if (!answered || closed || last || !connection.body_consumed()) {
            return;
        }
    }
}

bool HttpServer::dispatch(bool (httplib::Server::*process)(httplib::Stream&, bool, bool&,
                                                           const Setup&),
                          Connection& connection, bool last, bool& closed) {
    return (this->*process)(connection, last, closed, add_facts);
}

bool HttpServer::dispatch(bool (httplib::Server::*process)(httplib::Stream&, const std::string&,
                                                           int, const std::string&, int, bool,
                                                           bool&, const Setup&),
                          Connection& connection, bool last, bool& closed) {
    std::string remote;
    std::string local;
    int remote_port = 0;
    int local_port = 0;
    connection.get_remote_ip_and_port(remote, remote_port);
    connection.get_local_ip_and_port(local, local_port);
    return (this->*process)(connection, remote, remote_port, local, local_port, last, closed,
                            add_facts);
}

void HttpServer::refuse(Connection& connection, const Refusal& refusal) const {
    const auto id = random_id();
    const auto body = refusal.text();
    std::string headers = "X-Request-ID: " + id + "\r\n";
    for (const auto& [name, value] : refusal.headers()) {
        headers.append(name).append(": ").append(value).append("\r\n");
    }
    const auto text =
        "HTTP/1.1 " + std::to_string(refusal.status()) + " " + reason_phrase(refusal.status()) +
        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\nConnection: close\r\n" + headers + "\r\n" + body;
    connection.write(text.data(), text.size());
    std::string client;
    int port = 0;
    connection.get_remote_ip_and_port(client, port);
    told_({.refusal = refusal, .request_id = id, .client = client});
}

}  // namespace server
