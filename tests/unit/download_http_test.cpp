// SPDX-License-Identifier: Apache-2.0
#include "speciesnet/error.hpp"

#include "download/http_client.hpp"
#include "download/retries.hpp"

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace speciesnet {
namespace {

/// Accepts connections and never answers.
class SilentServer {
public:
    SilentServer() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        socklen_t length = sizeof address;
        REQUIRE(bind(socket_, any, length) == 0);
        REQUIRE(listen(socket_, 4) == 0);
        REQUIRE(getsockname(socket_, any, &length) == 0);
        url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/file";
    }
    ~SilentServer() { close(socket_); }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;

    const std::string& url() const noexcept { return url_; }

private:
    int socket_;
    std::string url_;
};

void ignore(const HttpResponse&, std::string_view) {}

}  // namespace

TEST_CASE("a request that is never answered ends when a stop is requested") {
    const SilentServer server;
    std::stop_source stop;
    HttpClient client({.stall_timeout = std::chrono::seconds(300), .stop = stop.get_token()});
    const std::jthread stopper([&stop] { stop.request_stop(); });
    CHECK_THROWS_AS(client.get({server.url()}, ignore), Cancelled);
}

TEST_CASE("a request that is never answered fails temporarily after the timeout") {
    const SilentServer server;
    HttpClient client({.stall_timeout = std::chrono::seconds(1)});
    CHECK_THROWS_AS(client.get({server.url()}, ignore), TransientFailure);
}

TEST_CASE("URLs of other schemes are refused") {
    HttpClient client({});
    CHECK_THROWS_AS(client.get({"file:///etc/hostname"}, ignore), IoError);
    CHECK_THROWS_AS(client.get({"https://"}, ignore), IoError);
}

}  // namespace speciesnet
