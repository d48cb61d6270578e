// SPDX-License-Identifier: Apache-2.0
// A crop has the number of its detection, so its name does not depend on thresholds.
#include "crops.hpp"

#include "drawing/annotated_picture.hpp"
#include "drawing/jpeg_writer.hpp"
#include "files/portable_name.hpp"
#include "people.hpp"
#include "results/photo_answers.hpp"

#include <cstddef>

namespace speciesnet::cli {

std::vector<Crop> crops_of(const Canvas& canvas, const Prediction& prediction,
                           const VisualizeArguments& arguments, const std::string& comment) {
    std::vector<Crop> crops;
    std::size_t number = 0;
    for (const auto& entry : prediction.found()) {
        if (entry.detection.category == Category::whole_image) {
            continue;
        }
        ++number;
        if (entry.detection.conf < arguments.results.threshold ||
            (arguments.blur_people && shows_person(entry))) {
            continue;
        }
        const auto species = display_name(shown_label(entry), arguments.results.names);
        const auto crop = cropped(canvas, pixels_of(entry.detection.bbox, canvas));
        crops.push_back(
            {.name = '_' + std::to_string(number) + '_' + portable_name(species) + ".jpg",
             .jpeg = encode_jpeg(crop, arguments.quality, comment)});
    }
    return crops;
}

}  // namespace speciesnet::cli
