// SPDX-License-Identifier: Apache-2.0
// Plain loops over all axes.
#include "graph_interpreter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

using Shape = std::vector<std::int64_t>;
using Index = std::vector<std::int64_t>;

void require(bool condition, const char* what) {
    if (!condition) {
        throw std::runtime_error(what);
    }
}

std::int64_t count_of(const Shape& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

TestTensor zeros(Shape shape) {
    const auto count = static_cast<std::size_t>(count_of(shape));
    return {std::move(shape), std::vector<float>(count)};
}

/// Calls visit(index) for each element; the last axis varies fastest.
template <typename Visit>
void for_each_index(const Shape& shape, const Visit& visit) {
    Index index(shape.size());
    for (std::int64_t i = count_of(shape); i > 0; --i) {
        visit(std::as_const(index));
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            if (++index[axis] < shape[axis]) {
                break;
            }
            index[axis] = 0;
        }
    }
}

/// Returns a tensor whose elements are computed independently.
template <typename Element>
TestTensor computed(Shape shape, const Element& element) {
    auto result = zeros(std::move(shape));
    std::size_t place = 0;
    for_each_index(result.shape, [&](const Index& index) {
        result.values[place++] = static_cast<float>(element(index));
    });
    return result;
}

float at(const TestTensor& tensor, const Index& index) {
    std::int64_t place = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
        require(index[axis] >= 0 && index[axis] < tensor.shape[axis], "an index is out of range");
        place = place * tensor.shape[axis] + index[axis];
    }
    return tensor.values[static_cast<std::size_t>(place)];
}

/// Returns `otherwise` outside the rows and columns.
double at_or(double otherwise, const TestTensor& tensor, const Index& index) {
    for (const std::size_t axis : {2U, 3U}) {
        if (index[axis] < 0 || index[axis] >= tensor.shape[axis]) {
            return otherwise;
        }
    }
    return at(tensor, index);
}

TestTensor tensor_of(const TensorView& view) {
    require(is_floating(view.type), "a weight is floating-point");
    return computed(view.shape, [&](const Index& index) {
        std::int64_t place = 0;
        for (std::size_t axis = 0; axis < index.size(); ++axis) {
            place += index[axis] * view.strides[axis];
        }
        const auto size = size_of(view.type);
        const char* const bytes = view.bytes.data() + static_cast<std::size_t>(place) * size;
        if (view.type == ElementType::float32) {
            float number = 0;
            std::memcpy(&number, bytes, sizeof(number));
            return static_cast<double>(number);
        }
        if (view.type == ElementType::float64) {
            double number = 0;
            std::memcpy(&number, bytes, sizeof(number));
            return number;
        }
        std::uint16_t bits = 0;
        std::memcpy(&bits, bytes, sizeof(bits));
        if (view.type == ElementType::bfloat16) {
            return static_cast<double>(
                std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U));
        }
        const double sign = (bits >> 15U) != 0 ? -1 : 1;
        const int exponent = (bits >> 10U) & 31;
        const double fraction = (bits & 1023) / 1024.0;
        return exponent == 0 ? sign * std::ldexp(fraction, -14)
                             : sign * std::ldexp(1 + fraction, exponent - 15);
    });
}

std::size_t axis_of(std::int64_t axis, std::size_t axes) {
    return static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(axes) : axis);
}

class Interpreter {
public:
    explicit Interpreter(std::vector<const TestTensor*> inputs) : inputs_(std::move(inputs)) {}

    TestTensor operator()(const graph::Input&) const { return input(0); }

    TestTensor operator()(const graph::Constant& constant) const {
        return tensor_of(constant.value.tensor);
    }

