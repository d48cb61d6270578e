// SPDX-License-Identifier: Apache-2.0
// Shared parts of the formats: observations, names, times, tables.
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "formats/csv_table.hpp"
#include "formats/label_names.hpp"
#include "formats/observations.hpp"
#include "formats/time_text.hpp"
#include "needs.hpp"
#include "output/output_arguments.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;
using namespace std::chrono_literals;

namespace {

const std::string lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";

ClassifiedDetection entry(Category category, double conf, const std::string& label = {}) {
    ClassifiedDetection made{.detection = {.category = category, .conf = conf, .bbox = {}}};
    if (!label.empty()) {
        made.answer = Answer{.label = label, .score = 0.7, .source = "classifier"};
    }
    return made;
}

std::vector<Observation> observed(const std::vector<ClassifiedDetection>& entries) {
    Prediction prediction;
    prediction.detections = entries;
    return observations_of(prediction, 0.2);
}

std::string content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Returns the offset from UTC at noon in the middle of a month of 2026.
auto at(int month, const std::string& zone) {
    const auto day = std::chrono::local_days(std::chrono::year(2026) /
                                             std::chrono::month(static_cast<unsigned>(month)) / 15);
    return TimeZone::parse(zone).offset_at(day + 12h);
}

}  // namespace

TEST_CASE("detections of sufficient confidence are observations of their answers") {
    const auto observations =
        observed({entry(Category::animal, 0.9, lion), entry(Category::human, 0.2),
                  entry(Category::vehicle, 0.19)});
    REQUIRE(observations.size() == 2);
    CHECK(observations[0].label == lion);
    CHECK(observations[0].kind == ObservationKind::animal);
    CHECK(observations[0].score == 0.7);
    CHECK(observations[0].bbox);
    CHECK(observations[1].label == labels::human);
    CHECK(observations[1].kind == ObservationKind::human);
    CHECK(observations[1].score == 0.2);
}

TEST_CASE("a photo without observations is blank, a failed one is unclassified") {
    const auto blank = std::string(labels::blank);
    CHECK(observed({}).front().kind == ObservationKind::blank);
    CHECK(observed({entry(Category::animal, 0.1, lion)}).front().kind == ObservationKind::blank);
    CHECK(observed({entry(Category::animal, 0.9, blank)}).front().kind == ObservationKind::blank);
    CHECK(observed({entry(Category::animal, 0.9, blank), entry(Category::animal, 0.8, lion)})
              .size() == 1);
    Prediction failed;
    CHECK(observations_of(failed, 0.2).front().kind == ObservationKind::unclassified);
    failed.detections.emplace();
    failed.failures.classifier = true;
    CHECK(observations_of(failed, 0.2).front().kind == ObservationKind::unclassified);
}

TEST_CASE("an answer for the whole image is one observation without a box") {
    const auto observations =
        observed({entry(Category::whole_image, 1, lion), entry(Category::animal, 0.9)});
    REQUIRE(observations.size() == 1);
    CHECK(observations[0].label == lion);
    CHECK_FALSE(observations[0].bbox);
    // An image that was classified but has no answer.
    CHECK(observed({entry(Category::whole_image, 1), entry(Category::animal, 0.9)})[0].bbox);
}

TEST_CASE("labels have readable and scientific names") {
    CHECK(readable_name(lion) == "lion");
    CHECK(readable_name("1;mammalia;carnivora;felidae;panthera;leo;") == "panthera leo");
    CHECK(readable_name("1;mammalia;carnivora;felidae;panthera;;") == "panthera species");
    CHECK(readable_name("1;mammalia;;;;;") == "mammalia class");
    CHECK(readable_name("1;;;;;;") == "1 category");
    CHECK(readable_name("from elsewhere") == "from elsewhere");
    CHECK(scientific_name(lion) == "Panthera leo");
    CHECK(scientific_name("1;mammalia;carnivora;felidae;;;cat family") == "Felidae");
    CHECK(scientific_name(labels::animal) == "Animalia");
    CHECK(scientific_name(labels::vehicle).empty());
    CHECK(scientific_name(labels::unknown).empty());
    CHECK(scientific_name("from elsewhere").empty());
}

TEST_CASE("times are written in the notation of each format") {
    const CaptureTime time{std::chrono::local_days(std::chrono::year(2026) / 11 / 25) + 6h + 12min +
                           9s + 250ms};
    CHECK(exif_text(time) == "2026:11:25 06:12:09");
    CHECK(plain_text(time) == "2026-11-25 06:12:09");
    CHECK(date_text(time) == "2026-11-25");
    CHECK(zoned_text(time, TimeZone::parse("+03:00")) == "2026-11-25T06:12:09+03:00");
    CHECK(zoned_text(time, {}) == "2026-11-25T06:12:09Z");
    CHECK(zoned_text({.local = time.local, .utc_offset = -90min}, TimeZone::parse("+3")) ==
          "2026-11-25T06:12:09-01:30");
}

TEST_CASE("time zones are offsets or names") {
    CHECK(at(1, "+05:45") == 345min);
    CHECK(at(1, "-3:30") == -210min);
    CHECK(at(1, "+0530") == 330min);
    CHECK(at(1, "+3") == 180min);
    CHECK(at(1, "Z") == 0min);
    for (const auto* wrong :
         {"", "3", "+03.00", "+15:00", "+01:60", "03:00:", "+0a:00", "Africa", "Africa/Nowhere",
          "africa/nairobi", "../etc/passwd", "Africa/../Africa/Nairobi", "/etc/localtime", "EAT"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(TimeZone::parse(wrong), InvalidArgument);
    }
}

TEST_CASE("names of time zones follow the system's data" *
          Needs(std::filesystem::exists("/usr/share/zoneinfo/Europe/Berlin"),
                "time zone data in this system")) {
    CHECK(at(1, "Africa/Nairobi") == 180min);
    CHECK(at(1, "Europe/Berlin") == 60min);
    CHECK(at(7, "Europe/Berlin") == 120min);
    CHECK(at(1, "America/St_Johns") == -210min);
    CHECK(at(7, "UTC") == 0min);
}

TEST_CASE("fields that would break a table are quoted") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/table.csv";
    CsvTable table(file, {"a", "b"});
    table.field("x,\"y\"\n").field(1.0 / 3, 4).end_row();
    table.field("").field(std::optional<double>(), 4).end_row();
    CHECK_FALSE(std::filesystem::exists(file));
    table.publish();
    CHECK(content_of(file) == "a,b\n\"x,\"\"y\"\"\n\",0.3333\n,\n");
}
