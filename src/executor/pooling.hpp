// SPDX-License-Identifier: Apache-2.0
// Pooling: operations on neighbouring pixels, separately for each channel.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/convolution.hpp"
#include "executor/memory.hpp"
#include "executor/operation.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// A convolution with one kernel for each channel. The optional second input is the residual.
class DepthwiseConvolution final : public Operation {
public:
    /// @param weights [channels][1][kernel height][kernel width]
    /// @param bias    one value for each channel
    /// @param element element type of input and output; bfloat16 requires kernels with bfloat16 and
    /// an even number of channels, bytes require kernels with int8
    /// @param ranges  ranges of the input's channels; only for bytes
    DepthwiseConvolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                         std::span<const float> weights, std::span<const float> bias,
                         Activation activation, Element element = Element::float32,
                         std::span<const ByteRange> ranges = {});
    /// @throws InvalidArgument if the record is not one of record()
    DepthwiseConvolution(const Kernels& kernels, RecordReader& record);

    static constexpr const char* kind = "depthwise convolution";

    std::string name() const override;
    bool takes(std::span<const Element> inputs, Element output) const override {
        return are_all(inputs, element_) && output == element_;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    double flops(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    /// Returns the number of channels, rounded up to one or two whole vectors.
    std::size_t padded_channels(const Kernels& kernels) const;
    /// Returns the index of a channel in the weights of a tap.
    std::size_t place(std::size_t channel) const;

    ConvolutionGeometry geometry_;
    std::size_t channels_;
    Element element_;
    Numbers weights_;          ///< [taps][padded channels]
    std::vector<float> bias_;  ///< [padded channels]
    Activation activation_;
    std::vector<float> zero_;  ///< A pixel of padding.
};

/// Computes the largest value under the kernel, without padding.
class MaximumPool final : public Operation {
public:
    explicit MaximumPool(const ConvolutionGeometry& geometry) : geometry_(geometry) {}
    explicit MaximumPool(RecordReader& record) : geometry_(record.geometry()) {}

    static constexpr const char* kind = "maximum pool";

    std::string name() const override { return "maximum pool"; }
    bool selects_numbers(std::size_t /*inputs*/) const override { return true; }
    bool takes(std::span<const Element> inputs, Element output) const override {
        return are_all(inputs, output);
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    ConvolutionGeometry geometry_;
};

/// Computes the mean of the values under the kernel; padding counts as zeros.
class AveragePool final : public Operation {
public:
    explicit AveragePool(const ConvolutionGeometry& geometry) : geometry_(geometry) {}
    explicit AveragePool(RecordReader& record) : geometry_(record.geometry()) {}

    static constexpr const char* kind = "average pool";

    std::string name() const override { return kind; }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    ConvolutionGeometry geometry_;
};

/// Computes the mean of each feature map: one pixel.
class GlobalMean final : public Operation {
public:
    static constexpr const char* kind = "global mean";

    std::string name() const override { return "mean"; }
    bool takes(std::span<const Element> /*inputs*/, Element output) const override {
        return output == Element::float32;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;
};

}  // namespace speciesnet::executor
