// The photos whose crops the classifier sees together.
#pragma once

#include "pipeline/photo_in_work.hpp"
#include "pipeline/read_ahead.hpp"
#include "pipeline/seen_photos.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet {

/// The stages that a batch goes through.
struct PhotoStages {
    std::function<PhotoInWork(const Instance&, const DecodedInstance&)> detect;
    std::function<void(std::span<PhotoInWork>)> classify;
    std::function<void(PhotoInWork)> decide;
};

/// Collects photos and sends them through the stages. A copy of an earlier photo, in this batch or
/// one before, takes over what the networks said of that; what depends on its name and place is
/// decided for each.
class PhotoBatch {
public:
    explicit PhotoBatch(PhotoStages stages);

    std::size_t size() const noexcept { return photos_.size(); }

    /// @param instance must outlive the batch
    void add(const Instance& instance, const DecodedInstance& photo);

    /// Classifies and decides what was added since, in that order.
    void deliver();

private:
    struct Photo {
        std::string digest;  ///< Empty if it is nobody's copy.
        bool is_copy;
    };
    bool was_added(const std::string& digest) const;

    PhotoStages stages_;
    SeenPhotos seen_;
    std::vector<Photo> photos_;
    std::vector<PhotoInWork> works_;  ///< One per photo.
};

}  // namespace speciesnet
