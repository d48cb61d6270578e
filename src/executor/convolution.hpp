// Convolutions without groups, with what follows them: bias, activation, and a residual that is
// added.
#pragma once

#include "executor/memory.hpp"
#include "executor/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// Kernel, stride, padding and dilation.
struct ConvolutionGeometry {
    std::size_t kernel_height = 1;
    std::size_t kernel_width = 1;
    std::size_t stride_height = 1;
    std::size_t stride_width = 1;
    std::size_t pad_top = 0;
    std::size_t pad_left = 0;
    std::size_t pad_bottom = 0;
    std::size_t pad_right = 0;
    std::size_t dilation_height = 1;  ///< Rows from one tap to the next.
    std::size_t dilation_width = 1;

    std::size_t taps() const noexcept { return kernel_height * kernel_width; }
    bool is_dilated() const noexcept { return dilation_height != 1 || dilation_width != 1; }

    /// @throws InvalidArgument if the kernel is larger than the padded picture
    PictureSize output_size(const PictureSize& input, std::size_t channels) const;
};

/// Channels of the pictures that weights [outputs][inputs][taps] are for.
inline std::size_t input_channels(std::span<const float> weights, std::size_t outputs,
                                  std::size_t taps) {
    return weights.size() / outputs / taps;
}

/// The size of a convolution's output.
/// @param inputs the picture and perhaps the residual
/// @throws InvalidArgument if one of them does not fit
PictureSize checked_output_size(const ConvolutionGeometry& geometry,
                                std::span<const PictureSize> inputs, std::size_t input_channels,
                                std::size_t output_channels);

/// For each tap of the kernel and each of the `pixels.size()` output pixels, where the input pixel
/// is; `zeros` stands for those in the padding.
/// @param pixels indices of output pixels
/// @param rows   [taps][pixels.size()]
void gather_rows(const ConvolutionGeometry& geometry, const ConstPicture& input,
                 const PictureSize& output, std::span<const std::size_t> pixels, const float* zeros,
                 const float** rows);

/// Weights of a convolution in the order in which tiles read them.
class PackedWeights {
public:
    /// @param weights [output channels][input channels][kernel height][kernel width]
    /// @param width   floats per vector
    PackedWeights(std::size_t width, const TileShape& tiles, std::span<const float> weights,
                  std::size_t outputs, std::size_t inputs, std::size_t taps);

    /// Output channels that one tile computes.
    struct Panel {
        int vectors;
        std::size_t first_channel;
        std::size_t channels;  ///< Without those that only fill the last vector.
        std::size_t offset;  ///< Of the panel's weights, which are [taps][inputs][vectors × width].
    };

    std::span<const Panel> panels() const noexcept { return panels_; }
    int tile_rows() const noexcept { return tile_rows_; }
    std::size_t most_columns() const noexcept { return most_columns_; }  ///< Of a panel.
    std::size_t inputs() const noexcept { return inputs_; }
    std::size_t outputs() const noexcept { return outputs_; }
    std::size_t taps() const noexcept { return taps_; }
    const float* weights(const Panel& panel) const noexcept { return data_.data() + panel.offset; }

private:
    /// @param weights of the channels of one panel
    /// @param columns of the panel, with those that only fill it
    void pack(std::span<const float> weights, std::size_t columns, float* packed) const;

    std::size_t inputs_;
    std::size_t outputs_;
    std::size_t taps_;
    int tile_rows_ = 0;
    std::size_t most_columns_ = 0;
    std::vector<Panel> panels_;
    Memory data_;
};

/// One run of a convolution.
struct ConvolutionTask {
    const ConvolutionGeometry& geometry;
    const PackedWeights& weights;
    /// Filled up to whole vectors; null if `shift` has it.
    const float* bias;
    const float* scale;  ///< See ConvolutionTile.
    const float* shift;
    Activation activation;
    const ConstPicture& input;
    const ConstPicture* residual;  ///< Or null.
    const Picture& output;
};

/// What convolutions have in common, however they compute. The second input, if there is one, is
/// the residual.
class ConvolutionOperation : public Operation {
public:
    std::string name() const override;
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    double flops(std::span<const PictureSize> inputs) const override;

protected:
    /// @param method what name() adds
    ConvolutionOperation(const Kernels& kernels, const ConvolutionGeometry& geometry,
                         std::size_t inputs, std::span<const float> bias, Activation activation,
                         std::string method);

    const ConvolutionGeometry& geometry() const noexcept { return geometry_; }
    const std::vector<float>& bias() const noexcept { return bias_; }
    ConvolutionTask task(const PackedWeights& weights, const ConstPicture& input,
                         std::span<const ConstPicture> inputs, const Picture& output) const;

private:
    ConvolutionGeometry geometry_;
    std::size_t inputs_;
    std::size_t outputs_;
    std::vector<float> bias_;  ///< Filled up to whole vectors.
    Activation activation_;
    std::string method_;
};

/// In float32.
class Convolution final : public ConvolutionOperation {
public:
    /// How sums are computed.
    enum class Method : std::int32_t {
        direct,
        winograd,  ///< Only for 3×3 kernels of stride 1, and whole vectors of channels.
    };

    /// @param weights [output channels][input channels][kernel height][kernel width]
    /// @param bias    one per output channel
    Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                std::span<const float> weights, std::span<const float> bias, Activation activation,
                Method method);

    /// Whether Winograd's method can be used, and pays.
    static bool suits_winograd(const Kernels& kernels, const ConvolutionGeometry& geometry,
                               std::size_t inputs, std::size_t outputs);

    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;

private:
    PackedWeights weights_;
    Method method_;
};

}  // namespace speciesnet::executor
