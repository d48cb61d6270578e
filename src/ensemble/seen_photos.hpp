// SPDX-License-Identifier: Apache-2.0
// Caches the networks' results for the photos of a batch, so that duplicates are not processed
// again.
#pragma once

#include "rules/assemble.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>

namespace speciesnet {

/// What the networks say of a photo; nothing in it depends on the photo's name or place.
struct SeenPhoto {
    ComponentResults results;
    std::string failure_reason;
    bool truncated = false;
};

/// Remembers photos by the digest of their files and forgets the oldest when they become too many.
class SeenPhotos {
public:
    /// @param capacity detections and labels that are kept, all photos together
    explicit SeenPhotos(std::size_t capacity) : capacity_(capacity) {}

    /// @return null if it was not kept; valid until the next keep()
    const SeenPhoto* find(const std::string& digest) const;

    /// Keeps a photo, unless it is more than the capacity by itself. An empty digest is no digest.
    void keep(const std::string& digest, SeenPhoto photo);

private:
    std::size_t capacity_;
    std::size_t size_ = 0;
    std::unordered_map<std::string, SeenPhoto> photos_;
    std::deque<std::string> oldest_first_;
};

}  // namespace speciesnet