    TestTensor operator()(const graph::Convolution& convolution) const {
        const auto weights = tensor_of(convolution.weights.tensor);
        const auto& from = input(0);
        const auto size = [&](std::size_t axis, const auto pick) {
            return (from.shape[axis] + 2 * pick(convolution.padding) -
                    pick(convolution.dilation) * (weights.shape[axis] - 1) - 1) /
                       pick(convolution.stride) +
                   1;
        };
        const auto inputs = weights.shape[1];
        const auto outputs_per_group = weights.shape[0] / convolution.groups;
        require(from.shape[1] == inputs * convolution.groups, "a convolution's channels fit");
        const auto bias =
            convolution.bias ? tensor_of(convolution.bias->tensor) : zeros({weights.shape[0]});
        return computed(
            {from.shape[0], weights.shape[0], size(2, [](auto pair) { return pair.rows; }),
             size(3, [](auto pair) { return pair.columns; })},
            [&](const Index& index) {
                double sum = bias.values[static_cast<std::size_t>(index[1])];
                for_each_index({inputs, weights.shape[2], weights.shape[3]}, [&](const Index& tap) {
                    const auto row = index[2] * convolution.stride.rows - convolution.padding.rows +
                                     tap[1] * convolution.dilation.rows;
                    const auto column = index[3] * convolution.stride.columns -
                                        convolution.padding.columns +
                                        tap[2] * convolution.dilation.columns;
                    const auto channel = index[1] / outputs_per_group * inputs + tap[0];
                    sum += at_or(0, from, {index[0], channel, row, column}) *
                           at(weights, {index[1], tap[0], tap[1], tap[2]});
                });
                return sum;
            });
    }

    TestTensor operator()(const graph::BatchNorm& norm) const {
        const auto mean = tensor_of(norm.mean.tensor);
        const auto variance = tensor_of(norm.variance.tensor);
        const auto scale = norm.scale ? tensor_of(norm.scale->tensor).values
                                      : std::vector<float>(mean.values.size(), 1.0F);
        const auto shift = norm.shift ? tensor_of(norm.shift->tensor).values
                                      : std::vector<float>(mean.values.size(), 0.0F);
        return computed(input(0).shape, [&](const Index& index) {
            const auto channel = static_cast<std::size_t>(index[1]);
            return (at(input(0), index) - static_cast<double>(mean.values[channel])) *
                       (scale[channel] / std::sqrt(variance.values[channel] + norm.epsilon)) +
                   shift[channel];
        });
    }

    TestTensor operator()(const graph::Linear& linear) const {
        auto weights = tensor_of(linear.weights.tensor);
        const auto transposed =
            computed({weights.shape[1], weights.shape[0]}, [&](const Index& index) {
                return at(weights, {index[1], index[0]});
            });
        auto product = multiplied(input(0), transposed);
        if (linear.bias) {
            const auto bias = tensor_of(linear.bias->tensor);
            for (std::size_t i = 0; i < product.values.size(); ++i) {
                product.values[i] += bias.values[i % bias.values.size()];
            }
        }
        return product;
    }

    TestTensor operator()(const graph::MatrixProduct&) const {
        return multiplied(input(0), input(1));
    }

    TestTensor operator()(const graph::Arithmetic& arithmetic) const {
        using Kind = graph::Arithmetic::Kind;
        const std::size_t axes = std::max(input(0).shape.size(), input(1).shape.size());
        Shape shape(axes, 1);
        for (const auto* const tensor : inputs_) {
            const std::size_t missing = axes - tensor->shape.size();
            for (std::size_t axis = 0; axis < tensor->shape.size(); ++axis) {
                shape[axis + missing] = std::max(shape[axis + missing], tensor->shape[axis]);
            }
        }
        return computed(shape, [&](const Index& index) -> float {
            const float first = broadcast(input(0), index);
            const float second = broadcast(input(1), index);
            switch (arithmetic.kind) {
                case Kind::add:
                    return first + second;
                case Kind::subtract:
                    return first - second;
                case Kind::multiply:
                    return first * second;
                case Kind::divide:
                    break;
            }
            return first / second;
        });
    }

