// SPDX-License-Identifier: Apache-2.0
// Measures the minimum time of an executor over oneDNN's primitives: each distinct convolution of a
// network with bias and SiLU as one primitive, all formats chosen by oneDNN, weights packed
// beforehand. Does not use LibTorch, whose copy of oneDNN would conflict:
//
//     ceiling NETWORK --threads 2 --shapes | OMP_NUM_THREADS=2 onednn_primitives
//
// Needs oneDNN 3 (configure with -DONEDNN_ROOT=DIR).
#include "measure/timing.hpp"

#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

namespace {

using speciesnet::benchmark::fastest;
using Dims = dnnl::memory::dims;
using Format = dnnl::memory::format_tag;

/// A line of `ceiling --shapes`.
struct Shape {
    int times = 0;
    Dims input;
    Dims weight;
    Dims stride;
    Dims padding;
    Dims dilation;
    std::int64_t groups = 1;
};

Dims read_sizes(std::istream& line, std::size_t count) {
    Dims sizes(count);
    for (auto& size : sizes) {
        line >> size;
    }
    return sizes;
}

Shape read_shape(const std::string& text) {
    std::istringstream line(text);
    Shape shape;
    line >> shape.times;
    shape.input = read_sizes(line, 4);
    shape.weight = read_sizes(line, 4);
    shape.stride = read_sizes(line, 2);
    shape.padding = read_sizes(line, 2);
    shape.dilation = read_sizes(line, 2);
    if (!(line >> shape.groups)) {
        throw std::invalid_argument("'" + text + "' is no line of `ceiling --shapes`");
    }
    return shape;
}

dnnl::memory::desc any_format(const Dims& sizes) {
    return {sizes, dnnl::memory::data_type::f32, Format::any};
}

/// Returns the seconds of a convolution with SiLU; nothing if oneDNN lacks the method for it.
std::optional<double> seconds_of(const Shape& shape, dnnl::algorithm method, dnnl::engine& engine,
                                 dnnl::stream& stream) {
    Dims weight = shape.weight;
    if (shape.groups != 1) {
        weight[0] /= shape.groups;
        weight.insert(weight.begin(), shape.groups);
    }
    Dims output{shape.input[0], shape.weight[0], 0, 0};
    Dims dilation = shape.dilation;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const auto reach = (shape.weight[2 + axis] - 1) * shape.dilation[axis] + 1;
        output[2 + axis] =
            (shape.input[2 + axis] + 2 * shape.padding[axis] - reach) / shape.stride[axis] + 1;
        dilation[axis] -= 1;  // oneDNN counts the gaps.
    }
    dnnl::post_ops after;
    after.append_eltwise(dnnl::algorithm::eltwise_swish, 1.0F, 0.0F);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(after);
    const dnnl::memory::desc bias{{shape.weight[0]}, dnnl::memory::data_type::f32, Format::a};
    try {
        const dnnl::convolution_forward::primitive_desc description(
            engine, dnnl::prop_kind::forward_inference, method, any_format(shape.input),
            any_format(weight), bias, any_format(output), shape.stride, dilation, shape.padding,
            shape.padding, attributes);
        const dnnl::convolution_forward convolution(description);
        const std::unordered_map<int, dnnl::memory> arguments{
            {DNNL_ARG_SRC, {description.src_desc(), engine}},
            {DNNL_ARG_WEIGHTS, {description.weights_desc(), engine}},
            {DNNL_ARG_BIAS, {description.bias_desc(), engine}},
            {DNNL_ARG_DST, {description.dst_desc(), engine}}};
        return fastest(
            [&] {
                convolution.execute(stream, arguments);
                stream.wait();
            },
            0.05, 3);
    } catch (const dnnl::error& error) {
        if (error.status == dnnl_unimplemented) {
            return std::nullopt;
        }
        throw;
    }
}

void report() {
    dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    dnnl::stream stream(engine);
    double direct = 0;
    double best = 0;
    for (std::string line; std::getline(std::cin, line);) {
        const auto shape = read_shape(line);
        const auto plain = seconds_of(shape, dnnl::algorithm::convolution_direct, engine, stream);
        const auto winograd =
            seconds_of(shape, dnnl::algorithm::convolution_winograd, engine, stream);
        if (!plain) {
            throw std::runtime_error("oneDNN has no convolution for '" + line + "'");
        }
        direct += *plain * shape.times;
        best += std::min(*plain, winograd.value_or(std::numeric_limits<double>::infinity())) *
                shape.times;
        std::printf("%-60s %9.3f ms", line.c_str(), *plain * 1e3);
        if (winograd) {
            std::printf(", Winograd %9.3f ms", *winograd * 1e3);
        }
        std::printf("\n");
    }
    const auto* const version = dnnl::version();
    std::printf("oneDNN %d.%d: all convolutions with SiLU at best %.3f s, direct ones %.3f s\n",
                version->major, version->minor, best, direct);
}

}  // namespace

int main() {
    try {
        report();
    } catch (const std::exception& error) {
        std::cerr << "onednn_primitives: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
