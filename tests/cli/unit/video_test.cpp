// SPDX-License-Identifier: Apache-2.0
// Tests without videos: names of frames, selection of frames, their common answer.
#include "speciesnet/error.hpp"

#include "video/frame_name.hpp"
#include "video/frames_together.hpp"
#include "video/video_inputs.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;

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
