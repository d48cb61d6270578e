// SPDX-License-Identifier: Apache-2.0
// Camtrap DP packages written by other programs.
#include "results/camtrap_dp_package.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "formats/label_names.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

struct Package {
    TemporaryFolder folder;

    Package() {
        folder.write("datapackage.json", "{}");
        folder.write("deployments.csv",
                     "deploymentID,locationName,latitude,longitude\nd1,Ridge,-1.5,35\nd2,,,\n");
        folder.write("media.csv",
                     "mediaID,deploymentID,filePath,mediaComments\nm1,d1,a/1.jpg,\nm2,d1,a/2.jpg,\n"
                     "m3,d2,a/3.jpg,broken\nm4,d9,https://host/4.jpg,\n");
    }

    std::vector<Prediction> read(const std::string& observations) const {
        folder.write("observations.csv",
                     "observationID,mediaID,observationType,scientificName,count,bboxX,bboxY,"
                     "bboxWidth,bboxHeight,classificationProbability\n" +
                         observations);
        std::vector<Prediction> found;
        read_camtrap_dp(folder.path(), [&](const Prediction& one) { found.push_back(one); });
        return found;
    }
};

}  // namespace

TEST_CASE("media and observations of a package are results") {
    const Package package;
    const auto found = package.read(
        "o1,m1,animal,Equus quagga,1,0.1,0.2,0.3,0.4,0.75\n"
        "o2,m1,animal,Felidae,3,,,,,\n"
        "o3,m2,blank,,,,,,,\n"
        "o4,m3,unclassified,,,,,,,\n"
        "o5,m4,human,,,,,,,\n"
        "o6,,animal,Panthera leo,7,,,,,\n");
    REQUIRE(found.size() == 4);
    CHECK(found[0].filepath == "a/1.jpg");
    CHECK(found[0].location.station == "Ridge");
    CHECK(found[0].location.latitude == -1.5);
    REQUIRE(found[0].found().size() == 4);
    const auto& zebra = found[0].found()[0];
    CHECK(zebra.detection.bbox == BoundingBox{0.1, 0.2, 0.3, 0.4});
    CHECK(scientific_name(zebra.answer->label) == "Equus quagga");
    CHECK(zebra.answer->score == 0.75);
    CHECK(scientific_name(found[0].found()[3].answer->label) == "Felidae");
    CHECK(found[1].detections.has_value());
    CHECK(found[1].found().empty());
    CHECK(found[2].failures.any());
    CHECK(found[2].failure_reason == "broken");
    CHECK_FALSE(found[2].location.latitude);
    CHECK(found[3].found()[0].answer->label == labels::human);
    CHECK(found[3].found()[0].detection.category == Category::human);
}

TEST_CASE("a herd has at most a hundred boxes, however many rows count it") {
    const Package package;
    const auto boxes = [&](const std::string& rows) {
        return package.read(rows)[0].found().size();
    };
    CHECK(boxes("o1,m1,animal,Equus quagga,1e9,,,,,\n") == 100);
    CHECK(boxes("o1,m1,animal,Equus quagga,60,,,,,\no2,m1,animal,Equus grevyi,60,,,,,\n") == 100);
    // Each row is present.
    CHECK(boxes("o1,m1,animal,Equus quagga,100,,,,,\no2,m1,human,,9,,,,,\n") == 101);
}

TEST_CASE("a missing column counts as empty") {
    const Package package;
    const auto found = package.read("o1,m1,animal,Equus quagga,1,,,,,,label:not a column\n");
    CHECK(scientific_name(found[0].found()[0].answer->label) == "Equus quagga");
}

TEST_CASE("errors of packages name the place and the reason") {
    const Package package;
    CHECK_THROWS_WITH_AS(package.read("o1,m1,animal,,x,,,,,\n"),
                         doctest::Contains("observations.csv, line 2: 'x' is not a number"),
                         InvalidArgument);
    for (const std::string number : {"nan", "inf", "-inf", "1e999", "1 "}) {
        CAPTURE(number);
        CHECK_THROWS_WITH_AS(package.read("o1,m1,animal,," + number + ",,,,,\n"),
                             doctest::Contains("is not a number"), InvalidArgument);
    }
    CHECK_THROWS_WITH_AS(package.read("o1,,animal,Panthera leo,2,,,,,\n"),
                         doctest::Contains("only observations of events"), InvalidArgument);
    package.folder.write("media.csv", "mediaID\nm1\n");
    CHECK_THROWS_WITH_AS(package.read(""), doctest::Contains("media.csv has no column"),
                         InvalidArgument);
    package.folder.write("media.csv", "");
    CHECK_THROWS_AS(package.read(""), InvalidArgument);
}

TEST_CASE("packages are recognised by datapackage.json") {
    const Package package;
    const auto description = package.folder.path() + "/datapackage.json";
    CHECK(camtrap_dp_folder(package.folder.path()) == package.folder.path());
    CHECK(camtrap_dp_folder(description) == package.folder.path());
    CHECK(camtrap_dp_folder("datapackage.json") == ".");
    CHECK(camtrap_dp_folder(TemporaryFolder().path()).empty());
    CHECK(camtrap_dp_folder("out.json").empty());
}

}  // namespace speciesnet::cli
