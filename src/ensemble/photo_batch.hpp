// SPDX-License-Identifier: Apache-2.0
// A batch of photos whose crops are classified together.
#pragma once

#include "ensemble/photo_in_work.hpp"
#include "ensemble/seen_photos.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet {

/// The stages of a batch.
struct PhotoStages {
    std::function<std::vector<PhotoInWork>(std::span<const PhotoToDetect>)> detect;
    std::function<void(std::span<PhotoInWork>)> classify;
    std::function<void(PhotoInWork)> decide;
};

/// Collects photos and passes them to the stages. A duplicate of an earlier photo, in this batch or
/// a previous one, reuses the networks' results. Everything that depends on its name and location
/// is decided separately.
class PhotoBatch {
public:
    /// @param detected_at_once number of photos that are detected together, ≥ 1
    explicit PhotoBatch(PhotoStages stages, std::size_t detected_at_once = 1);

    std::size_t size() const noexcept { return photos_.size(); }

    void add(const SharedInstance& instance, DecodedInstance photo);

    /// Detects the photos that are waiting, then classifies and decides everything added since the
    /// last call, in order.
    void deliver();

private:
    struct Photo {
        std::string digest;  ///< Empty if it is not a duplicate.
        bool is_copy;
    };
    void detect();
    bool was_added(const std::string& digest) const;

    PhotoStages stages_;
    std::size_t detected_at_once_;
    SeenPhotos seen_;
    std::vector<Photo> photos_;
    std::vector<PhotoInWork> works_;  ///< One for each photo.
    std::vector<PhotoToDetect> waiting_;
    std::vector<std::size_t> places_;  ///< Indices in `works_` of the photos that are waiting.
};

}  // namespace speciesnet
