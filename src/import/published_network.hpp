// SPDX-License-Identifier: Apache-2.0
// Reads a published network: the pickle of a PyTorch module.
#pragma once

#include "speciesnet/model.hpp"

#include "graph/graph.hpp"

namespace speciesnet {

/// Reads a checkpoint of a YOLO detector, or a GraphModule of onnx2torch. Nothing in the file is
/// executed.
/// @return a graph whose weights are views into the file, which they keep alive
/// @throws ModelError (model_invalid) naming the file and the part that is broken or not supported
graph::Graph read_published_network(const PackageFile& file);

/// Returns whether the bytes are a TorchScript archive.
/// @throws ModelError (model_invalid) naming the file if it is a broken zip file
bool is_torchscript(const PackageFile& file);

}  // namespace speciesnet