    TestTensor operator()(const graph::Activation& activation) const {
        using Kind = graph::Activation::Kind;
        return computed(input(0).shape, [&](const Index& index) {
            const double x = at(input(0), index);
            switch (activation.kind) {
                case Kind::relu:
                    return std::max(0.0, x);
                case Kind::sigmoid:
                    return sigmoid(x);
                case Kind::silu:
                    return x * sigmoid(x);
                case Kind::hardswish:
                    return x * std::clamp(x + 3, 0.0, 6.0) / 6;
                case Kind::leaky_relu:
                    break;
            }
            return x < 0 ? x * activation.negative_slope : x;
        });
    }

    TestTensor operator()(const graph::Concatenation& concatenation) const {
        const auto axis = axis_of(concatenation.axis, input(0).shape.size());
        Shape shape = input(0).shape;
        shape[axis] = 0;
        for (const auto* const tensor : inputs_) {
            shape[axis] += tensor->shape[axis];
            for (std::size_t other = 0; other < shape.size(); ++other) {
                require(other == axis || tensor->shape[other] == shape[other],
                        "what is concatenated has one size");
            }
        }
        return computed(shape, [&](Index index) {
            std::size_t part = 0;
            while (index[axis] >= input(part).shape[axis]) {
                index[axis] -= input(part++).shape[axis];
            }
            return at(input(part), index);
        });
    }

    TestTensor operator()(const graph::MaximumPool& pool) const {
        require(!pool.rounds_up, "the interpreter has no pool that rounds up");
        Shape shape = input(0).shape;
        const auto size = [](std::int64_t from, std::int64_t padding, std::int64_t dilation,
                             std::int64_t kernel, std::int64_t stride) {
            return (from + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
        };
        shape[2] = size(shape[2], pool.padding.rows, pool.dilation.rows, pool.kernel.rows,
                        pool.stride.rows);
        shape[3] = size(shape[3], pool.padding.columns, pool.dilation.columns, pool.kernel.columns,
                        pool.stride.columns);
        return computed(shape, [&](const Index& index) {
            double largest = -std::numeric_limits<double>::infinity();
            for_each_index({pool.kernel.rows, pool.kernel.columns}, [&](const Index& tap) {
                const auto row =
                    index[2] * pool.stride.rows - pool.padding.rows + tap[0] * pool.dilation.rows;
                const auto column = index[3] * pool.stride.columns - pool.padding.columns +
                                    tap[1] * pool.dilation.columns;
                largest =
                    std::max(largest, at_or(largest, input(0), {index[0], index[1], row, column}));
            });
            return largest;
        });
    }

    TestTensor operator()(const graph::AveragePool& pool) const {
        Shape shape = input(0).shape;
        shape[2] = (shape[2] + 2 * pool.padding.rows - pool.kernel.rows) / pool.stride.rows + 1;
        shape[3] =
            (shape[3] + 2 * pool.padding.columns - pool.kernel.columns) / pool.stride.columns + 1;
        return computed(shape, [&](const Index& index) {
            double sum = 0;
            for_each_index({pool.kernel.rows, pool.kernel.columns}, [&](const Index& tap) {
                const auto row = index[2] * pool.stride.rows - pool.padding.rows + tap[0];
                const auto column = index[3] * pool.stride.columns - pool.padding.columns + tap[1];
                sum += at_or(0, input(0), {index[0], index[1], row, column});
            });
            return sum / static_cast<double>(pool.kernel.rows * pool.kernel.columns);
        });
    }

    TestTensor operator()(const graph::NearestUpsample& upsample) const {
        Shape shape = input(0).shape;
        const auto rows = static_cast<std::int64_t>(upsample.row_factor);
        const auto columns = static_cast<std::int64_t>(upsample.column_factor);
        shape[2] *= rows;
        shape[3] *= columns;
        return computed(shape, [&](Index index) {
            index[2] /= rows;
            index[3] /= columns;
            return at(input(0), index);
        });
    }

    TestTensor operator()(const graph::Pad& pad) const {
        Shape shape = input(0).shape;
        shape[2] += pad.top + pad.bottom;
        shape[3] += pad.left + pad.right;
        return computed(shape, [&](Index index) {
            index[2] -= pad.top;
            index[3] -= pad.left;
            return at_or(pad.value, input(0), index);
        });
    }

    TestTensor operator()(const graph::Mean& mean) const {
        const auto& from = input(0);
        std::vector<bool> is_reduced(from.shape.size());
        for (const auto axis : mean.axes) {
            is_reduced[axis_of(axis, from.shape.size())] = true;
        }
        Shape kept = from.shape;
        Shape reduced(from.shape.size(), 1);
        for (std::size_t axis = 0; axis < kept.size(); ++axis) {
            if (is_reduced[axis]) {
                std::swap(kept[axis], reduced[axis]);
            }
        }
        auto result = computed(kept, [&](const Index& index) {
            double sum = 0;
            for_each_index(reduced, [&](const Index& part) {
                Index place = index;
                for (std::size_t axis = 0; axis < place.size(); ++axis) {
                    place[axis] += part[axis];
                }
                sum += at(from, place);
            });
            return sum / static_cast<double>(count_of(reduced));
        });
        if (!mean.keeps_axes) {
            result.shape.clear();
            for (std::size_t axis = 0; axis < kept.size(); ++axis) {
                if (!is_reduced[axis]) {
                    result.shape.push_back(kept[axis]);
                }
            }
        }
        return result;
    }

    TestTensor operator()(const graph::Permute& permute) const {
        Shape shape;
        for (const auto axis : permute.axes) {
            shape.push_back(input(0).shape[axis_of(axis, permute.axes.size())]);
        }
        return computed(shape, [&](const Index& index) {
            Index place(index.size());
            for (std::size_t axis = 0; axis < index.size(); ++axis) {
                place[axis_of(permute.axes[axis], index.size())] = index[axis];
            }
            return at(input(0), place);
        });
    }

    TestTensor operator()(const graph::Reshape& reshape) const {
        Shape shape = reshape.sizes;
        std::int64_t known = 1;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            if (shape[axis] == 0) {
                shape[axis] = input(0).shape[axis];
            }
            known *= shape[axis] == -1 ? 1 : shape[axis];
        }
        const auto count = count_of(input(0).shape);
        std::replace(shape.begin(), shape.end(), std::int64_t{-1}, count / known);
        require(count_of(shape) == count, "a shape has as many elements as before");
        return {shape, input(0).values};
    }

