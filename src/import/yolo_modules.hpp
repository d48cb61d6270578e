// SPDX-License-Identifier: Apache-2.0
// Converts the modules of several families of YOLO networks to nodes of a graph.
#pragma once

#include "graph/graph.hpp"
#include "import/torch_layers.hpp"
#include "import/torch_module.hpp"

#include <string_view>
#include <vector>

namespace speciesnet {

/// Returns the class name of a module of yolov5, yolov9 or ultralytics: "Conv" for
/// models.common.Conv, yolov5.models.common.Conv and ultralytics.nn.modules.conv.Conv; empty for
/// others.
std::string_view yolo_class(const TorchModule& module);

class YoloModules {
public:
    /// Both must outlive this object.
    YoloModules(TorchLayers& layers, graph::Graph& graph) : layers_(layers), graph_(graph) {}

    /// Adds a module with all its parts.
    /// @throws ModelError (model_invalid) naming the module that is not supported
    graph::Value add(const TorchModule& module, graph::Value input);
    graph::Value concatenated(std::vector<graph::Value> values);

private:
    using Add = graph::Value (YoloModules::*)(const TorchModule&, graph::Value);
    static Add adder(std::string_view name);

    graph::Value sequence(const TorchModule& whole, graph::Value x);
    graph::Value part(const TorchModule& whole, std::string_view name, graph::Value input);
    /// Returns the output of the part with this name, with the input added if the module states so.
    graph::Value around(const TorchModule& whole, std::string_view name, graph::Value input);
    graph::Value sum(graph::Value first, graph::Value second);
    graph::Value channels(graph::Value input, std::int64_t first, std::optional<std::int64_t> end);

    graph::Value conv(const TorchModule& whole, graph::Value input);
    graph::Value rep_conv(const TorchModule& whole, graph::Value input);
    graph::Value bottleneck(const TorchModule& whole, graph::Value input);
    graph::Value c3(const TorchModule& whole, graph::Value input);
    graph::Value c2f(const TorchModule& whole, graph::Value input);
    graph::Value c2psa(const TorchModule& whole, graph::Value input);
    graph::Value psa_block(const TorchModule& whole, graph::Value input);
    graph::Value attention(const TorchModule& whole, graph::Value input);
    graph::Value elan(const TorchModule& whole, graph::Value input);
    graph::Value a_down(const TorchModule& whole, graph::Value input);
    graph::Value spp(const TorchModule& whole, graph::Value input);
    graph::Value sppf(const TorchModule& whole, graph::Value input);
    graph::Value spp_elan(const TorchModule& whole, graph::Value input);
    graph::Value focus(const TorchModule& whole, graph::Value input);

    TorchLayers& layers_;
    graph::Graph& graph_;
};

}  // namespace speciesnet
