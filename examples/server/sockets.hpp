// SPDX-License-Identifier: Apache-2.0
// The socket operations that the server needs. None of them blocks.
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

/// Owns a socket and closes it.
class Socket {
public:
    /// The system's type of a socket.
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

/// Opens a socket for clients. An IPv6 address also accepts IPv4.
/// @param port 0 for any free port @throws speciesnet::IoError
Socket listen_on(const std::string& host, int port);
int port_of(const Socket& listener);

/// The result of a call.
enum class Outcome {
    done,
    later,      ///< The call would block.
    exhausted,  ///< The system has no more sockets or memory.
    broken      ///< The other side has closed or failed.
};

struct Accepted {
    Outcome outcome;
    Socket socket;
    std::string client;  ///< From address_text().
};
/// Accepts the next client.
Accepted accept_from(const Socket& listener);

struct Transfer {
    Outcome outcome;
    std::size_t bytes = 0;  ///< 0 when receiving: the client has closed its side.
};
Transfer receive_from(const Socket& socket, std::span<char> target) noexcept;
Transfer send_to(const Socket& socket, std::string_view bytes) noexcept;
void end_sending(const Socket& socket) noexcept;

/// The events to wait for.
struct Interest {
    bool readable = false;
    bool writable = false;

    friend bool operator==(const Interest&, const Interest&) = default;
};

/// The events that occurred.
struct SocketEvent {
    std::uint64_t id;
    bool readable;
    bool broken;
};

/// Waits for many sockets at once. Only wake() may be called on another thread.
class SocketEvents {
public:
    /// @throws speciesnet::IoError
    SocketEvents();
    ~SocketEvents();
    SocketEvents(const SocketEvents&) = delete;
    SocketEvents& operator=(const SocketEvents&) = delete;

    /// @param id identifies its events; unique @throws speciesnet::IoError, std::bad_alloc
    void add(const Socket& socket, std::uint64_t id, Interest interest);
    /// @throws speciesnet::IoError
    void change(const Socket& socket, std::uint64_t id, Interest interest);
    /// Must be called before the socket is closed.
    void remove(std::uint64_t id) noexcept;

    /// Waits until there are events, wake() is called or the time is over.
    const std::vector<SocketEvent>& wait(int milliseconds);

    /// Ends a wait. May be called on any thread at any time.
    void wake() noexcept;

private:
    class System;
    std::unique_ptr<System> system_;
    std::vector<SocketEvent> events_;
};

/// A reserved descriptor that can be released to accept one more client.
class SpareSocket {
public:
    SpareSocket();
    void release() noexcept;
    void renew() noexcept;

private:
    Socket socket_;
};

}  // namespace server
