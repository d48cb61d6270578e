// SPDX-License-Identifier: Apache-2.0
// The decoder of boxes is recognised by its results, and nothing else is mistaken for it.
#include "decoding_graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// YOLOv5's decoder for two grids, with two anchors and one, and boxes of seven values.
const std::string decoding = R"(
def tail(fine, coarse):
    shape = fine.size()
    y = fine.view(shape[0], 2, 7, shape[2], shape[3]).permute(0, 1, 3, 4, 2).sigmoid()
    rows = torch.arange(shape[2]).view(-1, 1).expand(shape[2], shape[3])
    columns = torch.arange(shape[3]).view(1, -1).expand(shape[2], shape[3])
    cells = torch.stack([columns, rows], 2).view(1, 1, shape[2], shape[3], 2) * 1.
    anchors = torch.tensor([10., 13., 33., 23.]).view(1, 2, 1, 1, 2)
    xy = (y[:, :, :, :, 0:2] * 2. + cells - 0.5) * 8.
    wh = (y[:, :, :, :, 2:4] * 2.) ** 2. * anchors
    first = torch.cat([xy, wh, y[:, :, :, :, 4:]], 4).view(shape[0], -1, 7)

    shape = coarse.size()
    y = coarse.view(shape[0], 1, 7, shape[2], shape[3]).permute(0, 1, 3, 4, 2).sigmoid()
    rows = torch.arange(shape[2]).view(-1, 1).expand(shape[2], shape[3])
    columns = torch.arange(shape[3]).view(1, -1).expand(shape[2], shape[3])
    cells = torch.stack([columns, rows], 2).view(1, 1, shape[2], shape[3], 2) * 1.
    anchors = torch.tensor([116., 90.]).view(1, 1, 1, 1, 2)
    xy = (y[:, :, :, :, 0:2] * 2. + cells - 0.5) * 16.
    wh = (y[:, :, :, :, 2:4] * 2.) ** 2. * anchors
    second = torch.cat([xy, wh, y[:, :, :, :, 4:]], 4).view(shape[0], -1, 7)
    return torch.cat([first, second], 1)
)";
const std::vector<std::int64_t> channels{14, 7};

/// Recognises the decoder with the last occurrence of a text replaced.
bool is_taken_with(const std::string& words, const std::string& others) {
    auto source = decoding;
    const auto found = source.rfind(words);
    REQUIRE(found != std::string::npos);
    return is_decoding(source.replace(found, words.size(), others), channels);
}

}  // namespace

TEST_CASE("the decoding of boxes is recognised, whatever its strides and anchors") {
    CHECK(is_decoding(decoding, channels));
    CHECK(is_taken_with("* 16.", "* 32."));
    CHECK(is_taken_with("[116., 90.]", "[7., 0.25]"));
    // Written in another way, as in old releases.
    CHECK(is_taken_with("* 2. + cells - 0.5", "* 2. - 0.5 + cells"));
    CHECK(is_taken_with("(y[:, :, :, :, 2:4] * 2.) ** 2.",
                        "y[:, :, :, :, 2:4] * y[:, :, :, :, 2:4] * 4."));
}

TEST_CASE("functions that compute something else are not recognised") {
    SUBCASE("another place") {
        CHECK_FALSE(is_taken_with("cells - 0.5", "cells - 0.4"));
        CHECK_FALSE(is_taken_with("cells - 0.5", "cells"));
        CHECK_FALSE(is_taken_with("[columns, rows]", "[rows, columns]"));
        CHECK_FALSE(is_taken_with("0:2] * 2.", "0:2] * 1.99"));
    }
    SUBCASE("another size") {
        CHECK_FALSE(is_taken_with("** 2.", "** 1."));
        CHECK_FALSE(is_taken_with("** 2.", "** 2.001"));
        CHECK_FALSE(is_taken_with("* anchors", "+ anchors"));
    }
    SUBCASE("other numbers") {
        CHECK_FALSE(is_taken_with(".sigmoid()", ""));
        CHECK_FALSE(is_taken_with("y[:, :, :, :, 4:]", "y[:, :, :, :, 4:] * 0.999"));
        CHECK_FALSE(is_taken_with("y[:, :, :, :, 4:]", "y[:, :, :, :, 4:] + 1e-4"));
    }
    SUBCASE("another order") {
        CHECK_FALSE(is_taken_with("[first, second]", "[second, first]"));
        CHECK_FALSE(is_taken_with("[first, second]", "[first, second, second]"));
        CHECK_FALSE(is_taken_with("[first, second], 1)", "[first, second], 1).flip([0])"));
        CHECK_FALSE(is_taken_with("[xy, wh,", "[wh, xy,"));
    }
    SUBCASE("a shape that is not one of boxes") {
        CHECK_FALSE(is_taken_with("return torch.cat([first, second], 1)",
                                  "return torch.cat([first, second], 1)[0]"));
        CHECK_FALSE(is_taken_with("return torch.cat([first, second], 1)",
                                  "return torch.cat([first, second], 1)[:, :, :4]"));
        CHECK_FALSE(is_taken_with("return torch.cat([first, second], 1)", "return first"));
        CHECK_FALSE(is_decoding(decoding, {7, 14}));
    }
    SUBCASE("pictures of some sizes only") {
        CHECK_FALSE(is_taken_with("expand(shape[2], shape[3])", "expand(3, 4)"));
    }
}
