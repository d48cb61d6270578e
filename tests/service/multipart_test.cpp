// SPDX-License-Identifier: Apache-2.0
// Parsing forms as a stream: the parts are the same, however the bytes are split.
#include "multipart.hpp"

#include "status_of.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace server;

namespace {

/// Returns the parts of a form, as name(filename;type)=data.
std::string read(std::string_view form, std::size_t piece, MultipartLimits limits = {}) {
    std::string parts;
    MultipartParser parser("b",
                           {.begin =
                                [&](const PartHeader& header) {
                                    parts += header.name + "(" + header.filename.value_or("-") +
                                             ";" + header.content_type.value_or("-") + ")=";
                                },
                            .data = [&](std::string_view bytes) { parts += bytes; },
                            .end = [&] { parts += " "; }},
                           limits);
    for (std::size_t start = 0; start < form.size(); start += piece) {
        parser.feed(form.substr(start, piece));
    }
    return parser.complete() ? parts : parts + "unfinished";
}

int status(std::string_view form, MultipartLimits limits = {}) {
    return status_of([&] { read(form, form.size(), limits); });
}

constexpr std::string_view form =
    "preamble\r\n--b\r\n"
    "Content-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\" C:\\d.png\"\r\n"
    "Content-Type: image/png\r\n\r\n"
    "\r\n--\r\n-b\r\n--c\r\n--b \t\r\n"
    "content-disposition:form-data;name=country\r\n\r\nKEN\r\n--b--\r\nepilogue";

}  // namespace

TEST_CASE("a form has the same parts however it is split") {
    const std::string expected =
        "file(a \"b\" C:\\d.png;image/png)=\r\n--\r\n-b\r\n--c country(-;-)=KEN ";
    for (std::size_t piece = 1; piece <= form.size(); ++piece) {
        CHECK(read(form, piece) == expected);
    }
}

TEST_CASE("a form without its last delimiter is unfinished") {
    const auto end = form.rfind("--b--");
    CHECK(read(form.substr(0, end + 4), 7).ends_with("unfinished"));
    CHECK(read(form.substr(0, end), 7).ends_with("unfinished"));
}

TEST_CASE("malformed parts are refused") {
    for (const auto* const bad :
         {"--b\r\n\r\nx", "--b\r\nContent-Type: a/b\r\n\r\n", "--b\r\nno colon\r\n\r\n", "--bx\r\n",
          "--b-x", "--b\r\nContent-Disposition: attachment; name=a\r\n\r\n",
          "--b\r\nContent-Disposition: form-data; filename=a\r\n\r\n"}) {
        CAPTURE(bad);
        CHECK(status(bad) == 400);
    }
}

TEST_CASE("the number of parts and the length of their headers are limited") {
    CHECK(status(form, {.parts = 2}) == 200);
    CHECK(status(form, {.parts = 1}) == 413);
    CHECK(status(form, {.header_bytes = 60}) == 413);
    CHECK(status("--b\r\nX: " + std::string(5000, 'x')) == 413);
    CHECK(status("--b" + std::string(17, ' ')) == 400);
    CHECK(status("--b" + std::string(17, ' ') + "\r\n") == 400);
}

TEST_CASE("a boundary has the form of RFC 2046") {
    CHECK(multipart_boundary("multipart/form-data; boundary=\"a b\"") == "a b");
    CHECK(multipart_boundary("Multipart/Form-Data;BOUNDARY=x") == "x");
    CHECK(multipart_boundary("application/json; boundary=x") == std::nullopt);
    for (const auto* const header : {"multipart/form-data", "multipart/form-data; boundary=",
                                     "multipart/form-data; boundary=\"a\r\n\""}) {
        CAPTURE(header);
        CHECK(status_of([&] { multipart_boundary(header); }) == 400);
    }
    const std::string longest(70, 'x');
    CHECK(multipart_boundary("multipart/form-data; boundary=" + longest) == longest);
    CHECK(status_of([&] { multipart_boundary("multipart/form-data; boundary=x" + longest); }) ==
          400);
}
