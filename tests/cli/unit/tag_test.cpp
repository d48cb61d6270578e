// SPDX-License-Identifier: Apache-2.0
// Boxes of rotated images, XMP packets and their position in JPEG files.
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "tag/jpeg_packet.hpp"
#include "tag/xmp_packet.hpp"

#include <array>
#include <span>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;
using namespace std::string_literals;

namespace {

std::string tagged(const std::string& jpeg, const std::string& packet) {
    return with_xmp(std::as_bytes(std::span(jpeg)), packet);
}

/// Maps a point of the stored image to the upright one: EXIF's eight orientations as drawn in CIPA
/// DC-008, by row and column of the visual top left corner.
std::array<double, 2> upright_of(double x, double y, int orientation) {
    switch (orientation) {
        case 2:
            return {1 - x, y};
        case 3:
            return {1 - x, 1 - y};
        case 4:
            return {x, 1 - y};
        case 5:
            return {y, x};
        case 6:
            return {1 - y, x};
        case 7:
            return {1 - y, 1 - x};
        case 8:
            return {y, 1 - x};
        default:
            return {x, y};
    }
}

const std::string zebra = "u;mammalia;perissodactyla;equidae;equus;quagga;plains <&\"> zebra";

Prediction zebras(std::size_t count) {
    Prediction prediction;
    prediction.filepath = "a.jpg";
    prediction.detections.emplace();
    for (std::size_t i = 0; i < count; ++i) {
        ClassifiedDetection entry{.detection = {.category = Category::animal,
                                                .conf = 0.9 - 1e-5 * static_cast<double>(i),
                                                .bbox = {0.1, 0.2, 0.3, 0.4}}};
        entry.answer = Answer{.label = zebra, .score = 0.97, .source = "classifier"};
        prediction.detections->push_back(entry);
    }
    return prediction;
}

}  // namespace

TEST_CASE("a box of a rotated image covers the same pixels in the stored image") {
    const BoundingBox upright{0.1, 0.2, 0.3, 0.15};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const auto [x, y, width, height] = stored_box(upright, orientation);
        const auto one = upright_of(x, y, orientation);
        const auto other = upright_of(x + width, y + height, orientation);
        CAPTURE(orientation);
        CHECK(std::min(one[0], other[0]) == doctest::Approx(upright.xmin));
        CHECK(std::min(one[1], other[1]) == doctest::Approx(upright.ymin));
        CHECK(std::max(one[0], other[0]) == doctest::Approx(upright.xmin + upright.width));
        CHECK(std::max(one[1], other[1]) == doctest::Approx(upright.ymin + upright.height));
    }
}

TEST_CASE("names are escaped, and thousands of boxes make a packet that fits into a JPEG file") {
    const StoredPicture picture{.width = 640, .height = 480, .orientation = 1};
    const auto one = xmp_packet(zebras(1), picture, "SpeciesNet 4.0.1a", Names::common, 0.2);
    CHECK(one.find("<rdf:li>plains &lt;&amp;&quot;&gt; zebra</rdf:li>") != std::string::npos);
    CHECK(one.find("stArea:x=\"0.250000\"") != std::string::npos);
    const auto many = xmp_packet(zebras(5000), picture, "SpeciesNet 4.0.1a", Names::common, 0.2);
    CHECK(many.size() <= 60'000);
    CHECK(many.size() > 50'000);
    CHECK(many.ends_with("<?xpacket end=\"w\"?>"));
    CHECK(tagged("\xFF\xD8\xFF\xDA\x00\x02"s, many).size() > many.size());
}

TEST_CASE("the packet follows JFIF and EXIF, and replaces an earlier one of this program") {
    const auto jfif = "\xFF\xE0\x00\x04JF"s;
    const auto exif = "\xFF\xE1\x00\x06"s + "Exif";
    const auto table = "\xFF\xDB\x00\x03q"s;
    const auto scan = "\xFF\xDA\x00\x02 pixels \xFF\xE1\x00\x02 \xFF\xD9"s;
    const auto xmp = [](const std::string& packet) {
        const auto content = "http://ns.adobe.com/xap/1.0/\0"s + packet;
        return "\xFF\xE1\x00"s + static_cast<char>(content.size() + 2) + content;
    };
    const auto ours = "x:xmptk=\"SpeciesNet C++ 0.1.0\""s;
    const auto photo = "\xFF\xD8"s + jfif + exif + table + scan;
    const auto once = tagged(photo, ours);
    CHECK(once == "\xFF\xD8"s + jfif + exif + xmp(ours) + table + scan);
    CHECK(tagged(once, ours + "2") == "\xFF\xD8"s + jfif + exif + xmp(ours + "2") + table + scan);
    CHECK(tagged("\xFF\xD8"s + scan, ours) == "\xFF\xD8"s + xmp(ours) + scan);

    CHECK_THROWS_AS(tagged("\xFF\xD8"s + xmp("Lightroom") + scan, ours), InvalidArgument);
    CHECK_THROWS_AS(tagged("GIF89a", ours), InvalidArgument);
    CHECK_THROWS_AS(tagged(photo, std::string(70'000, 'x')), InvalidArgument);
    for (const auto& damaged :
         {"\xFF\xD8\xFF\xE0"s, "\xFF\xD8\xFF\xE0\xFF\xFFx"s, "\xFF\xD8\xFF\xE0\x00\x00x"s}) {
        CHECK(tagged(damaged, ours) == "\xFF\xD8"s + xmp(ours) + damaged.substr(2));
    }
}
