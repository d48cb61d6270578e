// SPDX-License-Identifier: Apache-2.0
// Images of different shapes are never batched, because batching would change their padding and
// therefore the answers.
#include "detector/detector.hpp"

#include "speciesnet/error.hpp"

#include "detector/non_maximum_suppression.hpp"
#include "network/compiled_network.hpp"
#include "network/rgb_input.hpp"
#include "preprocess/letterbox.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

/// Larger images would require gigabytes in the first layers of a network.
constexpr std::int64_t most_image_size = 4096;

/// Stride of networks for smaller images, which have one level less. Source: megadetector,
/// pytorch_detector.py, PTDetector.letterbox_stride.
constexpr int smaller_stride = 32;

[[noreturn]] void refuse_image_size(const PackageFile& file, std::int64_t size, int stride) {
    throw ModelError(ErrorCode::model_invalid,
                     "'" + file.origin() + "' gives an image_size of " + std::to_string(size) +
                         "; it must be a multiple of " + std::to_string(stride) + ", at most " +
                         std::to_string(most_image_size));
}

DetectorInfo info_of(const PackageFile& file) {
    return is_compiled_network(file) ? compiled_detector_info(file) : read_detector_info(file);
}

/// Returns the long side of images that the file states, or the reference's.
int image_size_of(const PackageFile& file, const DetectorInfo& info) {
    if (!info.image_size) {
        return letterbox_size;
    }
    if (*info.image_size < smaller_stride || *info.image_size > most_image_size) {
        refuse_image_size(file, *info.image_size, smaller_stride);
    }
    return static_cast<int>(*info.image_size);
}

/// Returns the number of which both sides of an image must be multiples.
int stride_of(const Network& network, int image_size) {
    if (image_size == letterbox_size) {
        return letterbox_stride;
    }
    try {
        network.output_shape({1, 3, smaller_stride, 3L * smaller_stride});
        return smaller_stride;
    } catch (const Error&) {
        return letterbox_stride;
    }
}

/// Returns the number of classes.
std::size_t check_output(const std::vector<std::int64_t>& shape, std::size_t pictures) {
    if (shape.size() != 3 || shape[0] != static_cast<std::int64_t>(pictures) || shape[2] < 6) {
        std::string text;
        for (const auto size : shape) {
            text += (text.empty() ? "" : ",") + std::to_string(size);
        }
        throw ModelError(ErrorCode::model_contract, "the detector returns [" + text + "], not [" +
                                                        std::to_string(pictures) + ",N,5+classes]");
    }
    return static_cast<std::size_t>(shape[2]) - 5;
}

}  // namespace

Detector::Detector(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
                   const NetworkOptions& options)
    : Detector(file, info_of(file), std::move(threads), options) {}

Detector::Detector(const PackageFile& file, const DetectorInfo& info,
                   std::shared_ptr<NetworkThreads> threads, const NetworkOptions& options)
    : image_size_(image_size_of(file, info)),
      network_(file, std::move(threads), options),
      stride_(stride_of(network_, image_size_)),
      scale_(info.model_type == "ultralytics" ? LetterboxScale::of_each_side
                                              : LetterboxScale::before_rounding) {
    // Runs the smallest image that is not square, which finds swapped sides and fixed sizes at
    // load.
    try {
        check_output(network_.output_shape({1, 3, letterbox_stride, 2L * letterbox_stride}), 1);
    } catch (const Error& error) {
        throw ModelError(ErrorCode::model_contract,
                         "'" + file.origin() + "' is not a supported detector: " + error.what() +
                             " (input was [1,3,64,128])");
    }
    if (image_size_ % stride_ != 0) {
        refuse_image_size(file, image_size_, stride_);
    }
}

std::vector<std::vector<Detection>> Detector::detect(std::span<const Image* const> images) const {
    std::vector<Letterboxed> pictures;
    std::map<std::pair<int, int>, std::vector<std::size_t>> sizes;
    for (const auto* const image : images) {
        pictures.push_back(letterbox(*image, image_size_, stride_));
        const auto& picture = pictures.back();
        sizes[{picture.width, picture.height}].push_back(pictures.size() - 1);
    }
    std::vector<std::vector<Detection>> detections(images.size());
    for (const auto& [size, indices] : sizes) {
        std::vector<std::span<const std::uint8_t>> together;
        for (const auto index : indices) {
            together.emplace_back(pictures[index].rgb);
        }
        const auto output = network_.forward(
            rgb_input(std::move(together), size.first, size.second), /*channels_first=*/true);
        const auto classes = check_output(output.shape, indices.size());
        const std::span<const float> values(output.values);
        const std::size_t count = values.size() / indices.size();
        for (std::size_t i = 0; i < indices.size(); ++i) {
            const auto& image = *images[indices[i]];
            detections[indices[i]] =
                scale_to_photo(non_maximum_suppression(values.subspan(i * count, count), classes),
                               {size.first, size.second}, {image.width(), image.height()}, scale_);
        }
    }
    return detections;
}

std::vector<Detection> Detector::detect(const Image& image) const {
    const Image* const only = &image;
    return std::move(detect({&only, 1}).front());
}

}  // namespace speciesnet
