// SPDX-License-Identifier: Apache-2.0
#include "import/published_network.hpp"

#include "import/checkpoint.hpp"
#include "import/invalid_model.hpp"
#include "import/onnx2torch.hpp"
#include "import/yolo.hpp"

#include <memory>

namespace speciesnet {

graph::Graph read_published_network(const PackageFile& file) {
    return naming_file(file, [&] {
        Checkpoint checkpoint(file.content(), std::make_shared<const PackageFile>(file));
        // float16 becomes float32; no other type grows that much.
        const std::uint64_t most_bytes = 2 * std::uint64_t{file.content().size()};
        // Checkpoints of YOLO networks are dictionaries.
        return checkpoint.root().is<pickle::Dict>() ? read_yolo(checkpoint, most_bytes)
                                                    : read_onnx2torch(checkpoint, most_bytes);
    });
}

}  // namespace speciesnet