    TestTensor operator()(const graph::Squeeze& squeeze) const {
        auto result = input(0);
        const auto axis = axis_of(squeeze.axis, result.shape.size());
        if (result.shape[axis] == 1) {
            result.shape.erase(result.shape.begin() + static_cast<std::ptrdiff_t>(axis));
        }
        return result;
    }

    TestTensor operator()(const graph::Unsqueeze& unsqueeze) const {
        auto result = input(0);
        const auto axis = axis_of(unsqueeze.axis, result.shape.size() + 1);
        result.shape.insert(result.shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
        return result;
    }

    TestTensor operator()(const graph::Slice& slice) const {
        const auto axis = axis_of(slice.axis, input(0).shape.size());
        Shape shape = input(0).shape;
        const auto end = std::min(shape[axis], slice.end.value_or(shape[axis]));
        shape[axis] = (end - slice.start + slice.step - 1) / slice.step;
        return computed(shape, [&](Index index) {
            index[axis] = slice.start + index[axis] * slice.step;
            return at(input(0), index);
        });
    }

    TestTensor operator()(const graph::YoloBoxes& boxes) const {
        TestTensor result{{input(0).shape[0], 0, boxes.box_channels}, {}};
        for (std::int64_t image = 0; image < input(0).shape[0]; ++image) {
            for (std::size_t grid = 0; grid < boxes.grids.size(); ++grid) {
                decode(boxes, grid, image, result.values);
            }
        }
        result.shape[1] =
            static_cast<std::int64_t>(result.values.size()) / boxes.box_channels / result.shape[0];
        return result;
    }

    TestTensor operator()(const graph::Attention& attention) const {
        const auto& from = input(0);
        const auto keys = attention.key_channels;
        const auto all = 2 * keys + attention.value_channels;
        const std::int64_t pixels = from.shape[2] * from.shape[3];
        require(from.shape[1] == attention.heads * all, "heads have their channels");
        const auto number = [&](std::int64_t image, std::int64_t channel, std::int64_t pixel) {
            return static_cast<double>(
                at(from, {image, channel, pixel / from.shape[3], pixel % from.shape[3]}));
        };
        Shape shape = from.shape;
        shape[1] = attention.heads * attention.value_channels;
        return computed(shape, [&](const Index& index) {
            const auto first = index[1] / attention.value_channels * all;
            const auto value = first + 2 * keys + index[1] % attention.value_channels;
            std::vector<double> logits;
            for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
                double product = 0;
                for (auto channel = first; channel < first + keys; ++channel) {
                    product += number(index[0], channel, index[2] * shape[3] + index[3]) *
                               number(index[0], channel + keys, pixel);
                }
                logits.push_back(product * attention.scale);
            }
            return mean(logits, [&](std::size_t pixel) {
                return number(index[0], value, static_cast<std::int64_t>(pixel));
            });
        });
    }

