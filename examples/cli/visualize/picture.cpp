// SPDX-License-Identifier: Apache-2.0
// Blurs people in the full image, before scaling or drawing.
#include "picture.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/jpeg_writer.hpp"
#include "drawing/utf8.hpp"
#include "people.hpp"
#include "prediction_annotations.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::cli {
namespace {

/// Longer side in pixels, and quality: about 20 KB as base64.
constexpr int thumbnail_size = 320;
constexpr int thumbnail_quality = 65;

std::string encode_thumbnail(Canvas canvas, const Annotations& annotations) {
    canvas = shrunk_to(std::move(canvas), thumbnail_size);
    draw_boxes(canvas, annotations.boxes);
    return encode_jpeg(canvas, thumbnail_quality, jpeg_mark);
}

/// The name of a model in a document may be any text of any length.
std::string comment_of(const ModelNames& model) {
    constexpr std::size_t longest_name = 1000;
    return jpeg_mark + "; answers of " + printable(model.text().substr(0, longest_name));
}

std::string encode_copy(Canvas canvas, const Annotations& annotations,
                        const VisualizeArguments& arguments, const ModelNames& model,
                        const Font& font) {
    if (arguments.max_size > 0) {
        canvas = shrunk_to(std::move(canvas), arguments.max_size);
    }
    if (const int factor = enlargement(canvas); factor > 1) {
        canvas = enlarged(canvas, factor);
    }
    draw_annotations(canvas, annotations, font);
    return encode_jpeg(canvas, arguments.quality, comment_of(model));
}

}  // namespace

Picture draw_picture(const std::filesystem::path& photo, const Prediction& prediction,
                     const VisualizeArguments& arguments, const ModelNames& model, const Font& font,
                     Thumbnail thumbnail) {
    Picture picture;
    try {
        const auto filepath = utf8_text(photo);
        picture.time = time_of_picture(filepath);
        if (arguments.output_folder.empty() && arguments.crops_folder.empty() &&
            thumbnail == Thumbnail::left_out) {
            return picture;
        }
        Canvas canvas(read_picture(filepath));
        if (arguments.blur_people) {
            blur_people(canvas, prediction);
        }
        if (!arguments.crops_folder.empty()) {
            picture.crops = crops_of(canvas, prediction, arguments, comment_of(model));
        }
        auto annotations =
            annotations_of(prediction, arguments.results.names, arguments.results.threshold);
        if (thumbnail == Thumbnail::wanted) {
            picture.thumbnail_jpeg = encode_thumbnail(canvas, annotations);
        }
        if (!arguments.output_folder.empty()) {
            if (model.demo()) {
                annotations.caption += (annotations.caption.empty() ? "" : " | ") + model.text();
            }
            picture.copy_jpeg = encode_copy(std::move(canvas), annotations, arguments, model, font);
        }
    } catch (const Error& error) {
        picture.problem = error.what();
    }
    return picture;
}

}  // namespace speciesnet::cli
