// SPDX-License-Identifier: Apache-2.0
// Each function is the forward() of one class of yolov5's models/common.py and models/yolo.py,
// releases 4.0 to 7.0, with its operations in the same order: the results are the same bits.
#include "import/yolov5.hpp"

#include "graph/to_floats.hpp"
#include "import/checkpoint_weights.hpp"
#include "import/invalid_model.hpp"
#include "import/torch_layers.hpp"
#include "import/torch_module.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

/// The class within yolov5, which is on its own or part of a package, as in `models.common.Conv`
/// and `yolov5.models.common.Conv`; empty for others.
std::string_view yolov5_class(const TorchModule& module) {
    constexpr std::string_view package = "yolov5.";
    constexpr std::string_view models = "models.";
    std::string_view name = module.class_name();
    if (name.starts_with(package)) {
        name.remove_prefix(package.size());
    }
    return name.starts_with(models) ? name.substr(models.size()) : std::string_view();
}

class Yolov5 {
public:
    Yolov5(Checkpoint& checkpoint, std::uint64_t most_bytes)
        : checkpoint_(checkpoint), weights_(checkpoint, most_bytes), layers_(weights_, graph_) {}

    graph::Graph read() && {
        const auto root = checkpoint_.root();
        const auto model = root.is<pickle::Dict>() ? root.find("model") : std::nullopt;
        if (!model) {
            invalid_model("this is no YOLOv5 checkpoint: it has no \"model\"");
        }
        graph_.set_output(detector(TorchModule(*model, "model").child("model")));
        return std::move(graph_);
    }

private:
    // Every layer says where its input comes from: -1 is the layer before.
    graph::Value detector(const TorchModule& layers) {
        std::vector<graph::Value> outputs;
        for (std::size_t i = 0; i < layers.child_count(); ++i) {
            const TorchModule layer = layers.child(i);
            const auto inputs = inputs_of(layer, outputs);
            const std::string_view kind = yolov5_class(layer);
            if (kind == "yolo.Detect") {
                if (i + 1 != layers.child_count()) {
                    layer.fail("is not the last layer");
                }
                return detect(layer, inputs);
            }
            if (kind == "common.Concat") {
                outputs.push_back(graph_.add(graph::Concatenation{layer.integer("d")}, inputs));
            } else if (inputs.size() == 1) {
                outputs.push_back(module(layer, inputs.front()));
            } else {
                layer.fail("has several inputs, which is not supported");
            }
        }
        layers.fail("ends without yolo.Detect");
    }

    static std::vector<graph::Value> inputs_of(const TorchModule& layer,
                                               const std::vector<graph::Value>& outputs) {
        const auto from = layer.attribute("f").is<std::int64_t>()
                              ? std::vector<std::int64_t>{layer.integer("f")}
                              : layer.integers("f");
        std::vector<graph::Value> inputs;
        const auto count = static_cast<std::int64_t>(outputs.size());
        for (const auto index : from) {
            if (index == -1 && count == 0) {
                inputs.push_back(graph::Graph::input);
            } else if (index >= -count && index < count) {
                inputs.push_back(
                    outputs[static_cast<std::size_t>(index < 0 ? index + count : index)]);
            } else {
                layer.fail("takes its input from a layer that is not before it");
            }
        }
        return inputs;
    }

    graph::Value module(const TorchModule& module, graph::Value input) {
        layers_.count(module);
        const std::string_view kind = yolov5_class(module);
        if (kind == "common.Conv" || kind == "common.DWConv") {
            return conv(module, input);
        }
        if (kind == "common.Bottleneck") {
            return bottleneck(module, input);
        }
        if (kind == "common.C3") {
            return c3(module, input);
        }
        if (kind == "common.SPP") {
            return spp(module, input);
        }
        if (kind == "common.SPPF") {
            return sppf(module, input);
        }
        if (kind == "common.Focus") {
            return focus(module, input);
        }
        if (module.class_name() == "torch.nn.modules.container.Sequential") {
            return sequence(module, input);
        }
        if (const auto output = layers_.add(module, input)) {
            return *output;
        }
        module.fail("is not supported");
    }

    graph::Value sequence(const TorchModule& whole, graph::Value x) {
        for (std::size_t i = 0; i < whole.child_count(); ++i) {
            x = module(whole.child(i), x);
        }
        return x;
    }

    graph::Value part(const TorchModule& whole, std::string_view name, graph::Value input) {
        return module(whole.child(name), input);
    }

    // Fused files have no BatchNorm of their own any more.
    graph::Value conv(const TorchModule& whole, graph::Value input) {
        graph::Value x = part(whole, "conv", input);
        if (whole.has_child("bn")) {
            x = part(whole, "bn", x);
        }
        return part(whole, "act", x);
    }

    graph::Value bottleneck(const TorchModule& whole, graph::Value input) {
        const auto x = part(whole, "cv2", part(whole, "cv1", input));
        return whole.boolean("add", false) ? graph_.add(graph::Arithmetic{}, {input, x}) : x;
    }

