// SPDX-License-Identifier: Apache-2.0
// Frames are told by their grey: frame n of the fixtures has 20 + 5n. tests/fixtures/videos/make.py
// makes them.
#include "speciesnet/error.hpp"

#include "temporary_folder.hpp"
#include "video/frame_name.hpp"
#include "video/frame_reader.hpp"
#include "video/frames_together.hpp"
#include "video/video_file.hpp"
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

/// The number of a frame, by the grey of its middle.
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

bool skip() {
    if (!can_read_videos()) {
        MESSAGE("SKIPPED: this build reads no videos");
    }
    return !can_read_videos();
}

/// The beginning of a file.
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

TEST_CASE("names of frames") {
    CHECK(to_text({.video = "a/clip.MP4", .number = 30}) == "a/clip.MP4#frame=30");
    CHECK(parse_frame_name("a/clip.MP4#frame=30") ==
          FrameName{.video = "a/clip.MP4", .number = 30});
    CHECK(file_of("a/clip.MP4#frame=30") == "a/clip.MP4");
    for (const auto* const name :
         {"a/clip.mp4", "a.jpg#frame=3", "clip.mp4#frame=", "clip.mp4#frame=3x",
          "clip.mp4#frame=-1", "clip.mp4#frame=99999999999999999999", ""}) {
        CHECK_FALSE(parse_frame_name(name));
        CHECK(file_of(name) == name);
    }
    CHECK(frame_of("clip.avi") == FrameName{.video = "clip.avi", .number = 0});
    CHECK_FALSE(frame_of("clip.jpg"));
}

TEST_CASE("what videos say of themselves") {
    if (skip()) {
        return;
    }
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
    if (skip()) {
        return;
    }
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
        // The container may promise a little more than there is, but not seconds.
        CHECK(number_in(video.frame(45)) == 39);
        CHECK_THROWS_WITH_AS(video.frame(90), doctest::Contains("ends before frame 90"),
                             InvalidImage);
        CHECK(number_in(video.frame(3)) == 3);
    }
}

TEST_CASE("where frames are not shown for the same time, time counts") {
    if (skip()) {
        return;
    }
    // The frames from 21 on are shown 2 seconds later.
    VideoFile video(fixtures / "uneven.mkv");
    CHECK(number_in(video.frame(20)) == 20);
    CHECK(number_in(video.frame(41)) == 21);
    CHECK(number_in(video.frame(45)) == 25);
}

TEST_CASE("a turned video comes upright") {
    if (skip()) {
        return;
    }
    VideoFile video(fixtures / "turned.mov");
    CHECK(video.facts().width == 64);
    CHECK(video.facts().height == 96);
    const auto image = video.frame(7);
    CHECK(image.width() == 64);
    CHECK(number_in(image) == 7);
    // The mark is in the upper left corner of what is stored; ffmpeg shows it in the lower left
    // one.
    CHECK(red_at(image, 4, 90) > 240);
    CHECK(red_at(image, 4, 4) < 100);
}

TEST_CASE("files that are no videos, or end early, are refused with a reason") {
    if (skip()) {
        return;
    }
    const TemporaryFolder folder;
    CHECK_THROWS_AS(VideoFile(folder.path() + "/none.mp4"), IoError);
    CHECK_THROWS_AS(VideoFile(folder.path()), IoError);
    CHECK_THROWS_AS(VideoFile(folder.write("text.mp4", "hello")), InvalidImage);
    // A playlist names other files, which are not opened.
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

TEST_CASE("which frames are taken") {
    const VideoFacts facts{.frame_rate = 29.97, .frames = 100, .width = 1, .height = 1};
    CHECK(sampled_frames(facts, {}) == std::vector<std::size_t>{0, 30, 60, 90});
    CHECK(sampled_frames(facts, {.frames_per_second = 0.1}) == std::vector<std::size_t>{0});
    CHECK(sampled_frames(facts, {.frames_per_second = 1000}).size() == 100);
    CHECK(sampled_frames(facts, {.every_nth_frame = 33}) ==
          std::vector<std::size_t>{0, 33, 66, 99});
    const VideoFacts long_one{.frame_rate = 1000, .frames = 600'000'000, .width = 1, .height = 1};
    CHECK_THROWS_AS(sampled_frames(long_one, {}), InvalidArgument);
}

TEST_CASE("videos among inputs become frames; unreadable ones stay") {
    if (skip()) {
        return;
    }
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
    if (skip()) {
        return;
    }
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
    // Frames that nobody takes do not hold the end.
    const FrameReader unread(names);
}

TEST_CASE("a video has one answer, by the rule for bursts") {
    const auto frame = [](std::size_t number, std::vector<ClassifiedDetection> detections) {
        return Prediction{.filepath = to_text({.video = "clip.mp4", .number = number}),
                          .detections = std::move(detections)};
    };
    const std::string zebra = "x;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";
    const auto seen = [&](double score) {
        return ClassifiedDetection{
            .detection = {.category = Category::animal, .conf = 0.9, .bbox = {0, 0, 1, 1}},
            .answer = Answer{.label = zebra, .score = score, .source = "classifier"}};
    };
    const std::vector<Prediction> frames{frame(0, {}), frame(30, {seen(0.8)}),
                                         frame(60, {seen(0.9), seen(0.7)})};
    const auto answer = file_answer(frames, 0.2);
    REQUIRE(answer);
    CHECK(answer->label == zebra);
    CHECK(answer->score == 0.9);
    const auto whole = merged("clip.mp4", frames);
    CHECK(whole.filepath == "clip.mp4");
    CHECK(whole.found().size() == 3);
    Prediction failed{.filepath = "clip.mp4#frame=90"};
    failed.failures.detector = true;
    CHECK_FALSE(merged("clip.mp4", std::vector{failed, frames[1]}).failures.any());
    CHECK(merged("clip.mp4", std::vector{failed}).failures.any());
}
