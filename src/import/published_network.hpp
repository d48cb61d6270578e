// SPDX-License-Identifier: Apache-2.0
// Reads a published network: the pickle of a PyTorch module.
#pragma once

#include "speciesnet/model.hpp"

#include "graph/graph.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace speciesnet {

struct PublishedNetwork {
    graph::Graph graph;
    /// Pixels of the long side of the pictures that a detector is for, if the file says so.
    std::optional<std::int64_t> image_size;
};

/// Reads a checkpoint of YOLOv5, or a GraphModule of onnx2torch. Nothing of the file is executed.
/// @return a graph whose weights are views into the file, which they keep alive
/// @throws ModelError (model_invalid) naming the file and what in it is broken or not supported
PublishedNetwork read_published_network(const PackageFile& file);

/// Whether the bytes are a TorchScript archive instead.
/// @throws ModelError (model_invalid) naming the file if it is a broken zip file
bool is_torchscript(const PackageFile& file);

}  // namespace speciesnet