    graph::Value c3(const TorchModule& whole, graph::Value input) {
        const auto deep = part(whole, "m", part(whole, "cv1", input));
        const auto shallow = part(whole, "cv2", input);
        return part(whole, "cv3", concatenated({deep, shallow}));
    }

    graph::Value spp(const TorchModule& whole, graph::Value input) {
        std::vector<graph::Value> pooled{part(whole, "cv1", input)};
        const TorchModule pools = whole.child("m");
        for (std::size_t i = 0; i < pools.child_count(); ++i) {
            pooled.push_back(module(pools.child(i), pooled.front()));
        }
        return part(whole, "cv2", concatenated(std::move(pooled)));
    }

    graph::Value sppf(const TorchModule& whole, graph::Value input) {
        const auto x = part(whole, "cv1", input);
        const auto once = part(whole, "m", x);
        const auto twice = part(whole, "m", once);
        return part(whole, "cv2", concatenated({x, once, twice, part(whole, "m", twice)}));
    }

    graph::Value focus(const TorchModule& whole, graph::Value input) {
        const auto every_second = [&](std::int64_t row, std::int64_t column) {
            const auto rows =
                graph_.add(graph::Slice{.axis = 2, .start = row, .end = {}, .step = 2}, {input});
            return graph_.add(graph::Slice{.axis = 3, .start = column, .end = {}, .step = 2},
                              {rows});
        };
        const auto top_left = every_second(0, 0);
        const auto bottom_left = every_second(1, 0);
        const auto top_right = every_second(0, 1);
        const auto bottom_right = every_second(1, 1);
        return part(whole, "conv", concatenated({top_left, bottom_left, top_right, bottom_right}));
    }

    graph::Value concatenated(std::vector<graph::Value> values) {
        return graph_.add(graph::Concatenation{}, std::move(values));
    }

    graph::Value detect(const TorchModule& whole, const std::vector<graph::Value>& inputs) {
        graph::YoloBoxes boxes;
        constexpr std::int64_t most_classes = 100'000;
        const std::int64_t classes = whole.integer("nc");
        if (classes < 1 || classes > most_classes) {
            whole.fail("has " + std::to_string(classes) + " classes");
        }
        boxes.box_channels = 5 + classes;
        boxes.grids = grids(whole);
        const TorchModule convolutions = whole.child("m");
        if (boxes.grids.size() != inputs.size() || convolutions.child_count() != inputs.size()) {
            whole.fail("has different numbers of levels and inputs");
        }
        std::vector<graph::Value> convolved;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            convolved.push_back(module(convolutions.child(i), inputs[i]));
        }
        return graph_.add(std::move(boxes), std::move(convolved));
    }

    // Anchors are stored in cells. The grids that a file may have are made anew by each forward().
    std::vector<graph::YoloBoxes::Grid> grids(const TorchModule& whole) {
        const auto anchor_tensor = whole.tensor("anchors");
        if (!anchor_tensor) {
            whole.fail("has no anchors");
        }
        const TensorView anchors = checkpoint_.tensor(*anchor_tensor);
        const TensorView strides = checkpoint_.tensor(whole.attribute("stride"));
        if (anchors.shape.size() != 3 || anchors.shape[1] < 1 || anchors.shape[2] != 2 ||
            strides.shape.size() != 1 || strides.shape[0] != anchors.shape[0]) {
            whole.fail("has anchors or strides of another shape");
        }
        const auto sizes = positive_floats(anchors, whole);
        const auto anchors_of_grid = static_cast<std::size_t>(anchors.shape[1]);
        std::vector<graph::YoloBoxes::Grid> grids;
        for (const float stride : positive_floats(strides, whole)) {
            auto& grid = grids.emplace_back();
            grid.stride = stride;
            const std::size_t first = (grids.size() - 1) * anchors_of_grid * 2;
            for (std::size_t i = first; i < first + anchors_of_grid * 2; i += 2) {
                grid.anchors.push_back({sizes[i] * stride, sizes[i + 1] * stride});
            }
        }
        return grids;
    }

    static std::vector<float> positive_floats(const TensorView& tensor, const TorchModule& whole) {
        if (!is_floating(tensor.type)) {
            whole.fail("has anchors or strides that are not floating-point");
        }
        auto values = graph::to_floats(tensor);
        if (!std::ranges::all_of(values,
                                 [](float value) { return std::isfinite(value) && value > 0; })) {
            whole.fail("has an anchor or stride that is not positive");
        }
        return values;
    }

    Checkpoint& checkpoint_;
    CheckpointWeights weights_;
    graph::Graph graph_;
    TorchLayers layers_;
};

}  // namespace

graph::Graph read_yolov5(Checkpoint& checkpoint, std::uint64_t most_bytes) {
    return Yolov5(checkpoint, most_bytes).read();
}

}  // namespace speciesnet
