// SPDX-License-Identifier: Apache-2.0
// A duplicate within the batch waits for the first copy, which precedes it.
#include "ensemble/photo_batch.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

/// Number of detections and labels of earlier photos that are kept for duplicates: at most tens of
/// megabytes.
constexpr std::size_t seen_capacity = 200'000;

}  // namespace

PhotoBatch::PhotoBatch(PhotoStages stages, std::size_t detected_at_once)
    : stages_(std::move(stages)), detected_at_once_(detected_at_once), seen_(seen_capacity) {}

bool PhotoBatch::was_added(const std::string& digest) const {
    return std::any_of(photos_.begin(), photos_.end(),
                       [&](const Photo& photo) { return photo.digest == digest; });
}

void PhotoBatch::add(const SharedInstance& instance, DecodedInstance photo) {
    // Given detections determine what is classified, so the same pixels may get another answer.
    const std::string digest = instance->detections ? std::string() : photo.digest;
    if (const auto* const seen = seen_.find(digest)) {
        works_.push_back({instance, seen->results, {}, seen->failure_reason, seen->truncated});
        photos_.push_back({.digest = {}, .is_copy = false});
        return;
    }
    const bool is_copy = !digest.empty() && was_added(digest);
    works_.push_back({instance, {}, {}, {}, false});
    photos_.push_back({digest, is_copy});
    if (!is_copy) {
        places_.push_back(works_.size() - 1);
        waiting_.push_back({instance, std::move(photo)});
    }
    if (waiting_.size() >= detected_at_once_) {
        detect();
    }
}

void PhotoBatch::detect() {
    if (waiting_.empty()) {
        return;
    }
    auto detected = stages_.detect(waiting_);
    for (std::size_t index = 0; index < detected.size(); ++index) {
        works_[places_[index]] = std::move(detected[index]);
    }
    waiting_.clear();
    places_.clear();
}

void PhotoBatch::deliver() {
    detect();
    stages_.classify(works_);
    for (std::size_t index = 0; index < photos_.size(); ++index) {
        auto& work = works_[index];
        const auto& digest = photos_[index].digest;
        if (photos_[index].is_copy) {
            const auto first =
                std::find_if(photos_.begin(), photos_.end(),
                             [&](const Photo& photo) { return photo.digest == digest; });
            const auto& original = works_[static_cast<std::size_t>(first - photos_.begin())];
            work.results = original.results;
            work.failure_reason = original.failure_reason;
            work.truncated = original.truncated;
        } else if (!digest.empty()) {
            seen_.keep(digest, {work.results, work.failure_reason, work.truncated});
        }
    }
    for (auto& work : works_) {
        stages_.decide(std::move(work));
    }
    photos_.clear();
    works_.clear();
}

}  // namespace speciesnet
