// SPDX-License-Identifier: Apache-2.0
// Each node becomes the call that PyTorch's own module makes, so that results are bit-identical.
// Names from files are reduced to letters, digits and underscores before they become part of the
// text.
#include "graph/torchscript_text.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace speciesnet::graph {
namespace {

std::string boolean(bool value) {
    return value ? "True" : "False";
}

std::string number(double value) {
    if (!std::isfinite(value)) {
        throw InvalidArgument("a value of the network is not finite");
    }
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    std::string text(std::begin(digits), end);
    std::erase(text, '+');  // The optional sign of an exponent: nothing else in the text needs one.
    // TorchScript distinguishes integers from floating-point values.
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string list(std::span<const std::string> items) {
    std::string text;
    for (const auto& item : items) {
        text += (text.empty() ? "" : ", ") + item;
    }
    return "[" + text + "]";
}

std::string integers(std::span<const std::int64_t> values) {
    std::vector<std::string> items;
    std::ranges::transform(values, std::back_inserter(items),
                           [](std::int64_t value) { return std::to_string(value); });
    return list(items);
}

std::string integers(const Pair& pair) {
    const std::int64_t values[] = {pair.rows, pair.columns};
    return integers(values);
}

std::string call(const char* function, std::initializer_list<std::string> arguments) {
    std::string text;
    for (const auto& argument : arguments) {
        text += (text.empty() ? "" : ", ") + argument;
    }
    return "torch." + std::string(function) + "(" + text + ")";
}

std::string reshape(const std::string& tensor, const std::vector<std::string>& sizes) {
    return tensor + ".reshape(" + list(sizes) + ")";
}

const char* function_of(Arithmetic::Kind kind) {
    switch (kind) {
        case Arithmetic::Kind::add:
            return "add";
        case Arithmetic::Kind::subtract:
            return "sub";
        case Arithmetic::Kind::multiply:
            return "mul";
        case Arithmetic::Kind::divide:
            return "div";
    }
    throw Error(ErrorCode::internal, "unknown arithmetic");
}

const char* function_of(Activation::Kind kind) {
    switch (kind) {
        case Activation::Kind::relu:
            return "relu";
        case Activation::Kind::sigmoid:
            return "sigmoid";
        case Activation::Kind::silu:
            return "silu";
        case Activation::Kind::hardswish:
            return "hardswish";
        case Activation::Kind::leaky_relu:
            return "leaky_relu";
    }
    throw Error(ErrorCode::internal, "unknown activation");
}

std::string identifier(std::string_view path) {
    constexpr std::size_t longest = 200;
    // The prefix prevents clashes with keywords and with names that LibTorch uses.
    std::string name = "w_";
    for (const char c : path.substr(0, longest)) {
        const bool allowed =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += allowed ? c : '_';
    }
    return name;
}

/// Returns a float32 tensor that owns its values.
TensorView tensor_of(std::vector<std::int64_t> shape, std::vector<float> values) {
    TensorView tensor{ElementType::float32, std::move(shape), {}, {}, {}};
    tensor.strides.resize(tensor.shape.size(), 1);
    for (std::size_t axis = tensor.shape.size(); axis-- > 1;) {
        tensor.strides[axis - 1] = tensor.strides[axis] * tensor.shape[axis];
    }
    const auto owner = std::make_shared<const std::vector<float>>(std::move(values));
    tensor.bytes = {reinterpret_cast<const char*>(owner->data()), owner->size() * sizeof(float)};
    tensor.owner = owner;
    return tensor;
}

class Printer {
public:
    TorchScriptText print(const Graph& graph) && {
        for (const auto& node : graph.nodes()) {
            std::vector<std::string> inputs;
            for (const auto value : node.inputs) {
                inputs.push_back(terms_[value]);
            }
            terms_.push_back(std::visit(
                [&](const auto& operation) { return term(operation, inputs); }, node.operation));
        }
        text_.forward = "def forward(self, x):\n" + text_.forward + "    return " +
                        terms_[graph.output()] + "\n";
        return std::move(text_);
    }

private:
    using Inputs = std::span<const std::string>;

    /// Adds `variable = expression`.
    /// @return the new variable
    std::string assign(const std::string& expression) {
        std::string variable = "x" + std::to_string(++variables_);
        text_.forward += "    " + variable + " = " + expression + "\n";
        return variable;
    }

    std::string weight(const Weight& weight) {
        std::string name = identifier(weight.name);
        while (!names_.insert(name).second) {
            name += "_" + std::to_string(names_.size());
        }
        text_.weights.push_back({name, weight.tensor});
        return "self." + name;
    }

    std::string weight(const std::optional<Weight>& optional) {
        return optional ? weight(*optional) : "None";
    }

    static std::string term(const Input& /*input*/, Inputs /*inputs*/) { return "x"; }

    std::string term(const Constant& constant, Inputs /*inputs*/) { return weight(constant.value); }

    std::string term(const Convolution& convolution, Inputs inputs) {
        const auto weights = weight(convolution.weights);
        return assign(
            call("conv2d", {inputs[0], weights, weight(convolution.bias),
                            integers(convolution.stride), integers(convolution.padding),
                            integers(convolution.dilation), std::to_string(convolution.groups)}));
    }

    std::string term(const BatchNorm& norm, Inputs inputs) {
        const auto scale = weight(norm.scale);
        const auto shift = weight(norm.shift);
        const auto mean = weight(norm.mean);
        // The momentum matters only in training; cuDNN does not run on CPUs.
        return assign(call("batch_norm", {inputs[0], scale, shift, mean, weight(norm.variance),
                                          "False", "0.0", number(norm.epsilon), "False"}));
    }

    std::string term(const Linear& linear, Inputs inputs) {
        const auto weights = weight(linear.weights);
        return assign(call("linear", {inputs[0], weights, weight(linear.bias)}));
    }

    std::string term(const MatrixProduct& /*product*/, Inputs inputs) {
        return assign(call("matmul", {inputs[0], inputs[1]}));
    }

    std::string term(const Arithmetic& arithmetic, Inputs inputs) {
        return assign(call(function_of(arithmetic.kind), {inputs[0], inputs[1]}));
    }

    std::string term(const Activation& activation, Inputs inputs) {
        if (activation.kind == Activation::Kind::leaky_relu) {
            return assign(call("leaky_relu", {inputs[0], number(activation.negative_slope)}));
        }
        return assign(call(function_of(activation.kind), {inputs[0]}));
    }

    std::string term(const Concatenation& concatenation, Inputs inputs) {
        return assign(call("cat", {list(inputs), std::to_string(concatenation.axis)}));
    }

    std::string term(const MaximumPool& pool, Inputs inputs) {
        return assign(call("max_pool2d", {inputs[0], integers(pool.kernel), integers(pool.stride),
                                          integers(pool.padding), integers(pool.dilation),
                                          boolean(pool.rounds_up)}));
    }

    std::string term(const AveragePool& pool, Inputs inputs) {
        return assign(call("avg_pool2d", {inputs[0], integers(pool.kernel), integers(pool.stride),
                                          integers(pool.padding)}));
    }

    std::string term(const NearestUpsample& upsample, Inputs inputs) {
        const std::string factors[] = {number(upsample.row_factor), number(upsample.column_factor)};
        return assign(call("upsample_nearest2d", {inputs[0], "None", list(factors)}));
    }

    std::string term(const Pad& pad, Inputs inputs) {
        const std::int64_t sizes[] = {pad.left, pad.right, pad.top, pad.bottom};
        return assign(call("constant_pad_nd", {inputs[0], integers(sizes), number(pad.value)}));
    }

    std::string term(const Mean& mean, Inputs inputs) {
        return assign(call("mean", {inputs[0], integers(mean.axes), boolean(mean.keeps_axes)}));
    }

    std::string term(const Permute& permute, Inputs inputs) {
        return assign(call("permute", {inputs[0], integers(permute.axes)}));
    }

    std::string term(const Reshape& reshape, Inputs inputs) {
        std::vector<std::string> sizes;
        for (const auto size : reshape.sizes) {
            sizes.push_back(size == 0 ? inputs[0] + ".size(" + std::to_string(sizes.size()) + ")"
                                      : std::to_string(size));
        }
        return assign(call("reshape", {inputs[0], list(sizes)}));
    }

    std::string term(const Squeeze& squeeze, Inputs inputs) {
        return assign(call("squeeze", {inputs[0], std::to_string(squeeze.axis)}));
    }

    std::string term(const Unsqueeze& unsqueeze, Inputs inputs) {
        return assign(call("unsqueeze", {inputs[0], std::to_string(unsqueeze.axis)}));
    }

    std::string term(const Slice& slice, Inputs inputs) {
        return assign(
            call("slice",
                 {inputs[0], std::to_string(slice.axis), std::to_string(slice.start),
                  slice.end ? std::to_string(*slice.end) : "None", std::to_string(slice.step)}));
    }

    std::string term(const YoloBoxes& boxes, Inputs inputs) {
        std::vector<std::string> decoded;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            decoded.push_back(decode(boxes, i, inputs[i]));
        }
        return assign(call("cat", {list(decoded), "1"}));
    }

    std::string term(const Attention& attention, Inputs inputs) {
        const std::string& x = inputs[0];
        const auto keys = std::to_string(attention.key_channels);
        const auto values = std::to_string(attention.value_channels);
        const auto heads = std::to_string(attention.heads);
        const auto all = std::to_string(2 * attention.key_channels + attention.value_channels);
        const auto parts = assign(reshape(x, {x + ".size(0)", heads, all, "-1"}));
        const auto part = [&](const std::string& first, const std::string& count) {
            return assign(parts + ".narrow(2, " + first + ", " + count + ")");
        };
        const auto queries = assign("torch.mul(" + part("0", keys) + ", " +
                                    number(attention.scale) + ").transpose(2, 3)");
        const auto weights =
            assign("torch.softmax(torch.matmul(" + queries + ", " + part(keys, keys) + "), -1)");
        const auto mixed =
            assign("torch.matmul(" + part(std::to_string(2 * attention.key_channels), values) +
                   ", " + weights + ".transpose(2, 3))");
        const auto channels = std::to_string(attention.heads * attention.value_channels);
        return assign(reshape(mixed, {x + ".size(0)", channels, x + ".size(2)", x + ".size(3)"}));
    }

    std::string term(const DistanceBoxes& boxes, Inputs inputs) {
        const auto count = static_cast<std::int64_t>(boxes.bins.size());
        const auto bins = weight(Weight{"bins", tensor_of({count}, boxes.bins)});
        std::vector<std::string> decoded;
        for (std::size_t i = 0; i < boxes.strides.size(); ++i) {
            decoded.push_back(
                decode(boxes, boxes.strides[i], bins, inputs[2 * i], inputs[2 * i + 1]));
        }
        return assign(call("cat", {list(decoded), "1"}));
    }

    std::string decode(const DistanceBoxes& boxes, float stride, const std::string& bins,
                       const std::string& distances, const std::string& classes) {
        const auto batch = assign(distances + ".size(0)");
        const auto rows = assign(distances + ".size(2)");
        const auto columns = assign(distances + ".size(3)");
        const auto by_side =
            assign(reshape(distances, {batch, "4", std::to_string(boxes.bins.size()), "-1"}) +
                   ".permute([0, 3, 1, 2])");
        const auto sides = assign("torch.matmul(torch.softmax(" + by_side + ", -1), " + bins + ")");
        const auto positions = [&](const std::string& count, const char* shape) {
            constexpr const char* float32 = "6";
            return assign("torch.arange(" + count + ", dtype=" + float32 + ", device=" + distances +
                          ".device).view(" + shape + ").expand([" + rows + ", " + columns +
                          "]).reshape([-1])");
        };
        const auto x = positions(columns, "[1, -1]");
        const auto y = positions(rows, "[-1, 1]");
        const auto centres = assign("torch.add(torch.stack([" + x + ", " + y + "], 1), 0.5)");
        const auto first = assign("torch.sub(" + centres + ", " + sides + ".narrow(2, 0, 2))");
        const auto last = assign("torch.add(" + centres + ", " + sides + ".narrow(2, 2, 2))");
        const auto xy = assign("torch.div(torch.add(" + first + ", " + last + "), 2)");
        const auto box = assign("torch.mul(torch.cat([" + xy + ", torch.sub(" + last + ", " +
                                first + ")], 2), " + number(double{stride}) + ")");
        const auto objectness = assign("torch.ones_like(" + box + ".narrow(2, 0, 1))");
        const auto confidences =
            assign(reshape(classes, {batch, std::to_string(boxes.classes), "-1"}) +
                   ".permute([0, 2, 1]).sigmoid()");
        return assign("torch.cat([" + box + ", " + objectness + ", " + confidences + "], 2)");
    }

    // As Detect.forward() and Detect._make_grid() of yolov5 6.0 and later; earlier releases keep
    // the product of anchors and strides in a buffer.
    std::string decode(const YoloBoxes& boxes, std::size_t level, const std::string& convolved) {
        const auto& grid = boxes.grids[level];
        const std::string outputs = std::to_string(boxes.box_channels);
        const std::string stride = number(double{grid.stride});
        const auto batch = assign(convolved + ".size(0)");
        const auto rows = assign(convolved + ".size(2)");
        const auto columns = assign(convolved + ".size(3)");
        const auto cells =
            assign(convolved + ".view([" + batch + ", " + std::to_string(grid.anchors.size()) +
                   ", " + outputs + ", " + rows + ", " + columns +
                   "]).permute([0, 1, 3, 4, 2]).contiguous().sigmoid()");
        const auto positions = [&](const std::string& count, const char* shape) {
            constexpr const char* float32 = "6";
            return assign("torch.arange(" + count + ", dtype=" + float32 + ", device=" + convolved +
                          ".device).view(" + shape + ").expand([" + rows + ", " + columns + "])");
        };
        const auto x = positions(columns, "[1, -1]");
        const auto y = positions(rows, "[-1, 1]");
        const auto centres = assign("torch.sub(torch.stack([" + x + ", " + y + "], 2), 0.5)");
        const auto sizes = weight(anchors(grid, level));
        const auto xy = assign("torch.mul(torch.add(torch.mul(" + cells + ".narrow(4, 0, 2), 2), " +
                               centres + "), " + stride + ")");
        const auto wh = assign("torch.mul(torch.pow(torch.mul(" + cells +
                               ".narrow(4, 2, 2), 2), 2), " + sizes + ")");
        const auto confidences =
            assign(cells + ".narrow(4, 4, " + std::to_string(boxes.box_channels - 4) + ")");
        return assign("torch.cat([" + xy + ", " + wh + ", " + confidences + "], 4).view([" + batch +
                      ", -1, " + outputs + "])");
    }

    static Weight anchors(const YoloBoxes::Grid& grid, std::size_t level) {
        std::vector<float> sizes;
        for (const auto& anchor : grid.anchors) {
            sizes.insert(sizes.end(), {anchor.width, anchor.height});
        }
        return {"anchors." + std::to_string(level),
                tensor_of({1, static_cast<std::int64_t>(grid.anchors.size()), 1, 1, 2},
                          std::move(sizes))};
    }

    TorchScriptText text_;
    std::vector<std::string> terms_;
    std::set<std::string> names_;
    std::size_t variables_ = 0;
};

}  // namespace

TorchScriptText to_torchscript(const Graph& graph) {
    return Printer().print(graph);
}

}  // namespace speciesnet::graph
