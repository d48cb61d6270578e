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
std::size_t check_output(const FloatArray& output) {
    if (output.shape.size() != 3 || output.shape[0] != 1 || output.shape[2] < 6) {
        std::string shape;
        for (const auto size : output.shape) {
            shape += (shape.empty() ? "" : ",") + std::to_string(size);
        }
        throw ModelError(ErrorCode::model_contract,
                         "the detector gives [" + shape + "] for one picture, not [1,N,5+classes]");
    }
    return static_cast<std::size_t>(output.shape[2]) - 5;
}

}  // namespace

Detector::Detector(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
                   const NetworkOptions& options)
    : network_(file, std::move(threads), options) {
    // The smallest picture that is not square: finds swapped sides and baked-in sizes at load.
    const Letterboxed probe{
        .width = 2 * letterbox_stride,
        .height = letterbox_stride,
        .rgb = std::vector<std::uint8_t>(std::size_t{2} * letterbox_stride * letterbox_stride * 3)};
    try {
        check_output(network_.forward(to_network_input(probe)));
    } catch (const ModelError& error) {
        throw ModelError(ErrorCode::model_contract,
                         "'" + file.origin() + "' is no detector of this engine: " + error.what() +
                             " (input was [1,3,64,128])");
    }
}

std::vector<Detection> Detector::detect(const Image& image) const {
    const auto picture = letterbox(image);
    const auto output = network_.forward(to_network_input(picture));
    const auto boxes = non_maximum_suppression(output.values, check_output(output));
    return scale_to_photo(boxes, {picture.width, picture.height}, {image.width(), image.height()});
}

}  // namespace speciesnet
