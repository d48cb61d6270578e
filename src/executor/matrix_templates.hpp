// SPDX-License-Identifier: Apache-2.0
// The parts of matrix products that all kernels share. Included like kernel_templates.hpp, after
// it.

/// Returns the number of the product's channels in the panel that starts at a channel.
inline std::size_t panel_channels(const MatrixProduct& product, std::size_t first_channel) {
    const std::size_t rest = product.channels - first_channel;
    return rest < matrix_panel ? rest : matrix_panel;
}

/// Returns the offset of a block of channels within a pixel, in floats.
inline std::size_t place_of_block(const MatrixProduct& product, std::size_t block) {
    return block + 1 == product.blocks ? product.last_block : block * matrix_side;
}

/// Writes the sums of some pixels and one panel pixel by pixel, which may overlap with the
/// computation of others. `Output` converts the sums: write_whole() writes sixteen or thirty-two
/// channels of its element type, write_pixel() any number of any type. All functions are inlined,
/// so that the counters stay in registers of the caller.
template <class Output>
class SumWriter {
public:
    explicit SumWriter(const MatrixProduct& product) : product_(product) {}

    /// @param sums  [pixels][columns], which must stay valid until they are written
    /// @param pixel the first pixel
    [[gnu::always_inline]] void begin(const float* sums, std::size_t columns, std::size_t pixel,
                                      std::size_t pixels, std::size_t first_channel) {
        const std::size_t rest = product_.pixels - pixel;
        pixels_ = rest < pixels ? rest : pixels;
        columns_ = columns;
        first_channel_ = first_channel;
        sums_ = sums;
        is_whole_ = product_.element == Output::element &&
                    panel_channels(product_, first_channel) == columns;
        const std::size_t place = product_.first_column + pixel;
        begin_row(place / product_.row_length, place % product_.row_length);
    }
    [[gnu::always_inline]] void write(std::size_t pixels) {
        for (; pixels > 0 && pixels_ > 0; --pixels, --pixels_, sums_ += columns_) {
            if (row_rest_ == 0) {
                begin_row(row_ + 1, 0);
                if (product_.row_length != product_.row_pixels) {
                    continue;  // Skips the frame between two rows.
                }
            }
            if (is_whole_) {
                write_whole();
            } else {
                Output::write_pixel(product_, sums_, first_channel_, output_, residual_);
            }
            output_ += product_.epilogue.output_stride;
            if (residual_ != nullptr) {
                residual_ += product_.epilogue.residual_stride;
            }
            --row_rest_;
        }
    }
    [[gnu::always_inline]] void write_rest() { write(pixels_); }

private:
    [[gnu::always_inline]] void begin_row(std::size_t row, std::size_t column) {
        const Epilogue& epilogue = product_.epilogue;
        const std::size_t floats = floats_of(product_.element, first_channel_);
        row_ = row;
        row_rest_ = product_.row_pixels > column ? product_.row_pixels - column : 0;
        output_ = epilogue.output + row * product_.output_row_stride +
                  column * epilogue.output_stride + floats;
        if (epilogue.residual != nullptr) {
            residual_ = epilogue.residual + row * product_.residual_row_stride +
                        column * epilogue.residual_stride + floats;
        }
    }
    [[gnu::always_inline]] void write_whole() const {
        if (columns_ == matrix_side) {
            Output::template write_whole<matrix_side>(product_, sums_, first_channel_, output_,
                                                      residual_);
            return;
        }
        Output::template write_whole<matrix_panel>(product_, sums_, first_channel_, output_,
                                                   residual_);
        // The lines of different pixels are far apart, so the CPU does not prefetch them by itself.
        __builtin_prefetch(output_ + pixels_ahead * product_.epilogue.output_stride, 1);
        if (residual_ != nullptr) {
            __builtin_prefetch(residual_ + pixels_ahead * product_.epilogue.residual_stride, 0, 2);
        }
    }

    static constexpr std::size_t pixels_ahead = 2 * matrix_side;

    const MatrixProduct& product_;
    const float* sums_ = nullptr;
    float* output_ = nullptr;
    const float* residual_ = nullptr;
    std::size_t pixels_ = 0;
    std::size_t columns_ = 0;
    std::size_t first_channel_ = 0;
    std::size_t row_ = 0;
    std::size_t row_rest_ = 0;  ///< Remaining pixels of the row.
    bool is_whole_ = false;     ///< Consists of whole vectors of Output's element type.
};
