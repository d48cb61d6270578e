// SPDX-License-Identifier: Apache-2.0
// Bursts and their answers, on data small enough to check by hand.
#include "formats/sequences.hpp"

#include "speciesnet/taxonomy.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;
using namespace std::chrono_literals;

namespace {

const std::string lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string leopard = "2;mammalia;carnivora;felidae;panthera;pardus;leopard";
const std::string felids = "3;mammalia;carnivora;felidae;;;cat family";
const std::string zebra = "4;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";
const std::string animal{labels::animal};
const std::string blank{labels::blank};
const std::string human{labels::human};
const std::string unknown{labels::unknown};
const std::string vehicle{labels::vehicle};

PhotoFacts photo(std::chrono::milliseconds time, std::uint32_t station = 0) {
    return {.taken = CaptureTime{std::chrono::local_days(std::chrono::year(2026) / 11 / 25) + time},
            .station = station};
}

const std::vector<Station> stations{{"A", ""}, {"B", ""}};

/// Returns the sequence and frame of each photo, as "0.1".
std::vector<std::string> places(const std::vector<PhotoFacts>& photos,
                                std::chrono::milliseconds gap) {
    std::vector<std::string> texts;
    for (const auto& [sequence, frame] : group_photos(photos, stations, gap).places) {
        texts.push_back(std::to_string(sequence) + '.' + std::to_string(frame));
    }
    return texts;
}

std::string decided(const std::vector<std::pair<std::string, double>>& answers) {
    std::vector<Answer> votes;
    for (const auto& [label, score] : answers) {
        votes.push_back({.label = label, .score = score, .source = "classifier"});
    }
    const auto answer = decide_sequence(votes);
    return answer ? answer->label : "none";
}

}  // namespace

TEST_CASE("photos within the gap of the previous one are a sequence, a later one starts the next") {
    CHECK(places({photo(0s), photo(60s), photo(120s), photo(181s)}, 60s) ==
          std::vector<std::string>{"0.1", "0.2", "0.3", "1.1"});
    CHECK(places({photo(0s), photo(60s + 1ms)}, 60s) == std::vector<std::string>{"0.1", "1.1"});
    CHECK(places({photo(5s), photo(5s)}, 0s) == std::vector<std::string>{"0.1", "0.2"});
}

TEST_CASE("photos are ordered by time, not by name") {
    CHECK(places({photo(50s), photo(0s), photo(25s)}, 30s) ==
          std::vector<std::string>{"0.3", "0.1", "0.2"});
}

TEST_CASE("sequences do not mix stations, and photos without a time are in none") {
    CHECK(places({photo(0s), photo(1s, 1), photo(2s), PhotoFacts{}}, 60s) ==
          std::vector<std::string>{"0.1", "1.1", "0.2", "0.0"});
}

TEST_CASE("a sequence is named after its station and the time of its first photo") {
    const auto grouped = group_photos(std::vector{photo(10s), photo(0s)}, stations, 60s);
    REQUIRE(grouped.sequences.size() == 1);
    const auto& sequence = grouped.sequences.front();
    CHECK(sequence.id == "A 2026-11-25T00:00:00");
    CHECK(sequence.station == "A");
    CHECK(sequence.photos == 2);
    CHECK(sequence.end.local - sequence.start.local == 10s);
}

TEST_CASE("the label with the greatest sum of scores wins, with its own greatest score") {
    CHECK(decided({{lion, 0.7}, {zebra, 0.9}, {lion, 0.6}}) == lion);
    const std::vector<Answer> votes{{lion, 0.7, ""}, {lion, 0.9, ""}, {lion, 0.8, ""}};
    CHECK(decide_sequence(votes) == Answer{.label = lion, .score = 0.9, .source = "sequence"});
}

TEST_CASE("wider answers support all narrower ones") {
    CHECK(decided({{animal, 0.9}, {animal, 0.9}, {zebra, 0.5}}) == zebra);
    CHECK(decided({{felids, 0.8}, {lion, 0.7}, {leopard, 0.6}, {leopard, 0.2}}) == leopard);
    CHECK(decided({{felids, 0.8}, {zebra, 0.9}, {lion, 0.3}}) == lion);
}

TEST_CASE("blank and unknown count only if there is nothing else") {
    CHECK(decided({{blank, 0.99}, {blank, 0.99}, {zebra, 0.3}}) == zebra);
    CHECK(decided({{unknown, 0.9}, {blank, 0.6}}) == blank);
    CHECK(decided({{unknown, 0.9}}) == unknown);
    CHECK(decided({}) == "none");
}

TEST_CASE("among equal sums the narrower label wins, then the alphabetically first") {
    CHECK(decided({{leopard, 0.5}, {lion, 0.5}}) == lion);
    CHECK(decided({{lion, 0.5}, {leopard, 0.5}}) == lion);
    CHECK(decided({{human, 0.5}, {vehicle, 0.5}}) == human);
}

TEST_CASE("wider labels are recognised") {
    CHECK(is_wider(felids, lion));
    CHECK(is_wider(animal, lion));
    CHECK(is_wider(animal, felids));
    CHECK_FALSE(is_wider(lion, felids));
    CHECK_FALSE(is_wider(lion, lion));
    CHECK_FALSE(is_wider(felids, zebra));
    for (const auto& other : {human, vehicle, blank, unknown}) {
        CHECK_FALSE(is_wider(animal, other));
        CHECK_FALSE(is_wider(other, animal));
    }
    CHECK_FALSE(is_wider("no label", lion));
}
