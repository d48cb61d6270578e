// SPDX-License-Identifier: Apache-2.0
// Any bytes as a video: it is refused with a typed error, or its first, middle and last frames are
// as large as it says, and the same again in another order. FFmpeg's libraries are not
// instrumented; what is tested is how they are used.
#include "speciesnet/error.hpp"

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
    const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
    fuzz::require(file >= 0 && ::write(file, data, size) == static_cast<ssize_t>(size),
                  "the input can be written to memory");
    DecodeLimits limits;
    limits.max_pixels = 1'000'000;
    limits.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    try {
        VideoFile video("/proc/self/fd/" + std::to_string(file), limits);
        const auto facts = video.facts();
        fuzz::require(facts.frames >= 1 && facts.frame_rate > 0, "a video has a frame");
        const auto first = frame_of(video, 0);
        frame_of(video, facts.frames - 1);
        frame_of(video, facts.frames / 2);
        const auto again = frame_of(video, 0);
        fuzz::require(first.has_value() == again.has_value() && (!first || *first == *again),
                      "the way back leads to the same frame");
    } catch (const InvalidImage&) {
        ::close(file);
        return 0;
    } catch (const Cancelled&) {
        ::close(file);
        return 0;
    }
    ::close(file);
    return 0;
}
