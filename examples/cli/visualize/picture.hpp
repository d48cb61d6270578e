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

/// Whether the report contains a thumbnail of a photo.
enum class Thumbnail { wanted, left_out };

struct Picture {
    std::string copy_jpeg;       ///< Empty if no copy is requested, or the photo cannot be shown.
    std::string thumbnail_jpeg;  ///< Empty if none is requested, or the photo cannot be shown.
    std::vector<Crop> crops;     ///< Empty if none are requested, or the photo cannot be shown.
    PictureTime time;            ///< By the camera's clock.
    std::string problem;         ///< The reason why the photo cannot be shown; empty if it can.
};

/// Reads, decodes, blurs, draws and encodes. Thread-safe. Does not throw if the photo is
/// unreadable. Copies name the model in a comment, and the demonstration model also in the image.
Picture draw_picture(const std::filesystem::path& photo, const Prediction& prediction,
                     const VisualizeArguments& arguments, const ModelNames& model, const Font& font,
                     Thumbnail thumbnail);

}  // namespace speciesnet::cli
