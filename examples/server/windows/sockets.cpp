// SPDX-License-Identifier: Apache-2.0
// Uses WSAPoll(), which always reports clients that have closed their side. Therefore only sockets
// with a pending interest are passed to it.
#include "sockets.hpp"

#include "speciesnet/error.hpp"

#include "client_address.hpp"

#include <algorithm>
#include <map>
#include <system_error>

namespace server {
namespace {

/// Maximum number of connections that wait to be accepted.
constexpr int backlog = SOMAXCONN;
/// The size of one call is an int.
constexpr std::size_t most_at_once = std::size_t{1} << 30U;

[[noreturn]] void fail(const std::string& what, int error = WSAGetLastError()) {
    throw speciesnet::IoError(
        speciesnet::ErrorCode::io,
        what + ": " + std::error_code(error, std::system_category()).message());
}

SOCKET socket_of(const Socket& socket) {
    return static_cast<SOCKET>(socket.native());
}

/// Initialises the library of sockets once; it stays initialised until the program ends.
void start_sockets() {
    static const int failure = [] {
        WSADATA ignored{};
        return WSAStartup(MAKEWORD(2, 2), &ignored);
    }();
    if (failure != 0) {
        fail("cannot use sockets", failure);
    }
}

/// Returns the outcome of the last call, which failed.
Outcome outcome_of_failure() {
    switch (WSAGetLastError()) {
        case WSAEMFILE:
        case WSAENOBUFS:
        case WSA_NOT_ENOUGH_MEMORY:
            return Outcome::exhausted;
        case WSAEWOULDBLOCK:
        case WSAEINTR:
            return Outcome::later;
        default:
            return Outcome::broken;
    }
}

Transfer transfer_of(int count) {
    return count < 0 ? Transfer{outcome_of_failure()}
                     : Transfer{Outcome::done, static_cast<std::size_t>(count)};
}

void never_wait(const Socket& socket) {
    u_long yes = 1;
    ioctlsocket(socket_of(socket), FIONBIO, &yes);
}

void set(const Socket& socket, int level, int option, DWORD value) {
    setsockopt(socket_of(socket), level, option, reinterpret_cast<const char*>(&value),
               sizeof(value));
}

// Prevents other programs from binding the same address, which SO_REUSEADDR would allow here.
Socket listen_on(const addrinfo& address) {
    Socket socket(
        static_cast<Socket::Native>(::socket(address.ai_family, SOCK_STREAM, IPPROTO_TCP)));
    if (!socket.is_open()) {
        return socket;
    }
    never_wait(socket);
    set(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
    if (address.ai_family == AF_INET6) {
        set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    }
    if (bind(socket_of(socket), address.ai_addr, static_cast<int>(address.ai_addrlen)) != 0 ||
        listen(socket_of(socket), backlog) != 0) {
        return Socket();
    }
    return socket;
}

short events_of(Interest interest) {
    return static_cast<short>((interest.readable ? POLLRDNORM : 0) |
                              (interest.writable ? POLLWRNORM : 0));
}

}  // namespace

Socket::~Socket() {
    if (is_open()) {
        closesocket(static_cast<SOCKET>(native_));
    }
}

Socket listen_on(const std::string& host, int port) {
    start_sockets();
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const auto where = host + ":" + std::to_string(port);
    if (const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
        error != 0) {
        fail("cannot listen on " + where, error);
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
    int size = sizeof(address);
    getsockname(socket_of(listener), reinterpret_cast<sockaddr*>(&address), &size);
    // The port has the same offset in both families.
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

Accepted accept_from(const Socket& listener) {
    sockaddr_storage address{};
    int size = sizeof(address);
    Socket socket(static_cast<Socket::Native>(
        accept(socket_of(listener), reinterpret_cast<sockaddr*>(&address), &size)));
    if (!socket.is_open()) {
        return {outcome_of_failure(), Socket(), {}};
    }
    never_wait(socket);
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    return {Outcome::done, std::move(socket), address_text(address)};
}

Transfer receive_from(const Socket& socket, std::span<char> target) noexcept {
    return transfer_of(recv(socket_of(socket), target.data(),
                            static_cast<int>(std::min(target.size(), most_at_once)), 0));
}

Transfer send_to(const Socket& socket, std::string_view bytes) noexcept {
    return transfer_of(send(socket_of(socket), bytes.data(),
                            static_cast<int>(std::min(bytes.size(), most_at_once)), 0));
}

void end_sending(const Socket& socket) noexcept {
    shutdown(socket_of(socket), SD_SEND);
}

class SocketEvents::System {
public:
    /// Opens a socket that sends to itself, which ends a wait.
    System() : bell_(open_bell()) {}

    void set(std::uint64_t id, const Socket& socket, Interest interest) {
        watched_[id] = {socket_of(socket), interest};
    }
    void remove(std::uint64_t id) noexcept { watched_.erase(id); }

    void wait(int milliseconds, std::vector<SocketEvent>& come) {
        polled_.assign(1, {socket_of(bell_), POLLRDNORM, 0});
        ids_.assign(1, 0);
        for (const auto& [id, watched] : watched_) {
            if (watched.interest != Interest{}) {
                polled_.push_back({watched.socket, events_of(watched.interest), 0});
                ids_.push_back(id);
            }
        }
        if (WSAPoll(polled_.data(), static_cast<ULONG>(polled_.size()), milliseconds) <= 0) {
            return;
        }
        if (polled_.front().revents != 0) {
            char ignored = 0;
            recv(socket_of(bell_), &ignored, 1, 0);
        }
        for (std::size_t index = 1; index < polled_.size(); ++index) {
            const auto events = polled_[index].revents;
            if (events != 0) {
                // Receiving shows whether the client closed its side or the connection is broken.
                const bool wanted = watched_.at(ids_[index]).interest.readable;
                come.push_back({.id = ids_[index],
                                .readable = wanted && (events & (POLLRDNORM | POLLHUP)) != 0,
                                .broken = (events & (POLLERR | POLLNVAL)) != 0});
            }
        }
    }

    void wake() const noexcept { send(socket_of(bell_), "", 1, 0); }

private:
    struct Watched {
        SOCKET socket;
        Interest interest;
    };

    static Socket open_bell() {
        start_sockets();
        Socket bell(static_cast<Socket::Native>(::socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int size = sizeof(address);
        auto* const itself = reinterpret_cast<sockaddr*>(&address);
        if (!bell.is_open() || bind(socket_of(bell), itself, size) != 0 ||
            getsockname(socket_of(bell), itself, &size) != 0 ||
            connect(socket_of(bell), itself, size) != 0) {
            fail("cannot wait for sockets");
        }
        never_wait(bell);
        return bell;
    }

    Socket bell_;
    std::map<std::uint64_t, Watched> watched_;
    std::vector<WSAPOLLFD> polled_;
    std::vector<std::uint64_t> ids_;  ///< The ids of polled_.
};

SocketEvents::SocketEvents() : system_(std::make_unique<System>()) {}

SocketEvents::~SocketEvents() = default;

void SocketEvents::add(const Socket& socket, std::uint64_t id, Interest interest) {
    system_->set(id, socket, interest);
}

void SocketEvents::change(const Socket& socket, std::uint64_t id, Interest interest) {
    system_->set(id, socket, interest);
}

void SocketEvents::remove(std::uint64_t id) noexcept {
    system_->remove(id);
}

const std::vector<SocketEvent>& SocketEvents::wait(int milliseconds) {
    events_.clear();
    system_->wait(milliseconds, events_);
    return events_;
}

void SocketEvents::wake() noexcept {
    system_->wake();
}

// The number of sockets is not limited here.
SpareSocket::SpareSocket() = default;
void SpareSocket::release() noexcept {}
void SpareSocket::renew() noexcept {}

}  // namespace server
