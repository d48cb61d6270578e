// One picture per run, as in the reference: pictures differ in shape, and batching them would
// change the padding.
#include "detector/detector.hpp"

#include "speciesnet/error.hpp"

#include "detector/box_scaling.hpp"
#include "detector/non_maximum_suppression.hpp"
#include "preprocess/letterbox.hpp"
#include "preprocess/unit_range.hpp"

#include <array>
#include <string>

namespace speciesnet {
namespace {

/// [1,3,H,W], 0 to 1.
FloatArray to_network_input(const Letterboxed& picture) {
    FloatArray input{.shape = {1, 3, picture.height, picture.width},
                     .values = std::vector<float>(picture.rgb.size())};
    to_unit_planes(picture.rgb, input.values.data());
    return input;
}

/// Number of classes.
std::size_t check_output(const std::vector<std::int64_t>& shape) {
    if (shape.size() != 3 || shape[0] != 1 || shape[2] < 6) {
        std::string text;
        for (const auto size : shape) {
            text += (text.empty() ? "" : ",") + std::to_string(size);
        }
        throw ModelError(ErrorCode::model_contract,
                         "the detector gives [" + text + "] for one picture, not [1,N,5+classes]");
    }
    return static_cast<std::size_t>(shape[2]) - 5;
}

}  // namespace

Detector::Detector(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
                   const NetworkOptions& options)
    : network_(file, std::move(threads), options) {
    // The smallest picture that is not square: finds swapped sides and baked-in sizes at load.
    try {
        check_output(network_.output_shape({1, 3, letterbox_stride, 2L * letterbox_stride}));
    } catch (const Error& error) {
        throw ModelError(ErrorCode::model_contract,
                         "'" + file.origin() + "' is no detector of this engine: " + error.what() +
                             " (input was [1,3,64,128])");
    }
}

std::vector<Detection> Detector::detect(const Image& image) const {
    const auto picture = letterbox(image);
    const auto output = network_.forward(to_network_input(picture));
    const auto boxes = non_maximum_suppression(output.values, check_output(output.shape));
    return scale_to_photo(boxes, {picture.width, picture.height}, {image.width(), image.height()});
}

}  // namespace speciesnet
