// SPDX-License-Identifier: Apache-2.0
// Reads at most a few kilobytes from one client before turning to the next.
#include "http_server.hpp"

#include "client_address.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <new>
#include <vector>

namespace server {
namespace {

constexpr int accepted_at_once = 64;
constexpr std::size_t receive_bytes = std::size_t{16} * 1024;

/// Connections beyond the limit, used to refuse clients properly: an answer is lost if the
/// connection is closed while the client is still sending.
constexpr std::size_t refused_in_peace = 64;

/// A connection that has waited for less than this is not closed in favour of another.
constexpr std::chrono::seconds grace{1};
/// The limit of memory holds at any time.
constexpr std::chrono::seconds no_grace{0};
/// How much longer a connection may wait if its client holds less than another.
constexpr int patience_with_smaller = 5;
constexpr std::chrono::milliseconds accept_pause{100};

/// Identifies the source of an event: the listener, or a connection.
constexpr std::uint64_t listener_id = 0;
constexpr std::uint64_t first_connection_id = 1;

}  // namespace

/// Passes answers to the server's thread, which waits for them and for its sockets.
class Mailbox {
public:
    struct Letter {
        std::uint64_t connection;
        std::size_t request;
        Response response;
    };

    SocketEvents& events() noexcept { return events_; }

    void post(Letter letter) {
        {
            const std::lock_guard lock(mutex_);
            letters_.push_back(std::move(letter));
        }
        events_.wake();
    }

    std::vector<Letter> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(letters_, {});
    }

private:
    SocketEvents events_;
    std::mutex mutex_;
    std::vector<Letter> letters_;
};

Reply::Reply(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::size_t request,
             std::stop_token stop)
    : mailbox_(std::move(mailbox)),
      connection_(connection),
      request_(request),
      stop_(std::move(stop)) {}

void Reply::operator()(Response response) const {
    mailbox_->post(
        {.connection = connection_, .request = request_, .response = std::move(response)});
}

struct HttpServer::Connection {
    Connection(std::uint64_t number, Socket connected, const std::string& address,
               Application& application, const ConversationLimits& limits)
        : id(number),
          socket(std::move(connected)),
          client(subscriber(address)),
          conversation(application, limits, address, Clock::now()),
          deadline(conversation.deadline()) {}

    std::uint64_t id;
    Socket socket;
    std::string client;  ///< As in Share.
    Conversation conversation;
    Interest interest;  ///< The events being waited for.
    Clock::time_point deadline;
    Holding holding;
    std::stop_source stop{std::nostopstate};  ///< For the request being processed.
    bool ended_sending = false;
};

HttpServer::HttpServer(Application& application, ServerState& state, const ServerLimits& limits)
    : application_(application),
      state_(state),
      limits_(limits),
      mailbox_(std::make_shared<Mailbox>()),
      next_id_(first_connection_id) {}

HttpServer::~HttpServer() = default;

int HttpServer::open(const std::string& host, int port) {
    listener_ = listen_on(host, port);
    mailbox_->events().add(listener_, listener_id, {.readable = true});
    return port_of(listener_);
}

void HttpServer::drain() {
    drain_asked_ = true;
    mailbox_->events().wake();
}

void HttpServer::abort() {
    abort_asked_ = true;
    mailbox_->events().wake();
}

/// Runs an action for one connection, so that a failure does not affect other connections.
template <typename Action>
void HttpServer::guarded(std::uint64_t id, const Action& action) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) {
        return;
    }
    try {
        action(*found->second);
    } catch (const std::exception&) {
        // Out of memory. Closing the connection frees its memory.
        if (const auto broken = connections_.find(id); broken != connections_.end()) {
            remove(*broken->second);
        }
    }
}

template <typename Action>
void HttpServer::for_each(const Action& action) {
    // An action removes at most its own connection.
    for (auto next = connections_.begin(); next != connections_.end();) {
        const auto id = next->first;
        ++next;
        guarded(id, action);
    }
}

void HttpServer::serve() {
    while (!abort_asked_ && !(state_.draining && connections_.empty())) {
        bool clients_wait = false;
        for (const auto& event : mailbox_->events().wait(milliseconds_to_wait())) {
            if (event.id == listener_id) {
                clients_wait = true;
                continue;
            }
            guarded(event.id, [&](Connection& connection) { on_event(connection, event); });
            while (bytes_ > limits_.memory && shed(&Share::bytes, no_grace)) {
            }
        }
        deliver_replies();
        expire();
        if (clients_wait && listener_.is_open()) {
            accept_some();
        }
        if (drain_asked_ && !state_.draining) {
            begin_draining();
        }
    }
    end_all();
}

