// SPDX-License-Identifier: Apache-2.0
// Converts the layers of a network, which name their inputs, and the two kinds of head.
#include "import/yolo.hpp"

#include "graph/to_floats.hpp"
#include "import/checkpoint_weights.hpp"
#include "import/invalid_model.hpp"
#include "import/torch_layers.hpp"
#include "import/torch_module.hpp"
#include "import/yolo_modules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace speciesnet {
namespace {

bool is_head(const TorchModule& layer) {
    constexpr std::array heads{"Detect", "DDetect", "DualDetect", "DualDDetect"};
    return std::ranges::find(heads, yolo_class(layer)) != heads.end();
}

class Yolo {
public:
    Yolo(Checkpoint& checkpoint, std::uint64_t most_bytes)
        : checkpoint_(checkpoint),
          weights_(checkpoint, most_bytes),
          layers_(weights_, graph_),
          modules_(layers_, graph_) {}

    graph::Graph read() && {
        const auto root = checkpoint_.root();
        const auto model = root.is<pickle::Dict>() ? root.find("model") : std::nullopt;
        if (!model) {
            invalid_model("this is not a checkpoint of a YOLO network: it has no \"model\"");
        }
        graph_.set_output(detector(TorchModule(*model, "model").child("model")));
        return std::move(graph_);
    }

private:
    // Each layer states where its input comes from: -1 is the preceding layer.
    graph::Value detector(const TorchModule& layers) {
        std::vector<graph::Value> outputs;
        for (std::size_t i = 0; i < layers.child_count(); ++i) {
            const TorchModule layer = layers.child(i);
            const auto inputs = inputs_of(layer, outputs);
            if (is_head(layer)) {
                if (i + 1 != layers.child_count()) {
                    layer.fail("is not the last layer");
                }
                return layer.has_child("dfl") ? detect_by_distances(layer, inputs)
                                              : detect(layer, inputs);
            }
            if (yolo_class(layer) == "Concat") {
                outputs.push_back(graph_.add(graph::Concatenation{layer.integer("d")}, inputs));
            } else if (yolo_class(layer) == "CBFuse") {
                outputs.push_back(fuse(layers, layer, inputs));
            } else if (inputs.size() == 1) {
                outputs.push_back(modules_.add(layer, inputs.front()));
            } else {
                layer.fail("has several inputs, which is not supported");
            }
        }
        layers.fail("ends without a head that detects");
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
                layer.fail("takes its input from a layer that does not precede it");
            }
        }
        return inputs;
    }

    // Part of the auxiliary branch of a YOLOv9: parts of the preceding inputs are enlarged to the
    // size of the last one and added to it. They come from CBLinear, whose channels are those of
    // several outputs.
    graph::Value fuse(const TorchModule& layers, const TorchModule& whole,
                      const std::vector<graph::Value>& inputs) {
        const auto from = whole.integers("f");
        const auto parts = whole.integers("idx");
        if (parts.empty() || from.size() != inputs.size() || parts.size() + 1 != inputs.size()) {
            whole.fail("has different numbers of inputs and parts");
        }
        const auto count = static_cast<std::int64_t>(layers.child_count());
        std::optional<graph::Value> sum;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (from[i] < 0 || from[i] >= count) {
                whole.fail("takes parts of a layer that does not exist");
            }
            const TorchModule source = layers.child(static_cast<std::size_t>(from[i]));
            const auto part = enlarged(part_of(source, parts[i], inputs[i]), inputs.back());
            sum = sum ? graph_.add(graph::Arithmetic{}, {*sum, part}) : part;
        }
        return graph_.add(graph::Arithmetic{}, {*sum, inputs.back()});
    }

    graph::Value part_of(const TorchModule& source, std::int64_t index, graph::Value whole) {
        constexpr std::int64_t most_channels = std::int64_t{1} << 20U;
        const auto sizes = source.integers("c2s");
        std::int64_t first = 0;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            if (sizes[i] < 1 || sizes[i] > most_channels) {
                break;
            }
            if (index == static_cast<std::int64_t>(i)) {
                return graph_.add(graph::Slice{.axis = 1, .start = first, .end = first + sizes[i]},
                                  {whole});
            }
            first += sizes[i];
        }
        source.fail("has no part " + std::to_string(index));
    }

    graph::Value enlarged(graph::Value image, graph::Value like) {
        const double factor = stride_of(image) / stride_of(like);
        return factor == 1 ? image : graph_.add(graph::NearestUpsample{factor, factor}, {image});
    }

    /// Returns the number of pixels of the network's input for each pixel of a feature map.
    double stride_of(graph::Value value) {
        const auto& nodes = graph_.nodes();
        while (strides_.size() <= value) {
            const auto& node = nodes[strides_.size()];
            double stride = node.inputs.empty() ? 1 : strides_[node.inputs.front()];
            if (const auto* convolution = std::get_if<graph::Convolution>(&node.operation)) {
                stride *= static_cast<double>(convolution->stride.rows);
            } else if (const auto* pool = std::get_if<graph::MaximumPool>(&node.operation)) {
                stride *= static_cast<double>(pool->stride.rows);
            } else if (const auto* up = std::get_if<graph::NearestUpsample>(&node.operation)) {
                stride /= up->row_factor;
            }
            strides_.push_back(stride);
        }
        return strides_[value];
    }

    static std::int64_t class_count(const TorchModule& head) {
        constexpr std::int64_t most_classes = 100'000;
        const std::int64_t classes = head.integer("nc");
        if (classes < 1 || classes > most_classes) {
            head.fail("has " + std::to_string(classes) + " classes");
        }
        return classes;
    }

    graph::Value detect(const TorchModule& whole, const std::vector<graph::Value>& inputs) {
        graph::YoloBoxes boxes;
        boxes.box_channels = 5 + class_count(whole);
        boxes.grids = grids(whole);
        const TorchModule convolutions = whole.child("m");
        if (boxes.grids.size() != inputs.size() || convolutions.child_count() != inputs.size()) {
            whole.fail("has different numbers of levels and inputs");
        }
        std::vector<graph::Value> convolved;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            convolved.push_back(modules_.add(convolutions.child(i), inputs[i]));
        }
        return graph_.add(std::move(boxes), std::move(convolved));
    }

    // The head of anchor-free networks: at each level a branch for distances and one for classes.
    // If there are two heads, as in a YOLOv9 with its auxiliary branch, PyPI's megadetector uses
    // the first.
    graph::Value detect_by_distances(const TorchModule& whole,
                                     const std::vector<graph::Value>& inputs) {
        if (whole.has_child("one2one_cv2")) {
            whole.fail("has a head without non-maximum suppression, which is not supported");
        }
        const TensorView strides = checkpoint_.tensor(whole.attribute("stride"));
        const TorchModule distances = whole.child("cv2");
        const TorchModule classes = whole.child("cv3");
        const auto levels = distances.child_count();
        const auto heads = static_cast<std::size_t>(whole.has_child("cv4") ? 2 : 1);
        if (strides.shape.size() != 1 || classes.child_count() != levels || levels == 0 ||
            strides.shape[0] != static_cast<std::int64_t>(levels) ||
            inputs.size() != heads * levels) {
            whole.fail("has different numbers of levels, strides and inputs");
        }
        const graph::DistanceBoxes boxes{.strides = positive_floats(strides, whole),
                                         .bins = bins(whole),
                                         .classes = class_count(whole)};
        std::vector<graph::Value> branches;
        for (std::size_t i = 0; i < levels; ++i) {
            branches.push_back(modules_.add(distances.child(i), inputs[i]));
            branches.push_back(modules_.add(classes.child(i), inputs[i]));
        }
        return graph_.add(boxes, std::move(branches));
    }

    // The mean over the bins is stored as a convolution whose weights are the distances of the
    // bins.
    std::vector<float> bins(const TorchModule& head) {
        constexpr std::int64_t most_bins = 256;
        const auto weight = weights_.get(head.child("dfl").child("conv"), "weight").tensor;
        const std::int64_t count = head.integer("reg_max");
        if (count < 1 || count > most_bins ||
            weight.shape != std::vector<std::int64_t>{1, count, 1, 1}) {
            head.fail("has bins of distances of another shape");
        }
        auto distances = graph::to_floats(weight);
        if (!std::ranges::all_of(distances, [](float value) { return std::isfinite(value); })) {
            head.fail("has a bin of distances that is not finite");
        }
        return distances;
    }

    // Anchors are stored in cells. forward() recomputes the grids, so those in a file are ignored.
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
    YoloModules modules_;
    std::vector<double> strides_;  ///< Of the first nodes of the graph.
};

}  // namespace

graph::Graph read_yolo(Checkpoint& checkpoint, std::uint64_t most_bytes) {
    return Yolo(checkpoint, most_bytes).read();
}

}  // namespace speciesnet
