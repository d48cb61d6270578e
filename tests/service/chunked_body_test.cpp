// SPDX-License-Identifier: Apache-2.0
// Chunked bodies: their content, and malformed ones.
#include "chunked_body.hpp"

#include "status_of.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace server;

namespace {

std::string read(std::string_view wire) {
    ChunkedBody body;
    std::string content;
    body.feed(wire, content);
    return body.complete() ? content : content + " and more";
}

int status(std::string_view wire) {
    return status_of([&] { read(wire); });
}

}  // namespace

TEST_CASE("the contents of chunks are joined, in whichever pieces they arrive") {
    const std::string wire = "5\r\nhello\r\nA;name=\"value\"\r\n, savanna \r\n01\r\n!\r\n0\r\n\r\n";
    const std::string expected = "hello, savanna !";
    CHECK(read(wire) == expected);
    for (std::size_t piece = 1; piece < wire.size(); ++piece) {
        ChunkedBody body;
        std::string content;
        for (std::size_t start = 0; start < wire.size(); start += piece) {
            body.feed(std::string_view(wire).substr(start, piece), content);
        }
        CHECK(content == expected);
        CHECK(body.complete());
    }
}

TEST_CASE("bytes after the body are left for the next request") {
    ChunkedBody body;
    std::string content;
    CHECK(body.feed("0\r\nX-Trailer: read over\r\n\r\nGET / HTTP/1.1\r\n", content) == 27);
    CHECK(body.complete());
    CHECK(body.feed("more", content) == 0);
}

TEST_CASE("a body that is not at its end is not complete") {
    for (const auto* const wire : {"", "5", "5\r\n", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n",
                                   "0\r\n", "0\r\nX: y\r\n", "0\r\n\r"}) {
        CAPTURE(wire);
        CHECK(read(wire).ends_with(" and more"));
    }
}

TEST_CASE("ambiguous framing is refused") {
    for (const auto* const wire :
         {"\r\n", "x\r\n", "-1\r\n", "+1\r\n", " 1\r\n", "0x1\r\na\r\n", "1 1\r\n", "1\na\r\n",
          "1\ra\r\n", "1\r\r\n", "1\r\nab\r\n", "1\r\na\n", "10000000000000000\r\n", ";a\r\n"}) {
        CAPTURE(wire);
        CHECK(status(wire) == 400);
    }
}

TEST_CASE("lines and trailers are limited") {
    CHECK(status("1;" + std::string(254, 'a') + "\r\n") == 200);
    CHECK(status("1;" + std::string(255, 'a')) == 400);
    std::string trailers = "0\r\n";
    for (int count = 0; count < 100; ++count) {
        trailers += "X: " + std::string(100, 'y') + "\r\n";
    }
    CHECK(status(trailers) == 400);
}
