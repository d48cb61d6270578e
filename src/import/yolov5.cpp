// Each function is the forward() of one class of yolov5's models/common.py and models/yolo.py,
// releases 4.0 to 7.0, with its operations in the same order: the results are the same bits.
#include "import/yolov5.hpp"

#include "import/invalid_model.hpp"
#include "import/network_text.hpp"
#include "import/torch_layers.hpp"
#include "import/torch_module.hpp"

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

std::string cat(const std::vector<Term>& terms, std::int64_t dimension) {
    std::string list;
    for (const auto& term : terms) {
        list += (list.empty() ? "" : ", ") + term;
    }
    return "torch.cat([" + list + "], " + std::to_string(dimension) + ")";
}

class Yolov5 {
public:
    Yolov5(Checkpoint& checkpoint, std::uint64_t most_bytes)
        : checkpoint_(checkpoint), network_(most_bytes), layers_(checkpoint, network_) {}

    NetworkDefinition read() && {
        const auto root = checkpoint_.root();
        const auto model = root.is<pickle::Dict>() ? root.find("model") : std::nullopt;
        if (!model) {
            invalid_model("this is no YOLOv5 checkpoint: it has no \"model\"");
        }
        const Term result = detector(TorchModule(*model, "model").child("model"));
        return std::move(network_).finish(result);
    }

private:
    // Every layer says where its input comes from: -1 is the layer before.
    Term detector(const TorchModule& layers) {
        std::vector<Term> outputs;
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
                outputs.push_back(network_.assign(cat(inputs, layer.integer("d"))));
            } else if (inputs.size() == 1) {
                outputs.push_back(module(layer, inputs.front()));
            } else {
                layer.fail("has several inputs, which is not supported");
            }
        }
        layers.fail("ends without yolo.Detect");
    }

    static std::vector<Term> inputs_of(const TorchModule& layer, const std::vector<Term>& outputs) {
        const auto from = layer.attribute("f").is<std::int64_t>()
                              ? std::vector<std::int64_t>{layer.integer("f")}
                              : layer.integers("f");
        std::vector<Term> inputs;
        const auto count = static_cast<std::int64_t>(outputs.size());
        for (const auto index : from) {
            if (index == -1 && count == 0) {
                inputs.push_back(NetworkText::input());
            } else if (index >= -count && index < count) {
                inputs.push_back(
                    outputs[static_cast<std::size_t>(index < 0 ? index + count : index)]);
            } else {
                layer.fail("takes its input from a layer that is not before it");
            }
        }
        return inputs;
    }

    Term module(const TorchModule& module, const Term& input) {
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
        if (const auto output = layers_.write(module, input)) {
            return *output;
        }
        module.fail("is not supported");
    }

    Term sequence(const TorchModule& whole, Term x) {
        for (std::size_t i = 0; i < whole.child_count(); ++i) {
            x = module(whole.child(i), x);
        }
        return x;
    }

    Term part(const TorchModule& whole, std::string_view name, const Term& input) {
        return module(whole.child(name), input);
    }

    // Fused files have no BatchNorm of their own any more.
    Term conv(const TorchModule& whole, const Term& input) {
        Term x = part(whole, "conv", input);
        if (whole.has_child("bn")) {
            x = part(whole, "bn", x);
        }
        return part(whole, "act", x);
    }

    Term bottleneck(const TorchModule& whole, const Term& input) {
        const Term x = part(whole, "cv2", part(whole, "cv1", input));
        return whole.boolean("add", false) ? network_.assign("torch.add(" + input + ", " + x + ")")
                                           : x;
    }

    Term c3(const TorchModule& whole, const Term& input) {
        const Term deep = part(whole, "m", part(whole, "cv1", input));
        const Term shallow = part(whole, "cv2", input);
        return part(whole, "cv3", network_.assign(cat({deep, shallow}, 1)));
    }

    Term spp(const TorchModule& whole, const Term& input) {
        std::vector<Term> pooled{part(whole, "cv1", input)};
        const TorchModule pools = whole.child("m");
        for (std::size_t i = 0; i < pools.child_count(); ++i) {
            pooled.push_back(module(pools.child(i), pooled.front()));
        }
        return part(whole, "cv2", network_.assign(cat(pooled, 1)));
    }

    Term sppf(const TorchModule& whole, const Term& input) {
        const Term x = part(whole, "cv1", input);
        const Term once = part(whole, "m", x);
        const Term twice = part(whole, "m", once);
        return part(whole, "cv2",
                    network_.assign(cat({x, once, twice, part(whole, "m", twice)}, 1)));
    }

    Term focus(const TorchModule& whole, const Term& input) {
        const auto every_second = [&](const char* row, const char* column) {
            return network_.assign("torch.slice(torch.slice(" + input + ", 2, " + row +
                                   ", None, 2), 3, " + column + ", None, 2)");
        };
        const Term top_left = every_second("0", "0");
        const Term bottom_left = every_second("1", "0");
        const Term top_right = every_second("0", "1");
        const Term bottom_right = every_second("1", "1");
        return part(whole, "conv",
                    network_.assign(cat({top_left, bottom_left, top_right, bottom_right}, 1)));
    }

    Term detect(const TorchModule& whole, const std::vector<Term>& inputs) {
        const auto anchor_tensor = whole.tensor("anchors");
        if (!anchor_tensor) {
            whole.fail("has no anchors");
        }
        const TensorView anchors = checkpoint_.tensor(*anchor_tensor);
        const TorchModule convolutions = whole.child("m");
        const auto levels = static_cast<std::int64_t>(inputs.size());
        if (anchors.shape.size() != 3 || anchors.shape[0] != levels || anchors.shape[2] != 2 ||
            convolutions.child_count() != inputs.size()) {
            whole.fail("has another number of levels than inputs");
        }
        Head head;
        head.anchors = network_.weight(whole.path() + ".anchors", anchors);
        head.strides = network_.weight(whole.path() + ".stride",
                                       checkpoint_.tensor(whole.attribute("stride")));
        head.anchors_per_cell = std::to_string(anchors.shape[1]);
        constexpr std::int64_t most_classes = 100'000;
        const std::int64_t classes = whole.integer("nc");
        if (classes < 1 || classes > most_classes) {
            whole.fail("has " + std::to_string(classes) + " classes");
        }
        head.outputs = std::to_string(5 + classes);
        head.confidences = std::to_string(1 + classes);

        std::vector<Term> boxes;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            boxes.push_back(
                decode(head, std::to_string(i), module(convolutions.child(i), inputs[i])));
        }
        return network_.assign(cat(boxes, 1));
    }

    struct Head {
        Term anchors;
        Term strides;
        std::string anchors_per_cell;
        std::string outputs;
        std::string confidences;
    };

    // Detect.forward() and Detect._make_grid(); releases before 6.0 keep the product of anchors and
    // strides in a buffer instead.
    Term decode(const Head& head, const std::string& level, const Term& convolved) {
        const Term batch = network_.assign(convolved + ".size(0)");
        const Term rows = network_.assign(convolved + ".size(2)");
        const Term columns = network_.assign(convolved + ".size(3)");
        const Term cells = network_.assign(
            convolved + ".view([" + batch + ", " + head.anchors_per_cell + ", " + head.outputs +
            ", " + rows + ", " + columns + "]).permute([0, 1, 3, 4, 2]).contiguous().sigmoid()");
        const auto positions = [&](const Term& count, const std::string& shape) {
            constexpr const char* float32 = "6";
            return network_.assign("torch.arange(" + count + ", dtype=" + float32 +
                                   ", device=" + convolved + ".device).view(" + shape +
                                   ").expand([" + rows + ", " + columns + "])");
        };
        const Term x = positions(columns, "[1, -1]");
        const Term y = positions(rows, "[-1, 1]");
        const Term grid = network_.assign("torch.sub(torch.stack([" + x + ", " + y + "], 2), 0.5)");
        const Term stride = network_.assign("torch.select(" + head.strides + ", 0, " + level + ")");
        const Term sizes = network_.assign("torch.mul(torch.select(" + head.anchors + ", 0, " +
                                           level + "), " + stride + ").view([1, -1, 1, 1, 2])");
        const Term xy = network_.assign("torch.mul(torch.add(torch.mul(" + cells +
                                        ".narrow(4, 0, 2), 2), " + grid + "), " + stride + ")");
        const Term wh = network_.assign("torch.mul(torch.pow(torch.mul(" + cells +
                                        ".narrow(4, 2, 2), 2), 2), " + sizes + ")");
        const Term confidences = network_.assign(cells + ".narrow(4, 4, " + head.confidences + ")");
        return network_.assign(cat({xy, wh, confidences}, 4) + ".view([" + batch + ", -1, " +
                               head.outputs + "])");
    }

    Checkpoint& checkpoint_;
    NetworkText network_;
    TorchLayers layers_;
};

}  // namespace

NetworkDefinition read_yolov5(Checkpoint& checkpoint, std::uint64_t most_bytes) {
    return Yolov5(checkpoint, most_bytes).read();
}

}  // namespace speciesnet
