// SPDX-License-Identifier: Apache-2.0
#include "graph/dump.hpp"

#include "graph/to_floats.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace speciesnet::graph {
namespace {

std::string text_of(std::floating_point auto value) {
    std::array<char, 32> digits{};
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

std::string text_of(std::int64_t value) {
    return std::to_string(value);
}

std::string text_of(const Pair& pair) {
    return text_of(pair.rows) + "x" + text_of(pair.columns);
}

std::string text_of(std::span<const std::int64_t> values) {
    std::string text;
    for (const auto value : values) {
        text += (text.empty() ? "" : ", ") + text_of(value);
    }
    return "[" + text + "]";
}

/// A list of items separated by spaces.
class Words {
public:
    Words& add(std::string_view word) {
        text_ += text_.empty() ? "" : " ";
        text_ += word;
        return *this;
    }
    template <typename Value>
    Words& add(const char* name, const Value& value) {
        return add(name).add(text_of(value));
    }
    /// Adds an item unless it has its usual value.
    template <typename Value>
    Words& add_unless(const Value& usual, const char* name, const Value& value) {
        return value == usual ? *this : add(name, value);
    }
    operator std::string() const { return text_; }

private:
    std::string text_;
};

const char* name_of(Arithmetic::Kind kind) {
    constexpr std::array names{"add", "subtract", "multiply", "divide"};
    return names.at(static_cast<std::size_t>(kind));
}

const char* name_of(Activation::Kind kind) {
    constexpr std::array names{"relu", "sigmoid", "silu", "hardswish", "leaky relu"};
    return names.at(static_cast<std::size_t>(kind));
}

const char* name_of(ElementType type) {
    constexpr std::array names{"boolean", "uint8",   "float16", "bfloat16",
                               "float32", "float64", "int32",   "int64"};
    return names.at(static_cast<std::size_t>(type));
}

struct Description {
    std::string operation;
    std::string attributes = {};
    std::vector<const Weight*> weights = {};
};

void append(std::vector<const Weight*>& weights, const std::optional<Weight>& weight) {
    if (weight) {
        weights.push_back(&*weight);
    }
}

Description describe(const Input& /*input*/) {
    return {"input"};
}

Description describe(const Constant& constant) {
    const auto& tensor = constant.value.tensor;
    const bool is_number =
        is_floating(tensor.type) &&
        std::ranges::all_of(tensor.shape, [](std::int64_t size) { return size == 1; });
    return {"constant",
            is_number ? text_of(to_floats(tensor).front()) : std::string(),
            {&constant.value}};
}

Description describe(const Convolution& convolution) {
    Description description{"convolution",
                            Words()
                                .add_unless({1, 1}, "stride", convolution.stride)
                                .add_unless({0, 0}, "padding", convolution.padding)
                                .add_unless({1, 1}, "dilation", convolution.dilation)
                                .add_unless(std::int64_t{1}, "groups", convolution.groups),
                            {&convolution.weights}};
    append(description.weights, convolution.bias);
    return description;
}

Description describe(const BatchNorm& norm) {
    Description description{"batch norm", Words().add("epsilon", norm.epsilon)};
    append(description.weights, norm.scale);
    append(description.weights, norm.shift);
    description.weights.insert(description.weights.end(), {&norm.mean, &norm.variance});
    return description;
}

Description describe(const Linear& linear) {
    Description description{"linear", {}, {&linear.weights}};
    append(description.weights, linear.bias);
    return description;
}

Description describe(const MatrixProduct& /*product*/) {
    return {"matrix product"};
}

Description describe(const Arithmetic& arithmetic) {
    return {name_of(arithmetic.kind)};
}

Description describe(const Activation& activation) {
    return {name_of(activation.kind), activation.kind == Activation::Kind::leaky_relu
                                          ? Words().add("slope", activation.negative_slope)
                                          : Words()};
}

Description describe(const Concatenation& concatenation) {
    return {"concatenation", Words().add("axis", concatenation.axis)};
}

Description describe(const MaximumPool& pool) {
    Words attributes;
    attributes.add("kernel", pool.kernel)
        .add("stride", pool.stride)
        .add_unless({0, 0}, "padding", pool.padding)
        .add_unless({1, 1}, "dilation", pool.dilation);
    if (pool.rounds_up) {
        attributes.add("rounds up");
    }
    return {"maximum pool", attributes};
}

Description describe(const AveragePool& pool) {
    return {"average pool", Words()
                                .add("kernel", pool.kernel)
                                .add("stride", pool.stride)
                                .add_unless({0, 0}, "padding", pool.padding)};
}

Description describe(const NearestUpsample& upsample) {
    return {"nearest upsample",
            Words().add("rows", upsample.row_factor).add("columns", upsample.column_factor)};
}

Description describe(const Pad& pad) {
    return {"pad", Words()
                       .add("left", pad.left)
                       .add("right", pad.right)
                       .add("top", pad.top)
                       .add("bottom", pad.bottom)
                       .add("with", pad.value)};
}

Description describe(const Mean& mean) {
    Words attributes;
    attributes.add("axes", mean.axes);
    if (!mean.keeps_axes) {
        attributes.add("without them");
    }
    return {"mean", attributes};
}

Description describe(const Permute& permute) {
    return {"permute", Words().add("axes", permute.axes)};
}

Description describe(const Reshape& reshape) {
    return {"reshape", Words().add("sizes", reshape.sizes)};
}

Description describe(const Squeeze& squeeze) {
    return {"squeeze", Words().add("axis", squeeze.axis)};
}

Description describe(const Unsqueeze& unsqueeze) {
    return {"unsqueeze", Words().add("axis", unsqueeze.axis)};
}

Description describe(const Slice& slice) {
    Words attributes;
    attributes.add("axis", slice.axis).add("from", slice.start);
    if (slice.end) {
        attributes.add("to", *slice.end);
    }
    return {"slice", attributes.add_unless(std::int64_t{1}, "step", slice.step)};
}

Description describe(const YoloBoxes& boxes) {
    Words attributes;
    attributes.add("channels", boxes.box_channels);
    for (const auto& grid : boxes.grids) {
        attributes.add("stride", grid.stride).add("anchors");
        for (const auto& anchor : grid.anchors) {
            attributes.add(text_of(anchor.width) + "x" + text_of(anchor.height));
        }
    }
    return {"yolo boxes", attributes};
}

Description describe(const Attention& attention) {
    return {"attention", Words()
                             .add("heads", attention.heads)
                             .add("keys", attention.key_channels)
                             .add("values", attention.value_channels)
                             .add("scale", attention.scale)};
}

Description describe(const DistanceBoxes& boxes) {
    Words attributes;
    attributes.add("bins", static_cast<std::int64_t>(boxes.bins.size()))
        .add("classes", boxes.classes);
    for (const float stride : boxes.strides) {
        attributes.add("stride", stride);
    }
    return {"distance boxes", attributes};
}

std::string printable(std::string_view name) {
    std::string text(name);
    std::ranges::replace_if(
        text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

/// Returns the name of the module that a weight belongs to: its own name up to the last dot.
std::string_view module_of(const Weight& weight) {
    return std::string_view(weight.name).substr(0, weight.name.rfind('.') + 1);
}

/// Returns, for instance, "model.0.bn: weight [80], bias [80] float16".
std::string text_of(const std::vector<const Weight*>& weights) {
    if (weights.empty()) {
        return {};
    }
    const auto module = module_of(*weights.front());
    const bool is_shared = weights.size() > 1 && !module.empty() &&
                           std::ranges::all_of(weights, [&](const Weight* weight) {
                               return module_of(*weight) == module;
                           });
    std::string text = is_shared ? printable(module.substr(0, module.size() - 1)) + ": " : "";
    for (const auto* weight : weights) {
        text += weight == weights.front() ? "" : ", ";
        text += printable(std::string_view(weight->name).substr(is_shared ? module.size() : 0)) +
                " " + text_of(std::span(weight->tensor.shape));
    }
    return text + " " + name_of(weights.front()->tensor.type);
}

std::string label(std::size_t value) {
    return "%" + std::to_string(value);
}

constexpr std::size_t columns = 5;
using Line = std::array<std::string, columns>;

Line line_of(std::size_t value, const Node& node) {
    const auto description =
        std::visit([](const auto& operation) { return describe(operation); }, node.operation);
    Words inputs;
    for (const auto input : node.inputs) {
        inputs.add(label(input));
    }
    return {label(value), description.operation, inputs, description.attributes,
            text_of(description.weights)};
}

}  // namespace

std::string dump(const Graph& graph) {
    std::vector<Line> lines;
    std::array<std::size_t, columns> widths{};
    // A longer cell shifts the rest of its own line only.
    constexpr std::size_t widest = 32;
    for (const auto& node : graph.nodes()) {
        const auto& line = lines.emplace_back(line_of(lines.size(), node));
        for (std::size_t column = 0; column < columns; ++column) {
            if (line[column].size() <= widest) {
                widths[column] = std::max(widths[column], line[column].size());
            }
        }
    }
    std::string text;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t column = 0; column < columns; ++column) {
            row += line[column];
            row.append(widths[column] - std::min(widths[column], line[column].size()) + 2, ' ');
        }
        text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
    }
    return text + "output " + label(graph.output()) + "\n";
}

}  // namespace speciesnet::graph
