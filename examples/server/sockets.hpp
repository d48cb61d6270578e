// SPDX-License-Identifier: Apache-2.0
// What the server needs of the system's sockets, none of which ever waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

/// Owns a socket; closes it at the end.
class Socket {
public:
    /// The system's own number of it.
    using Native = std::intptr_t;

    Socket() noexcept = default;
    explicit Socket(Native native) noexcept : native_(native) {}
    Socket(Socket&& other) noexcept : native_(std::exchange(other.native_, none)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(native_, other.native_);
        return *this;
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket();

    bool is_open() const noexcept { return native_ != none; }
    Native native() const noexcept { return native_; }

private:
    static constexpr Native none = -1;

    Native native_ = none;
};

/// A socket for clients of an address. An IPv6 one takes IPv4 as well.
/// @param port 0 for any free one @throws speciesnet::IoError
Socket listen_on(const std::string& host, int port);
int port_of(const Socket& listener);

/// How far a call came.
enum class Outcome {
    done,
    later,      ///< Nothing can be done now.
    exhausted,  ///< The system has no more sockets or memory.
    broken      ///< The other side is gone.
};

struct Accepted {
    Outcome outcome;
    Socket socket;
    std::string client;  ///< As address_text().
};
/// Takes the next client.
Accepted accept_from(const Socket& listener);

struct Transfer {
    Outcome outcome;
    std::size_t bytes = 0;  ///< None received: the client has ended its side.
};
Transfer receive_from(const Socket& socket, std::span<char> target) noexcept;
Transfer send_to(const Socket& socket, std::string_view bytes) noexcept;
void end_sending(const Socket& socket) noexcept;

/// What is waited for.
struct Interest {
    bool readable = false;
    bool writable = false;

    friend bool operator==(const Interest&, const Interest&) = default;
};

/// What has come of it.
struct SocketEvent {
    std::uint64_t id;
    bool readable;
    bool broken;
};

/// Waits for many sockets at once. For one thread, but for wake().
class SocketEvents {
public:
    /// @throws speciesnet::IoError
    SocketEvents();
    ~SocketEvents();
    SocketEvents(const SocketEvents&) = delete;
    SocketEvents& operator=(const SocketEvents&) = delete;

    /// @param id in events; none is used twice @throws speciesnet::IoError, std::bad_alloc
    void add(const Socket& socket, std::uint64_t id, Interest interest);
    /// @throws speciesnet::IoError
    void change(const Socket& socket, std::uint64_t id, Interest interest);
    /// Before the socket is closed.
    void remove(std::uint64_t id) noexcept;

    /// Waits until there are events, wake() was called or the time is over.
    const std::vector<SocketEvent>& wait(int milliseconds);

    /// Ends a wait. Any thread, any time.
    void wake() noexcept;

private:
    class System;
    std::unique_ptr<System> system_;
    std::vector<SocketEvent> events_;
};

/// A socket's number that can be given up to accept one client more.
class SpareSocket {
public:
    SpareSocket();
    void release() noexcept;
    void renew() noexcept;

private:
    Socket socket_;
};

}  // namespace server
