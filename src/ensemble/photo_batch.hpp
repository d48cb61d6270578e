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

/// The stages that a batch goes through.
struct PhotoStages {
    std::function<std::vector<PhotoInWork>(std::span<const PhotoToDetect>)> detect;
    std::function<void(std::span<PhotoInWork>)> classify;
    std::function<void(PhotoInWork)> decide;
};

/// Collects photos and sends them through the stages. A copy of an earlier photo, in this batch or
/// one before, takes over what the networks said of that; what depends on its name and place is
/// decided for each.
class PhotoBatch {
public:
    /// @param detected_at_once photos that wait for each other before they are detected, ≥ 1
    explicit PhotoBatch(PhotoStages stages, std::size_t detected_at_once = 1);

    std::size_t size() const noexcept { return photos_.size(); }

    void add(const SharedInstance& instance, DecodedInstance photo);

    /// Detects what still waits for that, then classifies and decides what was added since, in that
    /// order.
    void deliver();

private:
    struct Photo {
        std::string digest;  ///< Empty if it is not a copy.
        bool is_copy;
    };
    void detect();
    bool was_added(const std::string& digest) const;

    PhotoStages stages_;
    std::size_t detected_at_once_;
    SeenPhotos seen_;
    std::vector<Photo> photos_;
    std::vector<PhotoInWork> works_;  ///< One per photo.
    std::vector<PhotoToDetect> waiting_;
    std::vector<std::size_t> places_;  ///< Of those that wait, in `works_`.
};

}  // namespace speciesnet
