// SPDX-License-Identifier: Apache-2.0
// Fuzzes VideoFile. Input: a video. Checks that it is refused with a typed error, or that its
// first, last and middle frames are read or refused, and that its first frame is the same when it
// is opened again. FFmpeg's libraries are not instrumented: only their use is tested.
#include "speciesnet/error.hpp"

#include "file_descriptor.hpp"
#include "fuzz/agreement.hpp"
#include "video/video_file.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace speciesnet;
using namespace speciesnet::cli;

std::optional<Image> frame_of(VideoFile& video, std::size_t number) {
    try {
        return video.frame(number);
    } catch (const InvalidImage&) {
        return std::nullopt;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (!can_read_videos()) {
        return 0;
    }
    const FileDescriptor file(::memfd_create("fuzz", MFD_CLOEXEC));
    fuzz::require(file.is_open() && ::write(file.get(), data, size) == static_cast<ssize_t>(size),
                  "the input can be written to memory");
    const auto path = "/proc/self/fd/" + std::to_string(file.get());
    DecodeLimits limits;
    limits.max_pixels = 1'000'000;
    limits.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    try {
        VideoFile video(path, limits);
        const auto facts = video.facts();
        fuzz::require(facts.frames >= 1 && facts.frame_rate > 0,
                      "a video has a frame and a frame rate");
        const auto first = frame_of(video, 0);
        frame_of(video, facts.frames - 1);
        frame_of(video, facts.frames / 2);
        VideoFile again(path, limits);
        const auto other = frame_of(again, 0);
        fuzz::require(first.has_value() == other.has_value() && (!first || *first == *other),
                      "the first frame is the same in each read");
    } catch (const InvalidImage&) {
        return 0;
    } catch (const Cancelled&) {
        return 0;
    }
    return 0;
}