int HttpServer::milliseconds_to_wait() const {
    auto until = Clock::now() + std::chrono::hours(1);
    if (!deadlines_.empty()) {
        until = std::min(until, deadlines_.begin()->first);
    }
    if (accept_again_) {
        until = std::min(until, *accept_again_);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

void HttpServer::accept_some() {
    try {
        for (int count = 0; count < accepted_at_once; ++count) {
            auto accepted = accept_from(listener_);
            if (accepted.outcome == Outcome::done) {
                add(std::move(accepted.socket), accepted.client);
            } else if (accepted.outcome == Outcome::exhausted) {
                accept_without_descriptors();
                return;
            } else if (accepted.outcome == Outcome::later) {
                return;
            }
            // Otherwise the client has gone.
        }
    } catch (const std::bad_alloc&) {
        // The connection is closed; others will be accepted later.
    }
}

/// Accepts the next client only to refuse it. Otherwise the client would wait, and the listener
/// would stay ready, until a descriptor is free.
void HttpServer::accept_without_descriptors() {
    static constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    shed(&Share::connections, grace);
    spare_.release();
    if (const auto accepted = accept_from(listener_); accepted.outcome == Outcome::done) {
        send_to(accepted.socket, answer);
    }
    spare_.renew();
    set_listening(false);
    accept_again_ = Clock::now() + accept_pause;
}

void HttpServer::set_listening(bool listening) {
    if (listener_.is_open()) {
        mailbox_->events().change(listener_, listener_id, {.readable = listening});
    }
}

void HttpServer::add(Socket socket, const std::string& client) {
    const auto full = [this] { return connections_.size() - lingering_ >= limits_.connections; };
    if (full()) {
        shed(&Share::connections, grace);
    }
    const bool refused = full();
    if (refused && connections_.size() >= limits_.connections + refused_in_peace) {
        return;
    }
    const auto id = next_id_++;
    auto connection = std::make_unique<Connection>(id, std::move(socket), client, application_,
                                                   limits_.conversation);
    auto& share = shares_[connection->client];
    connections_.emplace(id, std::move(connection));
    ++share.connections;
    guarded(id, [&](Connection& added) {
        mailbox_->events().add(added.socket, id, {});
        deadlines_.emplace(added.deadline, id);
        if (refused) {
            added.conversation.refuse(busy_refusal("Too many connections"), Clock::now());
        }
        go_on(added);
    });
}

void HttpServer::remove(Connection& connection) {
    connection.stop.request_stop();
    deadlines_.erase({connection.deadline, connection.id});
    const auto share = shares_.find(connection.client);
    share->second.bytes -= connection.holding.bytes;
    if (--share->second.connections == 0) {
        shares_.erase(share);
    }
    bytes_ -= connection.holding.bytes;
    lingering_ -= connection.holding.lingers ? 1 : 0;
    mailbox_->events().remove(connection.id);
    connections_.erase(connection.id);
    state_.connections = connections_.size();
    state_.bytes = bytes_;
}

void HttpServer::on_event(Connection& connection, const SocketEvent& event) {
    if (event.broken || (event.readable && !receive(connection))) {
        remove(connection);
        return;
    }
    go_on(connection);
}

/// @return false if the connection is broken
bool HttpServer::receive(Connection& connection) {
    std::array<char, receive_bytes> bytes;  // only the filled part is used
    const auto [outcome, count] = receive_from(connection.socket, bytes);
    if (outcome != Outcome::done) {
        return outcome == Outcome::later;
    }
    auto& conversation = connection.conversation;
    try {
        if (count == 0) {
            conversation.receive_end(Clock::now());
        } else {
            conversation.receive({bytes.data(), count}, Clock::now());
        }
    } catch (const std::bad_alloc&) {
        conversation.refuse(busy_refusal("The server is out of memory"), Clock::now());
    }
    return true;
}

/// Passes received bytes on, and sends output as far as possible without blocking.
void HttpServer::go_on(Connection& connection) {
    auto& conversation = connection.conversation;
    do {
        if (auto request = conversation.take_request()) {
            connection.stop.request_stop();
            connection.stop = std::stop_source();
            auto answer = application_.serve(
                std::move(*request),
                Reply(mailbox_, connection.id, conversation.taken(), connection.stop.get_token()));
            if (answer) {
                conversation.answer(std::move(*answer), Clock::now());
            }
        }
        if (!send_output(connection)) {
            remove(connection);
            return;
        }
    } while (conversation.state() == Conversation::State::complete);
    settle(connection);
}

/// @return false if the connection is broken
bool HttpServer::send_output(Connection& connection) {
    auto& conversation = connection.conversation;
    while (!conversation.output().empty()) {
        const auto [outcome, count] = send_to(connection.socket, conversation.output());
        if (outcome != Outcome::done) {
            return outcome == Outcome::later;
        }
        conversation.sent(count, Clock::now());
    }
    return true;
}

/// Updates everything that depends on the state of a conversation.
void HttpServer::settle(Connection& connection) {
    const auto& conversation = connection.conversation;
    using State = Conversation::State;
    if (conversation.state() != State::working) {
        connection.stop.request_stop();
        connection.stop = std::stop_source(std::nostopstate);
    }
    if (conversation.state() == State::closed) {
        remove(connection);
        return;
    }
    const bool lingers = conversation.state() == State::lingering;
    if (lingers && !std::exchange(connection.ended_sending, true)) {
        end_sending(connection.socket);
    }
    const Interest interest{.readable = conversation.wants_input(),
                            .writable = !conversation.output().empty()};
    if (interest != connection.interest) {
        mailbox_->events().change(connection.socket, connection.id, interest);
        connection.interest = interest;
    }
    if (conversation.deadline() != connection.deadline) {
        deadlines_.erase({connection.deadline, connection.id});
        connection.deadline = conversation.deadline();
        deadlines_.emplace(connection.deadline, connection.id);
    }
    const auto before =
        std::exchange(connection.holding, {.bytes = conversation.held(), .lingers = lingers});
    bytes_ += connection.holding.bytes - before.bytes;
    shares_.at(connection.client).bytes += connection.holding.bytes - before.bytes;
    lingering_ += (lingers ? 1U : 0U) - (before.lingers ? 1U : 0U);
    state_.connections = connections_.size();
    state_.bytes = bytes_;
}

void HttpServer::deliver_replies() {
    for (auto& letter : mailbox_->take()) {
        guarded(letter.connection, [&](Connection& connection) {
            if (connection.conversation.taken() == letter.request) {
                connection.conversation.answer(std::move(letter.response), Clock::now());
                go_on(connection);
            }
        });
    }
}

void HttpServer::expire() {
    const auto now = Clock::now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        guarded(deadlines_.begin()->second, [&](Connection& connection) {
            connection.conversation.expire(now);
            go_on(connection);
        });
    }
    if (accept_again_ && *accept_again_ <= now) {
        accept_again_.reset();
        set_listening(true);
    }
}

/// Returns the connection that has waited longest for its client, and at least `least`, among those
/// of the clients that hold most. Connections of clients that hold less count only if they have
/// waited much longer: otherwise a client that reopens closed connections at once, and therefore
/// has only young ones, would displace theirs.
HttpServer::Connection* HttpServer::longest_waiting_of_largest(std::size_t Share::*measure,
                                                               Clock::duration least) {
    const auto latest = Clock::now() - least;
    const auto latest_of_others = Clock::now() - patience_with_smaller * least;
    const auto share = [&](const Connection& some) { return shares_.at(some.client).*measure; };
    std::size_t largest = 0;
    for (const auto& [client, held] : shares_) {
        largest = std::max(largest, held.*measure);
    }
    Connection* found = nullptr;
    for (const auto& [id, connection] : connections_) {
        using State = Conversation::State;
        const auto state = connection->conversation.state();
        const auto since = connection->conversation.since();
        if (state == State::complete || state == State::working || state == State::lingering ||
            since > (share(*connection) == largest ? latest : latest_of_others)) {
            continue;
        }
        if (found == nullptr || share(*connection) > share(*found) ||
            (share(*connection) == share(*found) && since < found->conversation.since())) {
            found = connection.get();
        }
    }
    return found;
}

/// Closes one connection in favour of others. @return false if there is no candidate
bool HttpServer::shed(std::size_t Share::*measure, Clock::duration least) {
    auto* const victim = longest_waiting_of_largest(measure, least);
    if (victim == nullptr) {
        return false;
    }
    using State = Conversation::State;
    const auto state = victim->conversation.state();
    if (state == State::idle || state == State::answering) {
        remove(*victim);
        return true;
    }
    guarded(victim->id, [this](Connection& connection) {
        connection.conversation.refuse(busy_refusal("Too many requests are being received"),
                                       Clock::now());
        go_on(connection);
    });
    return true;
}

void HttpServer::begin_draining() {
    state_.draining = true;
    mailbox_->events().remove(listener_id);
    listener_ = Socket();
    for_each([this](Connection& connection) {
        connection.conversation.drain(Clock::now());
        go_on(connection);
    });
}

void HttpServer::end_all() {
    for_each([this](Connection& connection) {
        auto& conversation = connection.conversation;
        if (conversation.state() == Conversation::State::working) {
            conversation.refuse(busy_refusal("The server is shutting down"), Clock::now());
            send_output(connection);
        }
        remove(connection);
    });
}

}  // namespace server