    TestTensor operator()(const graph::DistanceBoxes& boxes) const {
        TestTensor result{{input(0).shape[0], 0, 5 + boxes.classes}, {}};
        for (std::int64_t image = 0; image < input(0).shape[0]; ++image) {
            for (std::size_t grid = 0; grid < boxes.strides.size(); ++grid) {
                const auto& shape = input(2 * grid).shape;
                for_each_index({shape[2], shape[3]}, [&](const Index& cell) {
                    decode(boxes, grid, {image, 0, cell[0], cell[1]}, result.values);
                });
            }
        }
        result.shape[1] =
            static_cast<std::int64_t>(result.values.size()) / result.shape[2] / result.shape[0];
        return result;
    }

private:
    const TestTensor& input(std::size_t index) const { return *inputs_.at(index); }

    static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

    /// Returns the sum of number(i), weighted with the softmax of the logits.
    template <typename Number>
    static double mean(const std::vector<double>& logits, const Number& number) {
        const double largest = *std::max_element(logits.begin(), logits.end());
        double sum = 0;
        double weights = 0;
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double weight = std::exp(logits[i] - largest);
            sum += weight * number(i);
            weights += weight;
        }
        return sum / weights;
    }

    static float broadcast(const TestTensor& tensor, const Index& index) {
        Index place(index.end() - static_cast<std::ptrdiff_t>(tensor.shape.size()), index.end());
        for (std::size_t axis = 0; axis < place.size(); ++axis) {
            place[axis] = tensor.shape[axis] == 1 ? 0 : place[axis];
        }
        return at(tensor, place);
    }

    /// Multiplies the last axis of one with the first axis of the other, which is a matrix.
    static TestTensor multiplied(const TestTensor& first, const TestTensor& second) {
        require(second.shape.size() == 2 && first.shape.back() == second.shape[0],
                "the sizes of a product fit");
        Shape shape = first.shape;
        shape.back() = second.shape[1];
        return computed(shape, [&](const Index& index) {
            double sum = 0;
            Index place = index;
            for (place.back() = 0; place.back() < second.shape[0]; ++place.back()) {
                sum += static_cast<double>(at(first, place)) *
                       at(second, {place.back(), index.back()});
            }
            return sum;
        });
    }

    void decode(const graph::YoloBoxes& boxes, std::size_t grid, std::int64_t image,
                std::vector<float>& values) const {
        const auto& stride = boxes.grids[grid].stride;
        const auto& anchors = boxes.grids[grid].anchors;
        const auto& shape = input(grid).shape;
        const Shape order{static_cast<std::int64_t>(anchors.size()), shape[2], shape[3],
                          boxes.box_channels};
        for_each_index(order, [&](const Index& index) {
            const auto& anchor = anchors[static_cast<std::size_t>(index[0])];
            const double s =
                sigmoid(at(input(grid),
                           {image, index[0] * boxes.box_channels + index[3], index[1], index[2]}));
            double value = s;
            if (index[3] < 2) {
                const auto cell = static_cast<double>(index[3] == 0 ? index[2] : index[1]);
                value = (2 * s + cell - 0.5) * stride;
            } else if (index[3] < 4) {
                value = 4 * s * s * (index[3] == 2 ? anchor.width : anchor.height);
            }
            values.push_back(static_cast<float>(value));
        });
    }

    /// @param cell an index without a channel
    void decode(const graph::DistanceBoxes& boxes, std::size_t grid, Index cell,
                std::vector<float>& values) const {
        std::vector<double> distances;
        for (int side = 0; side < 4; ++side) {
            std::vector<double> logits;
            for (std::size_t bin = 0; bin < boxes.bins.size(); ++bin, ++cell[1]) {
                logits.push_back(at(input(2 * grid), cell));
            }
            distances.push_back(mean(
                logits, [&](std::size_t bin) { return static_cast<double>(boxes.bins[bin]); }));
        }
        const double stride = boxes.strides[grid];
        const auto middle = [&](std::int64_t place, double before, double behind) {
            return static_cast<float>((static_cast<double>(place) + 0.5 + (behind - before) / 2) *
                                      stride);
        };
        const auto size = [&](double before, double behind) {
            return static_cast<float>((before + behind) * stride);
        };
        values.insert(values.end(),
                      {middle(cell[3], distances[0], distances[2]),
                       middle(cell[2], distances[1], distances[3]),
                       size(distances[0], distances[2]), size(distances[1], distances[3]), 1.0F});
        for (cell[1] = 0; cell[1] < boxes.classes; ++cell[1]) {
            values.push_back(static_cast<float>(sigmoid(at(input(2 * grid + 1), cell))));
        }
    }

    std::vector<const TestTensor*> inputs_;
};

}  // namespace

