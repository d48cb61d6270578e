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

/// The networks' results for a photo, which do not depend on its name or location.
struct SeenPhoto {
    ComponentResults results;
    std::string failure_reason;
    bool truncated = false;
};

/// Stores photos by the digest of their files, and evicts the oldest when there are too many.
class SeenPhotos {
public:
    /// @param capacity maximum number of detections and labels of all photos together
    explicit SeenPhotos(std::size_t capacity) : capacity_(capacity) {}

    /// @return null if it is not stored; valid until the next keep()
    const SeenPhoto* find(const std::string& digest) const;

    /// Stores a photo unless it alone exceeds the capacity. An empty digest is ignored.
    void keep(const std::string& digest, SeenPhoto photo);

private:
    std::size_t capacity_;
    std::size_t size_ = 0;
    std::unordered_map<std::string, SeenPhoto> photos_;
    std::deque<std::string> oldest_first_;
};

}  // namespace speciesnet
