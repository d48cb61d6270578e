// SPDX-License-Identifier: Apache-2.0
// Evicts the oldest entries, because duplicates of a photo are rarely far apart.
#include "ensemble/seen_photos.hpp"

#include <utility>

namespace speciesnet {
namespace {

/// Counts detections and labels, and one for the photo itself.
std::size_t size_of(const SeenPhoto& photo) {
    std::size_t size = 1;
    if (photo.results.detections) {
        size += photo.results.detections->size();
    }
    if (photo.results.classified) {
        for (const auto& entry : *photo.results.classified) {
            ++size;
            if (entry.classification) {
                size += entry.classification->classes.size();
                size += entry.classification->target_classes
                            ? entry.classification->target_classes->size()
                            : 0;
            }
        }
    }
    return size;
}

}  // namespace

const SeenPhoto* SeenPhotos::find(const std::string& digest) const {
    const auto found = photos_.find(digest);
    return found == photos_.end() ? nullptr : &found->second;
}

void SeenPhotos::keep(const std::string& digest, SeenPhoto photo) {
    const std::size_t size = size_of(photo);
    if (digest.empty() || size > capacity_ || photos_.contains(digest)) {
        return;
    }
    while (size_ + size > capacity_) {
        const auto oldest = photos_.find(oldest_first_.front());
        size_ -= size_of(oldest->second);
        photos_.erase(oldest);
        oldest_first_.pop_front();
    }
    size_ += size;
    photos_.emplace(digest, std::move(photo));
    oldest_first_.push_back(digest);
}

}  // namespace speciesnet
