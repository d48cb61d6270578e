// Sockets are non-blocking; poll() waits, always with a deadline.
#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace server {
namespace {

constexpr std::size_t receive_bytes = 4096;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view blank_line = "\r\n\r\n";

/// How long, and for how many bytes, linger() listens.
constexpr std::chrono::seconds linger_time{5};
constexpr std::size_t linger_bytes = std::size_t{32} * 1024 * 1024;

int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

using AddressOf = int (*)(int, sockaddr*, socklen_t*);

void address(AddressOf address_of, int socket, std::string& ip, int& port) {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    auto* const generic = reinterpret_cast<sockaddr*>(&storage);
    if (address_of(socket, generic, &size) == 0 &&
        getnameinfo(generic, size, host.data(), host.size(), service.data(), service.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
        ip = host.data();
        std::from_chars(service.data(), service.data() + service.size(), port);
    }
}

}  // namespace

Connection::Connection(Descriptor socket, const ConnectionLimits& limits, const StopSignals& stop)
    : socket_(std::move(socket)), limits_(limits), stop_(stop) {
    fcntl(socket_.get(), F_SETFL, fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
    // Answers are written head first, body second: without this the body waits for the head's
    // acknowledgement.
    const int on = 1;
    setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/// @return whether the socket is ready, before the deadline and before `stop` says otherwise
bool Connection::wait(short events, Clock::time_point deadline, int stop) const {
    std::array<pollfd, 2> waiting{{{.fd = socket_.get(), .events = events, .revents = 0},
                                   {.fd = stop, .events = POLLIN, .revents = 0}}};
    int ready = 0;
    do {
        ready = poll(waiting.data(), waiting.size(), milliseconds_until(deadline));
    } while (ready < 0 && errno == EINTR);
    return ready > 0 && waiting[0].revents != 0 && waiting[1].revents == 0;
}

bool Connection::wait(short events, Clock::time_point deadline) const {
    return wait(events, deadline, stop_.abort);
}

/// @return 0 if the client has ended its side
std::size_t Connection::receive_into_buffer() {
    std::array<char, receive_bytes> bytes{};
    const ssize_t count = recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        return 0;
    }
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    return static_cast<std::size_t>(count);
}

bool Connection::read_head() {
    head_.reset();
    begun_ = !buffer_.empty();
    head_read_ = 0;
    body_read_ = 0;
    chunks_ = {};
    rechunked_.clear();
    answer_deadline_.reset();
    if (buffer_.empty() && !wait(POLLIN, Clock::now() + limits_.idle, stop_.drain)) {
        return false;
    }
    begun_ = true;
    const auto deadline = Clock::now() + limits_.head;
    std::size_t searched = 0;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find(blank_line, searched)) == std::string::npos) {
        if (buffer_.size() > limits_.head_bytes) {
            throw Refusal(431, "The request's head is longer than " +
                                   std::to_string(limits_.head_bytes) + " bytes");
        }
        searched = buffer_.size() - std::min(buffer_.size(), blank_line.size() - 1);
        if (!wait(POLLIN, deadline)) {
            throw Refusal(408, "The request's head did not arrive in time");
        }
        if (receive_into_buffer() == 0) {
            return false;
        }
    }
    end += blank_line.size();
    head_ = parse_request_head(std::string_view(buffer_).substr(0, end));
    buffer_.erase(0, end);
    body_deadline_ = Clock::now() + limits_.body;
    return true;
}

bool Connection::body_consumed() const noexcept {
    if (!head_) {
        return false;
    }
    return head_->framing == BodyFraming::chunked ? chunks_.complete() && rechunked_.empty()
                                                  : body_read_ == head_->content_length;
}

ssize_t Connection::read(char* data, std::size_t size) {
    if (!head_) {
        return -1;
    }
    if (head_read_ < head_->text.size()) {
        const auto count = head_->text.copy(data, size, head_read_);
        head_read_ += count;
        return static_cast<ssize_t>(count);
    }
    return head_->framing == BodyFraming::chunked ? read_chunked_body(data, size)
                                                  : read_length_body(data, size);
}

/// Makes sure that something of the body is in the buffer.
/// @return how much; 0 if nothing comes
std::size_t Connection::receive_body() {
    if (buffer_.empty() &&
        !wait(POLLIN, std::min(body_deadline_, Clock::now() + limits_.silence))) {
        return 0;
    }
    return buffer_.empty() ? receive_into_buffer() : buffer_.size();
}

ssize_t Connection::read_length_body(char* data, std::size_t size) {
    const auto left = head_->content_length - body_read_;
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left));
    if (size == 0) {
        return 0;
    }
    if (receive_body() == 0) {
        return -1;
    }
    const auto count = buffer_.copy(data, size);
    buffer_.erase(0, count);
    body_read_ += count;
    return static_cast<ssize_t>(count);
}

ssize_t Connection::read_chunked_body(char* data, std::size_t size) {
    while (rechunked_.empty()) {
        if (chunks_.complete()) {
            return 0;
        }
        if (body_read_ > limits_.chunked_bytes) {
            throw Refusal(413, "The chunked body is larger than " +
                                   std::to_string(limits_.chunked_bytes) + " bytes");
        }
        if (receive_body() == 0) {
            return -1;
        }
        std::string content;
        const auto used = chunks_.feed(buffer_, content);
        buffer_.erase(0, used);
        body_read_ += used;
        if (!content.empty()) {
            std::array<char, 2 * sizeof(content.size())> digits{};
            const auto end = std::to_chars(digits.begin(), digits.end(), content.size(), 16).ptr;
            rechunked_.append(digits.begin(), end)
                .append(line_end)
                .append(content)
                .append(line_end);
        }
        if (chunks_.complete()) {
            rechunked_.append("0").append(blank_line);
        }
    }
    const auto count = rechunked_.copy(data, size);
    rechunked_.erase(0, count);
    return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* data, std::size_t size) {
    if (!answer_deadline_) {
        answer_deadline_ = Clock::now() + limits_.answer;
    }
    while (true) {
        const ssize_t count = send(socket_.get(), data, size, MSG_NOSIGNAL);
        if (count >= 0) {
            return count;
        }
        if (!would_block() || !wait(POLLOUT, *answer_deadline_)) {
            return -1;
        }
    }
}

void Connection::linger() {
    shutdown(socket_.get(), SHUT_WR);
    if (!begun_ || body_consumed()) {
        return;
    }
    const auto deadline = Clock::now() + linger_time;
    std::array<char, receive_bytes> ignored{};
    std::size_t total = 0;
    while (total < linger_bytes && wait(POLLIN, deadline)) {
        const ssize_t count = recv(socket_.get(), ignored.data(), ignored.size(), 0);
        if (count == 0 || (count < 0 && !would_block())) {
            return;
        }
        total += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
}

bool Connection::is_readable() const {
    return !buffer_.empty() || wait(POLLIN, Clock::now());
}

bool Connection::is_writable() const {
    return wait(POLLOUT, Clock::now());
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
    address(getpeername, socket_.get(), ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
    address(getsockname, socket_.get(), ip, port);
}

}  // namespace server
