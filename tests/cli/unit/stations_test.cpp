// SPDX-License-Identifier: Apache-2.0
// Matching photos to rows of a table.
#include "speciesnet/error.hpp"

#include "stations/station_table.hpp"
#include "temporary_folder.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;
using namespace std::chrono_literals;

namespace {

CaptureTime noon(int year, unsigned month, unsigned day) {
    return {.local =
                std::chrono::local_days(std::chrono::year(year) / std::chrono::month(month) / day) +
                12h};
}

/// Returns the station of a photo; "" without a row.
std::string station(const StationTable& table, const std::string& folder,
                    const std::string& camera = "",
                    const std::optional<CaptureTime>& taken = std::nullopt) {
    const auto* const row = table.find(folder, camera, taken).row;
    return row == nullptr ? "" : row->station;
}

std::string refusal(const std::string& csv) {
    try {
        StationTable::parse(csv);
    } catch (const InvalidArgument& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("folders match by whole parts, the deepest first, then the longest") {
    const auto table = StationTable::parse(
        "folder,station\n"
        "A,one\n"
        "season/A,two\n"
        "/B/,three\n"
        "C\\2026,four\n");
    CHECK(station(table, "A/") == "one");
    CHECK(station(table, "/media/card/A/DCIM/100RECNX/") == "one");
    CHECK(station(table, "/data/season/A/DCIM/") == "two");
    CHECK(station(table, "season/A/B/") == "three");
    CHECK(station(table, "B/A/") == "one");
    CHECK(station(table, "C/2026/DCIM/") == "four");
    CHECK(station(table, "C/") == "");
    CHECK(station(table, "AA/") == "");
    CHECK(station(table, "") == "");
    CHECK_FALSE(table.needs_facts("A/"));
}

TEST_CASE("a card that moved belongs to a station for a time") {
    const auto table = StationTable::parse(
        "Folder;Station;Start;End;Time_Zone;Clock_Offset\n"
        "A;river;2026-01-01;2026-03-31;Z;\n"
        "A;hill;2026-04-01 08:00;;+03:00;-1d\n"
        "B;lake;2026-01-01;;;\n");
    CHECK(table.needs_facts("A/"));
    CHECK(table.needs_facts("B/"));
    CHECK(station(table, "A/", "", noon(2026, 3, 31)) == "river");
    CHECK(station(table, "A/", "", noon(2026, 4, 2)) == "hill");
    // Its corrected time is before the start.
    CHECK(station(table, "A/", "", noon(2026, 4, 1)) == "");
    CHECK(table.find("A/", "", noon(2025, 12, 31)).outside_period);
    CHECK(table.find("A/", "", std::nullopt).outside_period);
    // A folder with a single row belongs to that station, whatever the clock says.
    CHECK(station(table, "B/", "", noon(2017, 1, 1)) == "lake");
    CHECK(table.find("B/", "", noon(2017, 1, 1)).outside_period);
    CHECK_FALSE(table.find("B/", "", noon(2026, 1, 1)).outside_period);
    CHECK_FALSE(table.find("B/", "", std::nullopt).outside_period);
    CHECK(table.rows()[0].deployment == "river");

    const auto& hill = table.rows()[1];
    const auto corrected = table.corrected(noon(2026, 4, 2), &hill);
    CHECK(corrected.local == noon(2026, 4, 1).local);
    CHECK(corrected.utc_offset == 180min);
    CHECK(table.corrected({.local = {}, .utc_offset = 60min}, &hill).utc_offset == 60min);
}

TEST_CASE("cameras are matched by their whole text or their serial number") {
    const auto table = StationTable::parse(
        "camera,folder,station\n"
        "H500,,mobile\n"
        "RECONYX HF2,A,left\n"
        ",A,others\n");
    CHECK(station(table, "anywhere/", "RECONYX HF2 H500") == "mobile");
    CHECK(station(table, "anywhere/", "RECONYX HF2 XH500") == "");
    CHECK(station(table, "A/", "RECONYX HF2") == "left");
    CHECK(station(table, "A/", "Bushnell") == "others");
    CHECK(station(table, "A/") == "others");
    CHECK(table.needs_facts("A/"));
    CHECK(table.needs_facts("anywhere/"));
}

TEST_CASE("the offset of a run applies to rows without their own") {
    const auto table =
        StationTable::parse("folder,station,clock_offset\nA,one,+00:10\nB,two,\n", 1h);
    const auto time = noon(2026, 1, 1);
    CHECK(table.corrected(time, &table.rows()[0]).local == time.local + 10min);
    CHECK(table.corrected(time, &table.rows()[1]).local == time.local + 1h);
    CHECK(table.corrected(time, nullptr).local == time.local + 1h);
}

TEST_CASE("deployments of one station have unique names") {
    const auto table = StationTable::parse(
        "folder,station,start,end\n"
        "A,pond,2026-01-01,2026-01-31\n"
        "A,pond,2026-03-01,\n"
        "B,pond,,\n"
        "C,ridge,,\n");
    CHECK(table.rows()[0].deployment == "pond 2026-01-01");
    CHECK(table.rows()[1].deployment == "pond 2026-03-01");
    CHECK(table.rows()[2].deployment == "pond B");
    CHECK(table.rows()[3].deployment == "ridge");
}

TEST_CASE("species lists belong to stations, and their paths are relative to the table") {
    const TemporaryFolder folder;
    const auto file = folder.write("stations.csv",
                                   "folder,station,species_list\n"
                                   "A,pond,lists/pond.txt\n"
                                   "B,pond,\n"
                                   "C,pond,lists/pond.txt\n"
                                   "D,ridge,/ridge.txt\n"
                                   "E,wood,\n");
    const auto lists = StationTable::load(file).species_lists();
    REQUIRE(lists.size() == 2);
    CHECK(lists.at("pond") == folder.path() + "/lists/pond.txt");
    CHECK(lists.at("ridge") == "/ridge.txt");
}

TEST_CASE("errors in a table name the line") {
    const auto says = [](const std::string& csv, std::initializer_list<const char*> words) {
        const auto text = refusal(csv);
        for (const auto* const word : words) {
            CAPTURE(text);
            CAPTURE(word);
            CHECK(text.find(word) != std::string::npos);
        }
    };
    const std::string head =
        "folder,station,latitude,longitude,start,end,time_zone,clock_offset,"
        "country,region\n";
    says("", {"the table is empty", "folder, camera, station"});
    says("folder,station\n", {"no row"});
    says("folder,name\nA,B\n", {"line 1", "'name'", "station"});
    says("folder,station,Folder\nA,B,C\n", {"line 1", "'folder'", "twice"});
    says("folder,station\nA,B,C\n", {"line 2", "3 fields"});
    says("folder,station\nA,B\n,B\n", {"line 3", "neither folder nor camera"});
    says("folder,station\nA,\n", {"line 2", "no station"});
    says(head + "A,B,91,0\n", {"line 2", "latitude", "'91'", "90"});
    says(head + "A,B,\"1,5\",0\n", {"line 2", "latitude", "with a decimal point"});
    says(head + "A,B,1,\n", {"line 2", "both"});
    says(head + "A,B,,,04.07.2026\n", {"line 2", "start", "the year first"});
    says(head + "A,B,,,2026-02-01,2026-01-01\n", {"line 2", "before the start"});
    says(head + "A,B,,,,,Nairobi\n", {"line 2", "time_zone", "Africa/Nairobi"});
    says(head + "A,B,,,,,,soon\n", {"line 2", "clock_offset", "+01:00:00"});
    says(head + "A,B,,,,,,,Kenia\n", {"line 2", "country", "KEN"});
    says(head + "A,B,,,,,,,,CA\n", {"line 2", "region requires a country"});
    says("folder,station,species_list\nA,pond,a.txt\nB,pond,b.txt\n",
         {"lines 2 and 3", "different species lists", "'pond'"});
    says("folder,station,start,end\nA,B,2026-01-01,2026-02-01\nA,C,2026-02-01,\n",
         {"lines 2 and 3", "'A'", "overlap"});
    says("folder,station\nA,B\n\nA/,C\n", {"lines 2 and 4", "overlap"});
    std::string many = "folder,station,start,end\n";
    for (std::size_t row = 0; row <= StationTable::most_moves; ++row) {
        many += "A,B,2026-01-01,2026-01-01\n";
    }
    says(many, {"'A'", "more than 1000 rows"});
}
