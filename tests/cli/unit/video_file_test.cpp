// SPDX-License-Identifier: Apache-2.0
// Frames are identified by their grey level: frame n of the fixtures has 20 + 5n. Made by
// tests/fixtures/videos/make.py.
#include "video/video_file.hpp"

#include "speciesnet/error.hpp"

#include "temporary_folder.hpp"
#include "video/frame_name.hpp"
#include "video/frame_reader.hpp"
#include "video/video_inputs.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;

namespace {

const std::filesystem::path fixtures = SPECIESNET_VIDEOS;

/// Returns the number of a frame, by the grey level of its middle.
int number_in(const Image& image) {
    const auto middle =
        (static_cast<std::size_t>(image.height() / 2) * static_cast<std::size_t>(image.width()) +
         static_cast<std::size_t>(image.width() / 2)) *
        3;
    return static_cast<int>(std::lround((image.pixels()[middle] - 20) / 5.0));
}

int red_at(const Image& image, int x, int y) {
    return image.pixels()[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width()) +
                           static_cast<std::size_t>(x)) *
                          3];
}

/// Copies the beginning of a file.
std::filesystem::path cut(const std::filesystem::path& file, std::size_t size,
                          const std::filesystem::path& folder) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes(size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    const auto copy = folder / ("cut" + file.extension().native());
    std::ofstream(copy, std::ios::binary) << bytes;
    return copy;
}

}  // namespace

TEST_CASE("what videos say of themselves") {
    for (const auto* const name : {"frames.mp4", "frames.avi", "frames.mts"}) {
        CAPTURE(name);
        const auto facts = VideoFile(fixtures / name).facts();
        CHECK(facts.frame_rate == doctest::Approx(10));
        CHECK(facts.frames == 40);
        CHECK(facts.width == 96);
        CHECK(facts.height == 64);
    }
    const auto facts = VideoFile(fixtures / "frames.mp4").facts();
    REQUIRE(facts.begin);
    CHECK(to_iso8601(*facts.begin) == "2026-07-04T07:12:08");
    CHECK(to_iso8601(*facts.time_of(15)) == "2026-07-04T07:12:09.500");
    CHECK_FALSE(VideoFile(fixtures / "frames.mts").facts().time_of(15));
}

TEST_CASE("every frame is the one of its number, in any order") {
    for (const auto* const name : {"frames.mp4", "frames.avi", "frames.mts"}) {
        CAPTURE(name);
        VideoFile video(fixtures / name);
        for (int number = 0; number < 40; ++number) {
            CHECK(number_in(video.frame(static_cast<std::size_t>(number))) == number);
        }
        for (const int number : {39, 0, 17, 16, 15, 14, 38, 1, 1, 25}) {
            CAPTURE(number);
            CHECK(number_in(video.frame(static_cast<std::size_t>(number))) == number);
            CHECK(number_in(VideoFile(fixtures / name).frame(static_cast<std::size_t>(number))) ==
                  number);
        }
        // The container's duration may be slightly too long, but not by seconds.
        CHECK(number_in(video.frame(45)) == 39);
        CHECK_THROWS_WITH_AS(video.frame(90), doctest::Contains("ends before frame 90"),
                             InvalidImage);
        CHECK(number_in(video.frame(3)) == 3);
    }
}

TEST_CASE("where frames are not shown for the same time, time counts") {
    // The frames from 21 on are shown 2 seconds later.
    VideoFile video(fixtures / "uneven.mkv");
    CHECK(number_in(video.frame(20)) == 20);
    CHECK(number_in(video.frame(41)) == 21);
    CHECK(number_in(video.frame(45)) == 25);
}

TEST_CASE("a turned video comes upright") {
    VideoFile video(fixtures / "turned.mov");
    CHECK(video.facts().width == 64);
    CHECK(video.facts().height == 96);
    const auto image = video.frame(7);
    CHECK(image.width() == 64);
    CHECK(number_in(image) == 7);
    // The mark is in the upper left corner of the stored frame; ffmpeg shows it in the lower left.
    CHECK(red_at(image, 4, 90) > 240);
    CHECK(red_at(image, 4, 4) < 100);
}

TEST_CASE("files that are no videos, or end early, are refused with a reason") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(VideoFile(folder.path() + "/none.mp4"), IoError);
    CHECK_THROWS_AS(VideoFile(folder.path()), IoError);
    CHECK_THROWS_AS(VideoFile(folder.write("text.mp4", "hello")), InvalidImage);
    // A playlist refers to other files, which must not be opened.
    const auto list =
        folder.write("list.avi", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n" +
                                     (fixtures / "frames.mts").native() + "\n#EXT-X-ENDLIST\n");
    CHECK_THROWS_AS(VideoFile{std::filesystem::path(list)}, InvalidImage);
    const auto tail = cut(fixtures / "frames.avi", 9000, folder.path());
    VideoFile video(tail);
    CHECK(video.facts().frames == 40);
    CHECK(number_in(video.frame(0)) == 0);
    CHECK_THROWS_AS(video.frame(39), InvalidImage);
    DecodeLimits limits;
    limits.max_pixels = 1000;
    CHECK_THROWS_AS(VideoFile(fixtures / "frames.mp4", limits), InvalidImage);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(VideoFile(fixtures / "frames.mp4", {}, stop.get_token()), Cancelled);
}

TEST_CASE("videos among inputs become frames; unreadable ones stay") {
    const auto video = (fixtures / "frames.mp4").native();
    const auto inputs = with_frames({{.filepath = "a.jpg"},
                                     {.filepath = video, .location = {.country = "KEN"}},
                                     {.filepath = "gone.avi"}},
                                    {.every_nth_frame = 20});
    REQUIRE(inputs.size() == 4);
    CHECK(inputs[0].filepath == "a.jpg");
    CHECK(inputs[1].filepath == video + "#frame=0");
    CHECK(inputs[2].filepath == video + "#frame=20");
    CHECK(inputs[2].location.country == "KEN");
    CHECK(inputs[3].filepath == "gone.avi");
}

TEST_CASE("frames are read ahead in their order, and failures come in their places") {
    const auto video = (fixtures / "frames.mp4").native();
    std::vector<FrameName> names{{.video = "gone.mp4", .number = 0}};
    for (std::size_t number = 0; number < 40; number += 2) {
        names.push_back({.video = video, .number = number});
    }
    names.push_back({.video = video, .number = 400});
    FrameReader reader(names);
    auto first = reader.next();
    CHECK_FALSE(first.image);
    CHECK(first.failure_reason.find("gone.mp4") != std::string::npos);
    for (int number = 0; number < 40; number += 2) {
        const auto frame = reader.next();
        REQUIRE(frame.image);
        CHECK(number_in(*frame.image) == number);
    }
    CHECK_FALSE(reader.next().image);
    // Frames that are not taken do not block the end.
    const FrameReader unread(names);
}
