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

/// MegaDetector, or another detector with the same input and output. Immutable and thread-safe.
class Detector {
public:
    /// @throws ModelError model_contract if the output is not [B,N,5+classes]; model_invalid if the
    /// file states an impossible image_size; what Network throws
    Detector(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
             const NetworkOptions& options = {});

    /// @copydoc Ensemble::detect
    std::vector<Detection> detect(const Image& image) const;

    /// Gives the same result for each image as detecting it alone. Images of the same letterboxed
    /// size go through the network as one batch, which uses a GPU better.
    std::vector<std::vector<Detection>> detect(std::span<const Image* const> images) const;

    /// Returns the precision in which the network computes.
    Precision precision() const noexcept { return network_.precision(); }

private:
    Detector(const PackageFile& file, const DetectorInfo& info,
             std::shared_ptr<NetworkThreads> threads, const NetworkOptions& options);

    int image_size_;  ///< Long side of the letterboxed images.
    Network network_;
    int stride_;  ///< Both sides of images are multiples of it.
    LetterboxScale scale_;
};

}  // namespace speciesnet
