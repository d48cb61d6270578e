// SPDX-License-Identifier: Apache-2.0
// Fuzzes MultipartParser. Input: one byte that selects the size of the pieces, then a multipart
// form. Checks that the pieces do not change the parts.
#include "multipart.hpp"

#include "fuzz/agreement.hpp"
#include "header_value.hpp"
#include "refusal.hpp"

#include <string>
#include <vector>

namespace {

struct Part {
    std::string name;
    std::string data;
    bool ended = false;

    bool operator==(const Part&) const = default;
};

struct Outcome {
    std::vector<Part> parts;
    int status = 0;
    bool complete = false;

    bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view form, std::size_t piece) {
    using speciesnet::fuzz::require;
    Outcome outcome;
    auto& parts = outcome.parts;
    server::MultipartParser parser(
        "b", {.begin =
                  [&](const server::PartHeader& header) {
                      require(parts.empty() || parts.back().ended, "parts do not nest");
                      parts.push_back({.name = header.name, .data = {}, .ended = false});
                  },
              .data =
                  [&](std::string_view bytes) {
                      require(!parts.empty() && !parts.back().ended, "data belongs to a part");
                      parts.back().data += bytes;
                  },
              .end = [&] { parts.back().ended = true; }});
    try {
        for (std::size_t start = 0; start < form.size(); start += piece) {
            parser.feed(form.substr(start, piece));
        }
    } catch (const server::Refusal& refusal) {
        outcome.status = refusal.status();
    }
    outcome.complete = parser.complete();
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using speciesnet::fuzz::require;
    if (size < 2) {
        return 0;
    }
    const auto form = speciesnet::fuzz::text(data + 1, size - 1);
    server::parameter(form, "boundary");
    const auto whole = read(form, form.size());
    const auto cut = read(form, std::size_t{1} + data[0]);
    require(whole.complete == cut.complete && whole.status == cut.status,
            "the pieces do not change the result");
    if (whole.complete) {
        require(whole == cut, "the pieces do not change the parts");
    }
    std::size_t bytes = 0;
    for (const auto& part : whole.parts) {
        bytes += part.name.size() + part.data.size();
    }
    require(bytes <= size, "the parts are no longer than the form");
    return 0;
}
