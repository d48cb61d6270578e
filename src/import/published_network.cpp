// SPDX-License-Identifier: Apache-2.0
#include "import/published_network.hpp"

#include "import/checkpoint.hpp"
#include "import/invalid_model.hpp"
#include "import/onnx2torch.hpp"
#include "import/yolov5.hpp"
#include "import/zip_archive.hpp"

#include <algorithm>
#include <memory>

namespace speciesnet {

graph::Graph read_published_network(const PackageFile& file) {
    return naming_file(file, [&] {
        Checkpoint checkpoint(file.content(), std::make_shared<const PackageFile>(file));
        // float16 becomes float32; nothing grows more than that.
        const std::uint64_t most_bytes = 2 * std::uint64_t{file.content().size()};
        // Checkpoints of YOLOv5 are dictionaries.
        return checkpoint.root().is<pickle::Dict>() ? read_yolov5(checkpoint, most_bytes)
                                                    : read_onnx2torch(checkpoint, most_bytes);
    });
}

bool is_torchscript(const PackageFile& file) {
    if (!ZipArchive::has_signature(file.content())) {
        return false;
    }
    return naming_file(file, [&] {
        const ZipArchive archive(file.content());
        return std::ranges::any_of(archive.entries(), [](const auto& entry) {
            return entry.first.ends_with("/constants.pkl");
        });
    });
}

}  // namespace speciesnet
