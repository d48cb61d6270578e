// SPDX-License-Identifier: Apache-2.0
// Code shared by all convolutions, and the float32 convolution.
#include "executor/convolution.hpp"

#include "speciesnet/error.hpp"

#include "executor/direct_convolution.hpp"
#include "executor/winograd.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::executor {
namespace {

const char* method_name(Convolution::Method method) {
    return method == Convolution::Method::winograd ? " winograd" : "";
}

}  // namespace

ConvolutionOperation::ConvolutionOperation(const Kernels& kernels,
                                           const ConvolutionGeometry& geometry, std::size_t inputs,
                                           std::span<const float> bias, Activation activation,
                                           std::string method)
    : geometry_(geometry),
      inputs_(inputs),
      outputs_(bias.size()),
      bias_((bias.size() + kernels.width - 1) / kernels.width * kernels.width),
      activation_(activation),
      method_(std::move(method)) {
    std::copy(bias.begin(), bias.end(), bias_.begin());
}

ConvolutionOperation::ConvolutionOperation(const Kernels& kernels, RecordReader& record,
                                           std::string method)
    : geometry_(record.geometry()),
      inputs_(record.channels()),
      outputs_(record.channels()),
      activation_(record.activation()),
      method_(std::move(method)) {
    const auto bias =
        record.numbers({(outputs_ + kernels.width - 1) / kernels.width * kernels.width}).span();
    bias_.assign(bias.begin(), bias.end());
}

OperationRecord ConvolutionOperation::record_of(std::string kind, const Numbers& weights) const {
    OperationRecord record{.kind = std::move(kind), .sizes = {}, .numbers = {}};
    record_geometry(geometry_, record);
    record.sizes.insert(record.sizes.end(),
                        {inputs_, outputs_, static_cast<std::uint64_t>(activation_)});
    record.numbers = {Numbers(bias_, nullptr), weights};
    return record;
}

std::string ConvolutionOperation::name() const {
    return "convolution " + std::to_string(inputs_) + "-" + std::to_string(outputs_) + " " +
           std::to_string(geometry_.kernel_height) + "x" + std::to_string(geometry_.kernel_width) +
           "/" + std::to_string(geometry_.stride_height) + method_;
}

PictureSize ConvolutionOperation::output_size(std::span<const PictureSize> inputs) const {
    return checked_output_size(geometry_, inputs, inputs_, outputs_, Element::float32);
}

double ConvolutionOperation::flops(std::span<const PictureSize> inputs) const {
    const auto output = output_size(inputs);
    return 2.0 * static_cast<double>(output.pixels()) * static_cast<double>(output.channels) *
           static_cast<double>(inputs_ * geometry_.taps());
}

ConvolutionTask ConvolutionOperation::task(const PackedWeights& weights, const ConstPicture& input,
                                           std::span<const ConstPicture> inputs,
                                           const Picture& output) const {
    return {.geometry = geometry_,
            .weights = weights,
            .bias = bias_.data(),
            .scale = nullptr,
            .shift = nullptr,
            .activation = activation_,
            .input = input,
            .residual = inputs.size() > 1 ? &inputs[1] : nullptr,
            .output = output};
}

Convolution::Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                         std::span<const float> weights, std::span<const float> bias,
                         Activation activation, Method method, Element element)
    : ConvolutionOperation(kernels, geometry, input_channels(weights, bias.size(), geometry.taps()),
                           bias, activation, method_name(method)),
      weights_(kernels.width, kernels.tiles, weights, bias.size(),
               input_channels(weights, bias.size(), geometry.taps()), geometry.taps()),
      method_(method),
      element_(element) {
    check(kernels);
}

Convolution::Convolution(const Kernels& kernels, RecordReader& record, Method method)
    : ConvolutionOperation(kernels, record, method_name(method)),
      weights_(kernels.width, kernels.tiles, record, outputs(), inputs(), geometry().taps()),
      method_(method),
      element_(record.element({Element::float32, Element::bfloat16})) {
    check(kernels);
}

void Convolution::check(const Kernels& kernels) const {
    const bool is_winograd = method_ == Method::winograd;
    if (is_winograd && !allows_winograd(kernels, geometry(), inputs(), outputs())) {
        throw InvalidArgument("a convolution names an unsupported method");
    }
    if (element_ == Element::bfloat16 && (!is_winograd || kernels.bfloat16 == nullptr)) {
        throw InvalidArgument("the method of a convolution does not support its element type");
    }
}

PictureSize Convolution::output_size(std::span<const PictureSize> inputs) const {
    return checked_output_size(geometry(), inputs, this->inputs(), outputs(), element_);
}

const char* Convolution::kind(Method method) {
    return method == Method::winograd ? "winograd convolution" : "convolution";
}

OperationRecord Convolution::record() const {
    auto record = record_of(kind(method_), weights_.numbers());
    record.sizes.push_back(static_cast<std::uint64_t>(element_));
    return record;
}

bool Convolution::allows_winograd(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                  std::size_t inputs, std::size_t outputs) {
    const bool is_3x3 = geometry.kernel_height == 3 && geometry.kernel_width == 3;
    const bool is_dense =
        geometry.stride_height == 1 && geometry.stride_width == 1 && !geometry.is_dilated();
    return is_3x3 && is_dense && inputs % kernels.width == 0 && outputs % kernels.width == 0;
}

bool Convolution::suits_winograd(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                 std::size_t inputs, std::size_t outputs) {
    // With fewer channels, the transforms cost as much as they save, and small networks keep the
    // rounding of the direct method. With more channels, the transformed weights would be as large
    // as a third-level cache.
    constexpr std::size_t fewest_channels = 40;
    constexpr std::size_t most_channels = 480;
    return allows_winograd(kernels, geometry, inputs, outputs) &&
           std::min(inputs, outputs) >= fewest_channels &&
           std::max(inputs, outputs) <= most_channels;
}

void Convolution::run(const Execution& execution, std::span<const ConstPicture> inputs,
                      const Picture& output) const {
    const auto task = this->task(weights_, inputs[0], inputs, output);
    if (method_ == Method::winograd) {
        WinogradConvolution(execution, task).run();
    } else {
        DirectConvolution(execution.kernels, execution.kernels.convolve,
                          std::vector<float>(inputs[0].size.channels), task)
            .run(execution.pool);
    }
}

}  // namespace speciesnet::executor
