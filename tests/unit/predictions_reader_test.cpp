// SPDX-License-Identifier: Apache-2.0
// A document read in pieces gives the same result as the whole document.
#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::vector<Prediction> read_in_pieces(std::string_view document, std::size_t size) {
    std::vector<Prediction> predictions;
    PredictionsReader reader(
        [&](Prediction&& prediction) { predictions.push_back(std::move(prediction)); });
    for (std::size_t begin = 0; begin < document.size(); begin += size) {
        reader.add(document.substr(begin, size));
    }
    reader.end();
    return predictions;
}

/// Returns why a document is refused; nothing if it is accepted.
template <typename Read>
std::string refusal(const Read& read) {
    try {
        read();
    } catch (const InvalidArgument& error) {
        return error.what();
    }
    return {};
}

const std::string document = R"( { "info" : {"predictions":[1,"]"], "x": "\"predictions\":["},
 "predictions": [ {"filepath": "a, ]}.jpg", "detections": []},
 {"filepath":"b\"\\", "country":"KEN", "detections":[{"category":"1","label":"animal","conf":0.9,
 "bbox":[0.1,0.2,0.3,0.4]}]} ] , "more": [{"predictions": []}] } )";

}  // namespace

TEST_CASE("a document may be split anywhere") {
    const auto whole = predictions_from_json(document);
    REQUIRE(whole.size() == 2);
    CHECK(whole[0].filepath == "a, ]}.jpg");
    CHECK(whole[1].filepath == "b\"\\");
    for (std::size_t size = 1; size <= document.size(); ++size) {
        CAPTURE(size);
        CHECK(read_in_pieces(document, size) == whole);
    }
}

TEST_CASE("a prediction is passed on as soon as it is complete") {
    std::size_t received = 0;
    PredictionsReader reader([&](Prediction&&) { ++received; });
    reader.add(R"({"predictions": [{"filepath": "a"})");
    CHECK(received == 0);
    reader.add(",");
    CHECK(received == 1);
    reader.add(R"({"filepath": "b"}])");
    CHECK(received == 2);
}

TEST_CASE("a list may be empty, or have a name written with escapes") {
    CHECK(read_in_pieces(R"({"predictions":[ ]})", 3).empty());
    CHECK(read_in_pieces(R"({"predict\u0069ons":[{"filepath":"a"}]})", 3).size() == 1);
}

TEST_CASE("a document that is refused as a whole is also refused in pieces") {
    const std::string entry = R"({"filepath":"a"})";
    for (const std::string& wrong : std::initializer_list<std::string>{
             "",
             "{}",
             R"({"predictions":)" + entry + '}',
             R"({"predictions":null})",
             R"([{"predictions":[]}])",
             R"({"predictions":[)",
             R"({"predictions":[)" + entry,
             R"({"predictions":[)" + entry + ']',
             R"({"predictions":[)" + entry + "]}]",
             R"({"predictions":[)" + entry + "]} {}",
             R"({"predictions":[)" + entry + ",]}",
             R"({"predictions":[,)" + entry + "]}",
             R"({"predictions":[)" + entry + ' ' + entry + "]}",
             R"({"predictions":[)" + entry + "}]}",
             R"({"predictions":[)" + entry + "],\"predictions\":[]}",
             R"({"predictions" [)" + entry + "]}",
             R"({"other":"predictions","list":[)" + entry + "]}",
             R"({"predictions":["a"]})",
             R"({"predictions":[3]})",
             "{\"predictions\":[{\"filepath\":\"\xff\"}]}",
         }) {
        CAPTURE(wrong);
        CHECK_FALSE(refusal([&] { predictions_from_json(wrong); }).empty());
        CHECK_FALSE(refusal([&] { read_in_pieces(wrong, 1); }).empty());
    }
}

TEST_CASE("an error in pieces names entry and field") {
    const std::string wrong = R"({"predictions":[{"filepath":"a"},{"filepath":"b","country":3}]})";
    CHECK(refusal([&] { read_in_pieces(wrong, 5); }) == "predictions[1].country is not a string");
    CHECK(refusal([&] {
              read_in_pieces(R"({"predictions":[{"filepath":]})", 5);
          }).find("predictions[0]") != std::string::npos);
}