graph::Weight weight(std::vector<float> values, std::vector<std::int64_t> shape) {
    const auto owner = std::make_shared<const std::vector<float>>(std::move(values));
    require(count_of(shape) == static_cast<std::int64_t>(owner->size()),
            "a weight has as many numbers as its shape says");
    TensorView tensor{
        .type = ElementType::float32,
        .shape = std::move(shape),
        .strides = {},
        .bytes = {reinterpret_cast<const char*>(owner->data()), owner->size() * sizeof(float)},
        .owner = owner};
    tensor.strides.resize(tensor.shape.size());
    std::int64_t stride = 1;
    for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
        tensor.strides[axis] = stride;
        stride *= tensor.shape[axis];
    }
    return {.name = "weight", .tensor = std::move(tensor)};
}

TestTensor interpret(const graph::Graph& graph, const TestTensor& input) {
    const auto& nodes = graph.nodes();
    std::vector<bool> is_needed(nodes.size());
    is_needed[graph.output()] = true;
    for (std::size_t node = nodes.size(); node-- > 0;) {
        for (const auto value : nodes[node].inputs) {
            is_needed[value] = is_needed[value] || is_needed[node];
        }
    }
    std::vector<TestTensor> results(nodes.size());
    for (std::size_t node = 0; node < nodes.size(); ++node) {
        std::vector<const TestTensor*> inputs;
        if (node == graph::Graph::input) {
            inputs.push_back(&input);
        }
        for (const auto value : nodes[node].inputs) {
            inputs.push_back(&results[value]);
        }
        if (is_needed[node]) {
            results[node] = std::visit(Interpreter(std::move(inputs)), nodes[node].operation);
        }
    }
    return results[graph.output()];
}

}  // namespace speciesnet
