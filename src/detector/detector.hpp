// SPDX-License-Identifier: Apache-2.0
// Detects objects in a photo: letterbox, network, NMS, scaling of boxes.
#pragma once

#include "speciesnet/image.hpp"
#include "speciesnet/prediction.hpp"

#include "detector/box_scaling.hpp"
#include "import/megadetector_info.hpp"
#include "network/network.hpp"

#include <memory>
#include <span>
#include <vector>

namespace speciesnet {

/// MegaDetector or any detector of the same contract. Immutable and thread-safe.
class Detector {
public:
    /// @throws ModelError model_contract if the network does not give [B,N,5+classes];
    /// model_invalid if the file gives an image_size that cannot be; what Network throws
    Detector(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
             const NetworkOptions& options = {});

    /// @copydoc Ensemble::detect
    std::vector<Detection> detect(const Image& image) const;

    /// Each as if it were alone. Those that have the same size after letterbox() go through the
    /// network together: a GPU has work for several at once.
    std::vector<std::vector<Detection>> detect(std::span<const Image* const> images) const;

    /// With what numbers the network computes.
    Precision precision() const noexcept { return network_.precision(); }

private:
    Detector(const PackageFile& file, const DetectorInfo& info,
             std::shared_ptr<NetworkThreads> threads, const NetworkOptions& options);

    int image_size_;  ///< Long side of the letterboxed images.
    Network network_;
    int stride_;  ///< Of which the sides of images are multiples.
    LetterboxScale scale_;
};

}  // namespace speciesnet
