// SPDX-License-Identifier: Apache-2.0
// Keeps a video open from its first frame to its last.
#include "frame_reader.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "video_file.hpp"

#include <exception>
#include <new>
#include <utility>

namespace speciesnet::cli {
namespace {

/// Maximum number of decoded frames that wait: 25 MB each in 4K.
constexpr std::size_t most_waiting = 4;

/// The last video that was read.
class OpenVideo {
public:
    explicit OpenVideo(std::stop_token stop) : stop_(std::move(stop)) {}

    DecodedFrame read(const FrameName& frame) {
        try {
            if (frame.video != name_) {
                video_.reset();
                problem_.clear();
                name_ = frame.video;
                video_.emplace(utf8_path(frame.video), DecodeLimits(), stop_);
            }
            return video_ ? DecodedFrame{.image = video_->frame(frame.number), .failure_reason = {}}
                          : DecodedFrame{.image = std::nullopt, .failure_reason = problem_};
        } catch (const std::bad_alloc&) {
            return {.image = std::nullopt, .failure_reason = "out of memory"};
        } catch (const std::exception& error) {
            if (!video_) {
                problem_ = error.what();
            }
            return {.image = std::nullopt, .failure_reason = error.what()};
        }
    }

private:
    std::stop_token stop_;
    std::string name_;
    std::optional<VideoFile> video_;
    std::string problem_;  ///< The reason why the video cannot be opened.
};

}  // namespace

FrameReader::FrameReader(std::vector<FrameName> frames)
    : frames_(std::move(frames)), thread_([this] { work(); }) {}

FrameReader::~FrameReader() {
    stop_.request_stop();
    { const std::lock_guard lock(mutex_); }
    changed_.notify_all();
    thread_.join();
}

DecodedFrame FrameReader::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty(); });
    auto frame = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return frame;
}

void FrameReader::work() {
    OpenVideo video(stop_.get_token());
    for (const auto& frame : frames_) {
        auto decoded = video.read(frame);
        std::unique_lock lock(mutex_);
        changed_.wait(lock,
                      [this] { return stop_.stop_requested() || waiting_.size() < most_waiting; });
        if (stop_.stop_requested()) {
            return;
        }
        waiting_.push_back(std::move(decoded));
        changed_.notify_all();
    }
}

}  // namespace speciesnet::cli
