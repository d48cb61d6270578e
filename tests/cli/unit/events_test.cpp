// SPDX-License-Identifier: Apache-2.0
// Visits of species, on data small enough to check by hand.
#include "formats/events.hpp"

#include "speciesnet/taxonomy.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;
using namespace std::chrono_literals;

namespace {

const std::string lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string zebra = "4;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";

/// Photos and their contents.
class Photos {
public:
    /// @param time nothing for a photo without a time
    Photos& add(std::optional<std::chrono::minutes> time, const std::vector<std::string>& labels,
                std::uint32_t station = 0) {
        PhotoFacts facts{.station = station};
        if (time) {
            facts.taken =
                CaptureTime{std::chrono::local_days(std::chrono::year(2026) / 11 / 25) + *time};
        }
        Prediction prediction;
        prediction.detections.emplace();
        double score = 0.9;
        for (const auto& label : labels) {
            prediction.detections->push_back(
                {.detection = {.category = Category::animal, .conf = 0.8, .bbox = {}},
                 .answer = Answer{.label = label, .score = score, .source = "classifier"}});
            score -= 0.1;
        }
        events_.add(prediction, facts, stations_[station], 0.2);
        facts_.push_back(facts);
        return *this;
    }

    const Events& find() {
        events_.find(facts_, stations_, 30min);
        return events_;
    }

private:
    StationRow pond_{.station = "pond"};
    /// The pond has two cameras.
    std::vector<Station> stations_{
        {.name = "A"}, {.name = "pond 1", .row = &pond_}, {.name = "pond 2", .row = &pond_}};
    std::vector<PhotoFacts> facts_;
    Events events_;
};

/// Returns "lion 2/3": the photos and individuals of each event.
std::vector<std::string> found(const Events& events) {
    std::vector<std::string> texts;
    for (const auto& event : events.all()) {
        texts.push_back(readable_name(event.label) + ' ' + std::to_string(event.photos) + '/' +
                        std::to_string(event.individuals));
    }
    return texts;
}

}  // namespace

TEST_CASE("photos of a species are one visit until a pause exceeds the gap") {
    Photos photos;
    photos.add(0min, {lion}).add(30min, {lion, lion, lion}).add(60min, {lion}).add(91min, {lion});
    const auto& events = photos.find();
    CHECK(found(events) == std::vector<std::string>{"lion 3/3", "lion 1/1"});
    CHECK(events.all()[0].end.local - events.all()[0].start.local == 60min);
    CHECK(events.all()[0].score == 0.9);
    CHECK(events.all()[0].id == "A 2026-11-25T00:00:00 lion");
    CHECK(events.of(0, lion) == events.all().data());
    CHECK(events.of(2, lion) == events.all().data());
    CHECK(events.of(3, lion) == &events.all()[1]);
    CHECK(events.of(3, zebra) == nullptr);
    CHECK(events.of(9, lion) == nullptr);
}

TEST_CASE("species and stations have separate visits, in order of time") {
    Photos photos;
    photos.add(50min, {zebra, zebra, lion}).add(10min, {lion}).add(60min, {zebra}, 1);
    const auto& events = photos.find();
    CHECK(found(events) ==
          std::vector<std::string>{"lion 1/1", "plains zebra 1/2", "lion 1/1", "plains zebra 1/1"});
    CHECK(events.all()[3].place == "pond");
    CHECK(events.of(0, lion) == &events.all()[2]);
}

TEST_CASE("cameras at one place share their visits") {
    Photos photos;
    photos.add(0min, {lion}, 1).add(10min, {lion, lion}, 2).add(20min, {lion}, 1);
    const auto& events = photos.find();
    CHECK(found(events) == std::vector<std::string>{"lion 3/2"});
    CHECK(events.all()[0].station == "pond 1");
}

TEST_CASE("blank photos and photos without a time are not visits") {
    Photos photos;
    photos.add(0min, {}).add(std::nullopt, {lion});
    photos.add(1min, {std::string(labels::blank)}).add(2min, {std::string(labels::unknown)});
    CHECK(photos.find().all().empty());
}

TEST_CASE("labels with the same name have visits with different ids") {
    Photos photos;
    photos.add(0min, {lion, "2;mammalia;carnivora;felidae;panthera;leo;lion"});
    const auto& events = photos.find();
    REQUIRE(events.all().size() == 2);
    CHECK(events.all()[0].id != events.all()[1].id);
}
