// One client's TCP connection: every wait on it ends, every buffer has a bound.
#pragma once

#include "chunked_body.hpp"
#include "refusal.hpp"
#include "request_head.hpp"
#include "temporary_folder.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <httplib.h>

namespace server {

/// What a client may take of time and space.
struct ConnectionLimits {
    std::chrono::milliseconds idle{15'000};     ///< Between two requests.
    std::chrono::milliseconds head{10'000};     ///< For a request's head, from its first byte.
    std::chrono::milliseconds body{60'000};     ///< For a request's body.
    std::chrono::milliseconds silence{10'000};  ///< Longest pause within a body.
    std::chrono::milliseconds answer{30'000};   ///< For taking an answer.
    std::size_t head_bytes = std::size_t{16} * 1024;
    /// Of a chunked body as it is on the wire, where a byte may take six; whoever reads the body
    /// applies limits of its own.
    std::uint64_t chunked_bytes = std::uint64_t{32} * 1024 * 1024;
    std::size_t requests = 1000;  ///< On one connection.
};

/// Descriptors that become readable when the server ends.
struct StopSignals {
    int drain = -1;  ///< No further requests.
    int abort = -1;  ///< Nothing further: every read and write fails.
};

/// Reads request heads, and is the stream through which httplib then reads the body and writes the
/// answer. Belongs to one thread.
class Connection final : public httplib::Stream {
public:
    /// @param socket connected; owned from now on
    Connection(Descriptor socket, const ConnectionLimits& limits, const StopSignals& stop);

    /// Waits for the next request.
    /// @return false if none comes: the client went, was idle for too long, or the server stops
    /// @throws Refusal 400, 408, 431 or 501
    bool read_head();

    /// Whether the body of the last request has been read to its end, so that another can follow
    /// it.
    bool body_consumed() const noexcept;

    /// Waits for a while until a client that was answered before it had sent everything stops
    /// sending: closing at once would make its system throw the answer away.
    void linger();

    // Which of these httplib::Stream declares, as static or not, differs between its versions.
    // NOLINTBEGIN(modernize-use-override,readability-convert-member-functions-to-static)
    bool is_readable() const;
    bool is_writable() const;
    bool wait_readable() const { return is_readable(); }
    bool wait_writable() const { return is_writable(); }
    bool is_peer_alive() const { return is_writable(); }
    ssize_t read(char* data, std::size_t size);
    ssize_t write(const char* data, std::size_t size);
    void get_remote_ip_and_port(std::string& ip, int& port) const;
    void get_local_ip_and_port(std::string& ip, int& port) const;
    /// httplib refuses descriptors that are too large for select(); ours are polled, so it is not
    /// told.
    socket_t socket() const { return INVALID_SOCKET; }
    time_t duration() const { return 0; }
    void set_read_timeout(time_t, time_t) {}
    // NOLINTEND(modernize-use-override,readability-convert-member-functions-to-static)

private:
    using Clock = std::chrono::steady_clock;

    bool wait(short events, Clock::time_point deadline, int stop) const;
    bool wait(short events, Clock::time_point deadline) const;
    std::size_t receive_into_buffer();
    std::size_t receive_body();
    ssize_t read_length_body(char* data, std::size_t size);
    ssize_t read_chunked_body(char* data, std::size_t size);

    Descriptor socket_;
    const ConnectionLimits& limits_;
    const StopSignals stop_;
    std::string buffer_;  ///< Received and not yet read.
    bool begun_ = true;   ///< Whether the client may have begun a request.
    std::optional<RequestHead> head_;
    std::size_t head_read_ = 0;    ///< Bytes of the head's text that httplib has read.
    std::uint64_t body_read_ = 0;  ///< Bytes of the body, as it is on the wire, that were read.
    ChunkedBody chunks_;
    /// What httplib has not yet read of a chunked body. It is chunked anew, so that httplib, which
    /// takes much for a chunk that is none, and trailers for headers, sees neither.
    std::string rechunked_;
    Clock::time_point body_deadline_;
    std::optional<Clock::time_point> answer_deadline_;
};

}  // namespace server
