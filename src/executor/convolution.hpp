// SPDX-License-Identifier: Apache-2.0
// Convolutions without groups, fused with bias, activation, and the addition of a residual.
#pragma once

#include "executor/convolution_geometry.hpp"
#include "executor/memory.hpp"
#include "executor/operation.hpp"
#include "executor/record_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// Returns the number of input channels of weights [outputs][inputs][taps].
inline std::size_t input_channels(std::span<const float> weights, std::size_t outputs,
                                  std::size_t taps) {
    return weights.size() / outputs / taps;
}

/// Weights of a convolution in the order in which tiles read them.
class PackedWeights {
public:
    /// @param weights [output channels][input channels][kernel height][kernel width]
    /// @param width   floats per vector
    PackedWeights(std::size_t width, const TileShape& tiles, std::span<const float> weights,
                  std::size_t outputs, std::size_t inputs, std::size_t taps);

    /// Reads weights that are already in that order.
    /// @param record provides the weights with numbers()
    /// @throws InvalidArgument if their number does not match
    PackedWeights(std::size_t width, const TileShape& tiles, RecordReader& record,
                  std::size_t outputs, std::size_t inputs, std::size_t taps);

    /// The output channels of one tile.
    struct Panel {
        int vectors;
        std::size_t first_channel;
        std::size_t channels;  ///< Without those that pad the last vector.
        std::size_t offset;    ///< Of its weights, [taps][inputs][vectors × width].
    };

    std::span<const Panel> panels() const noexcept { return panels_; }
    int tile_rows() const noexcept { return tile_rows_; }
    std::size_t most_columns() const noexcept { return most_columns_; }  ///< Maximum of all panels.
    std::size_t inputs() const noexcept { return inputs_; }
    std::size_t outputs() const noexcept { return outputs_; }
    std::size_t taps() const noexcept { return taps_; }
    const float* weights(const Panel& panel) const noexcept { return data_.data() + panel.offset; }
    const Numbers& numbers() const noexcept { return data_; }

private:
    /// @return the number of weights, including padding
    std::size_t lay_out(std::size_t width, const TileShape& tiles);
    /// @param weights weights of the channels of one panel
    /// @param columns width of the panel, including padding
    void pack(std::span<const float> weights, std::size_t columns, float* packed) const;

    std::size_t inputs_;
    std::size_t outputs_;
    std::size_t taps_;
    int tile_rows_ = 0;
    std::size_t most_columns_ = 0;
    std::vector<Panel> panels_;
    Numbers data_;
};

/// One run of a convolution.
struct ConvolutionTask {
    const ConvolutionGeometry& geometry;
    const PackedWeights& weights;
    /// Padded to whole vectors; null if `shift` includes it.
    const float* bias;
    const float* scale;  ///< See ConvolutionTile.
    const float* shift;
    Activation activation;
    const ConstPicture& input;
    const ConstPicture* residual;  ///< May be null.
    const Picture& output;
};

/// The common part of all convolutions. The optional second input is the residual.
class ConvolutionOperation : public Operation {
public:
    std::string name() const override;
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    double flops(std::span<const PictureSize> inputs) const override;

protected:
    /// @param method appended to name()
    ConvolutionOperation(const Kernels& kernels, const ConvolutionGeometry& geometry,
                         std::size_t inputs, std::span<const float> bias, Activation activation,
                         std::string method);
    ConvolutionOperation(const Kernels& kernels, RecordReader& record, std::string method);

    /// Writes the values that the second constructor reads, then the weights.
    OperationRecord record_of(std::string kind, const Numbers& weights) const;

    const ConvolutionGeometry& geometry() const noexcept { return geometry_; }
    std::size_t inputs() const noexcept { return inputs_; }
    std::size_t outputs() const noexcept { return outputs_; }
    const std::vector<float>& bias() const noexcept { return bias_; }
    Activation activation() const noexcept { return activation_; }
    ConvolutionTask task(const PackedWeights& weights, const ConstPicture& input,
                         std::span<const ConstPicture> inputs, const Picture& output) const;

private:
    ConvolutionGeometry geometry_;
    std::size_t inputs_;
    std::size_t outputs_;
    std::vector<float> bias_;  ///< Padded to whole vectors.
    Activation activation_;
    std::string method_;
};

/// A convolution with float32 products and sums.
class Convolution final : public ConvolutionOperation {
public:
    /// The method of summation.
    enum class Method : std::int32_t {
        direct,
        winograd,  ///< Only for 3×3 kernels of stride 1, and whole vectors of channels.
    };

    /// @param weights [output channels][input channels][kernel height][kernel width]
    /// @param bias    one value for each output channel
    /// @param element element type of all feature maps; bfloat16 requires Winograd's method and
    /// kernels with bfloat16
    Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                std::span<const float> weights, std::span<const float> bias, Activation activation,
                Method method, Element element = Element::float32);
    /// @throws InvalidArgument if the record is not one of record()
    Convolution(const Kernels& kernels, RecordReader& record, Method method);

    /// Returns the kind of its record.
    static const char* kind(Method method);

    /// Returns whether Winograd's method is possible.
    static bool allows_winograd(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                std::size_t inputs, std::size_t outputs);
    /// Returns whether Winograd's method is possible and faster.
    static bool suits_winograd(const Kernels& kernels, const ConvolutionGeometry& geometry,
                               std::size_t inputs, std::size_t outputs);

    bool takes(std::span<const Element> inputs, Element output) const override {
        return are_all(inputs, element_) && output == element_;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    /// @throws InvalidArgument if the method does not support the convolution
    void check(const Kernels& kernels) const;

    PackedWeights weights_;
    Method method_;
    Element element_;
};

}  // namespace speciesnet::executor
