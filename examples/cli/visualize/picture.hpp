// SPDX-License-Identifier: Apache-2.0
// All outputs for one photo.
#pragma once

#include "speciesnet/prediction.hpp"

#include "crops.hpp"
#include "drawing/font.hpp"
#include "results/model_names.hpp"
#include "video/read_picture.hpp"
#include "visualize_arguments.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Whether the report shows a photo as an image.
enum class Thumbnail { wanted, left_out };

struct Picture {
    std::string copy_jpeg;       ///< Empty if no copy is wanted, or the photo cannot be shown.
    std::string thumbnail_jpeg;  ///< Likewise.
    std::vector<Crop> crops;     ///< Likewise.
    PictureTime time;            ///< By the camera's clock.
    std::string problem;         ///< Why the photo cannot be shown; empty if it can.
};

/// Reads, decodes, blurs, draws, encodes. Thread-safe; what is wrong with the photo is no
/// exception. Copies name the model in a comment; the demonstration's in the image, too.
Picture draw_picture(const std::filesystem::path& photo, const Prediction& prediction,
                     const VisualizeArguments& arguments, const ModelNames& model, const Font& font,
                     Thumbnail thumbnail);

}  // namespace speciesnet::cli
