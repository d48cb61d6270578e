// SPDX-License-Identifier: Apache-2.0
// Uses epoll, level-triggered; closing a socket removes it.
#include "sockets.hpp"

#include "speciesnet/error.hpp"

#include "client_address.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace server {
namespace {

/// Maximum number of connections that the system queues until they are accepted.
constexpr int backlog = 1024;
/// The id of the counter that ends a wait; connections have other ids.
constexpr std::uint64_t wake_id = UINT64_MAX;

[[noreturn]] void fail(const std::string& what) {
    throw speciesnet::IoError(speciesnet::ErrorCode::io,
                              what + ": " + std::generic_category().message(errno));
}

int descriptor_of(const Socket& socket) {
    return static_cast<int>(socket.native());
}

/// Returns the outcome of the last call, which failed.
Outcome outcome_of_failure() {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
        return Outcome::exhausted;
    }
    const bool would_block = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return would_block ? Outcome::later : Outcome::broken;
}

Transfer transfer_of(ssize_t count) {
    return count < 0 ? Transfer{outcome_of_failure()}
                     : Transfer{Outcome::done, static_cast<std::size_t>(count)};
}

Socket listen_on(const addrinfo& address) {
    Socket socket(
        ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
    const int on = 1;
    const int off = 0;
    setsockopt(descriptor_of(socket), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (address.ai_family == AF_INET6) {
        setsockopt(descriptor_of(socket), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    }
    if (!socket.is_open() ||
        bind(descriptor_of(socket), address.ai_addr, address.ai_addrlen) != 0 ||
        listen(descriptor_of(socket), backlog) != 0) {
        return Socket();
    }
    return socket;
}

std::uint32_t events_of(Interest interest) {
    return (interest.readable ? EPOLLIN : 0U) | (interest.writable ? EPOLLOUT : 0U);
}

}  // namespace

Socket::~Socket() {
    if (is_open()) {
        ::close(static_cast<int>(native_));
    }
}

Socket listen_on(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const auto where = host + ":" + std::to_string(port);
    if (const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
        error != 0) {
        throw speciesnet::IoError(speciesnet::ErrorCode::io,
                                  "cannot listen on " + where + ": " + gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
    Socket socket;
    for (const auto* address = found; address != nullptr && !socket.is_open();
         address = address->ai_next) {
        socket = listen_on(*address);
    }
    if (!socket.is_open()) {
        fail("cannot listen on " + where);
    }
    return socket;
}

int port_of(const Socket& listener) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    getsockname(descriptor_of(listener), reinterpret_cast<sockaddr*>(&address), &size);
    // The port has the same offset in both families.
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

Accepted accept_from(const Socket& listener) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    Socket socket(accept4(descriptor_of(listener), reinterpret_cast<sockaddr*>(&address), &size,
                          SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) {
        return {outcome_of_failure(), Socket(), {}};
    }
    const int on = 1;
    setsockopt(descriptor_of(socket), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return {Outcome::done, std::move(socket), address_text(address)};
}

Transfer receive_from(const Socket& socket, std::span<char> target) noexcept {
    return transfer_of(recv(descriptor_of(socket), target.data(), target.size(), 0));
}

Transfer send_to(const Socket& socket, std::string_view bytes) noexcept {
    return transfer_of(send(descriptor_of(socket), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

void end_sending(const Socket& socket) noexcept {
    shutdown(descriptor_of(socket), SHUT_WR);
}

class SocketEvents::System {
public:
    System()
        : epoll_(epoll_create1(EPOLL_CLOEXEC)), counter_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (!epoll_.is_open() || !counter_.is_open()) {
            fail("cannot wait for sockets");
        }
        watch(EPOLL_CTL_ADD, counter_, wake_id, EPOLLIN);
    }

    void watch(int operation, const Socket& socket, std::uint64_t id, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = id;
        if (epoll_ctl(descriptor_of(epoll_), operation, descriptor_of(socket), &event) != 0) {
            fail("epoll_ctl");
        }
    }

    void wait(int milliseconds, std::vector<SocketEvent>& come) {
        std::array<epoll_event, 64> events{};
        const int count = epoll_wait(descriptor_of(epoll_), events.data(),
                                     static_cast<int>(events.size()), milliseconds);
        for (int index = 0; index < count; ++index) {
            const auto& event = events.at(static_cast<std::size_t>(index));
            if (event.data.u64 == wake_id) {
                eventfd_t ignored = 0;
                eventfd_read(descriptor_of(counter_), &ignored);
            } else {
                come.push_back({.id = event.data.u64,
                                .readable = (event.events & EPOLLIN) != 0,
                                .broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0});
            }
        }
    }

    void wake() const noexcept { eventfd_write(descriptor_of(counter_), 1); }

private:
    Socket epoll_;
    Socket counter_;
};

SocketEvents::SocketEvents() : system_(std::make_unique<System>()) {}

SocketEvents::~SocketEvents() = default;

void SocketEvents::add(const Socket& socket, std::uint64_t id, Interest interest) {
    system_->watch(EPOLL_CTL_ADD, socket, id, events_of(interest));
}

void SocketEvents::change(const Socket& socket, std::uint64_t id, Interest interest) {
    system_->watch(EPOLL_CTL_MOD, socket, id, events_of(interest));
}

void SocketEvents::remove(std::uint64_t /*id*/) noexcept {}

const std::vector<SocketEvent>& SocketEvents::wait(int milliseconds) {
    events_.clear();
    system_->wait(milliseconds, events_);
    return events_;
}

void SocketEvents::wake() noexcept {
    system_->wake();
}

SpareSocket::SpareSocket() {
    renew();
    if (!socket_.is_open()) {
        fail("/dev/null");
    }
}

void SpareSocket::release() noexcept {
    socket_ = Socket();
}

void SpareSocket::renew() noexcept {
    socket_ = Socket(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace server
