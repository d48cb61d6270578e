// SPDX-License-Identifier: Apache-2.0
// Heads of requests: how they are parsed, and which are refused.
#include "request_head.hpp"

#include "status_of.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace server;

namespace {

RequestHead parse(const std::string& request_line, const std::string& headers = "Host: a\r\n") {
    return parse_request_head(request_line + "\r\n" + headers + "\r\n");
}

int status(const std::string& request_line, const std::string& headers = "Host: a\r\n") {
    return status_of([&] { parse(request_line, headers); });
}

}  // namespace

TEST_CASE("a request line is a method, a target and a version with one space between each") {
    CHECK(status("GET / HTTP/1.1") == 200);
    CHECK(status("GET / HTTP/1.0", "") == 200);
    for (const auto* const line :
         {"GET", "GET /", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET  / HTTP/1.1",
          "GET /  HTTP/1.1", "GET /a b HTTP/1.1", "GET\t/\tHTTP/1.1", "G(T / HTTP/1.1",
          "GET /\x01 HTTP/1.1", "GET /caf\xc3\xa9 HTTP/1.1", "GET /#part HTTP/1.1", "GET / FTP/1.1",
          "GET / "}) {
        CAPTURE(line);
        CHECK(status(line) == 400);
    }
    CHECK(status("GET / HTTP/2.0") == 505);
    CHECK(status("GET / HTTP/1.2") == 505);
}

TEST_CASE("a target that names a host is read as its path") {
    const auto target = [](const std::string& line) {
        const auto request = parse(line).request;
        return request.path + " and " + request.query;
    };
    CHECK(target("GET http://a.example/x?y HTTP/1.1") == "/x and ?y");
    CHECK(target("GET http://a.example HTTP/1.1") == "/ and ");
    CHECK(target("GET /?to=http://b/ HTTP/1.1") == "/ and ?to=http://b/");
}

TEST_CASE("a target may have 8192 bytes") {
    CHECK(status("GET /" + std::string(8191, 'a') + " HTTP/1.1") == 200);
    CHECK(status("GET /" + std::string(8192, 'a') + " HTTP/1.1") == 414);
}

TEST_CASE("a request has one host") {
    CHECK(status("GET / HTTP/1.1", "") == 400);
    CHECK(status("GET / HTTP/1.1", "Host: a\r\nhost: a\r\n") == 400);
}

TEST_CASE("the end of a body is unambiguous") {
    const std::string host = "Host: a\r\n";
    const auto length = parse("POST / HTTP/1.1", host + "Content-Length: 12\r\n");
    CHECK(length.framing == BodyFraming::length);
    CHECK(length.content_length == 12);
    CHECK(parse("POST / HTTP/1.1", host + "Content-Length: 0\r\n").framing == BodyFraming::none);
    CHECK(parse("POST / HTTP/1.1", host + "Transfer-Encoding: Chunked\r\n").framing ==
          BodyFraming::chunked);

    for (const auto* const header :
         {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 1, 1\r\n",
          "Content-Length: +1\r\n", "Content-Length: -1\r\n", "Content-Length: 0x1\r\n",
          "Content-Length:\r\n", "Content-Length: 18446744073709551616\r\n",
          "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"}) {
        CAPTURE(header);
        CHECK(status("POST / HTTP/1.1", host + header) == 400);
    }
    for (const auto* const header : {"Transfer-Encoding: gzip, chunked\r\n",
                                     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                                     "Transfer-Encoding: \vchunked\r\n"}) {
        CAPTURE(header);
        CHECK(status("POST / HTTP/1.1", host + header) == 501);
    }
    CHECK(status("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n") == 400);
}

TEST_CASE("headers are lines of a name, a colon and a value") {
    for (const auto* const header : {"X\r\n", "X : y\r\n", ": y\r\n", "X: y\r\n z\r\n",
                                     "X: a\nY: b\r\n", "X: a\rb\r\n", "X(: y\r\n"}) {
        CAPTURE(header);
        CHECK(status("GET / HTTP/1.1", std::string("Host: a\r\n") + header) == 400);
    }
    std::string many = "Host: a\r\n";
    for (int count = 1; count < 100; ++count) {
        many += "X: y\r\n";
    }
    CHECK(status("GET / HTTP/1.1", many) == 200);
    CHECK(status("GET / HTTP/1.1", many + "X: y\r\n") == 431);
}

TEST_CASE("headers are found by their names in lower case") {
    const auto request =
        parse("BREW /pot HTTP/1.1", "HOST: a\r\nX-Cup:  large \r\nx-cup: small\r\n").request;
    CHECK(request.method == "BREW");
    CHECK(request.header("x-cup") == "large");
    CHECK(request.header("x-milk").empty());
    CHECK(request.headers.size() == 3);
}

TEST_CASE("a connection is kept unless the client says otherwise") {
    const std::string host = "Host: a\r\n";
    CHECK(parse("GET / HTTP/1.1").keep_alive);
    CHECK_FALSE(parse("GET / HTTP/1.1", host + "Connection: TE, Close\r\n").keep_alive);
    CHECK_FALSE(parse("GET / HTTP/1.0", "").keep_alive);
    CHECK(parse("GET / HTTP/1.0", "Connection: keep-alive\r\n").keep_alive);
    CHECK_FALSE(parse("GET / HTTP/1.1", host + "Connection: keep-alive\r\nConnection: close\r\n")
                    .keep_alive);
}

TEST_CASE("only HTTP/1.1 clients get 100 Continue") {
    CHECK(parse("POST / HTTP/1.1", "Host: a\r\nExpect: 100-Continue\r\n").expects_continue);
    CHECK_FALSE(parse("POST / HTTP/1.0", "Expect: 100-continue\r\n").expects_continue);
    CHECK_FALSE(parse("POST / HTTP/1.1").expects_continue);
}
