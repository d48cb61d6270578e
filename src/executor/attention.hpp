// SPDX-License-Identifier: Apache-2.0
// Computes the attention of Transformers among the pixels of each feature map.
#pragma once

#include "executor/operation.hpp"
#include "executor/record_reader.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace speciesnet::executor {

/// Converts channels [head][query, key, value] to [head][value]: for each pixel and head, computes
/// the mean of all pixels' values, weighted with the softmax of scale × query · key.
class Attention final : public Operation {
public:
    struct Heads {
        std::size_t count = 1;
        std::size_t key_channels = 1;    ///< Channels of a query, and of a key.
        std::size_t value_channels = 1;  ///< All three sizes are at most most_channels.

        std::size_t channels() const noexcept { return 2 * key_channels + value_channels; }
    };

    Attention(const Heads& heads, float scale) : heads_(heads), scale_(scale) {}
    /// @throws InvalidArgument if the record is not one of record()
    explicit Attention(RecordReader& record);

    static constexpr const char* kind = "attention";

    std::string name() const override { return "attention"; }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    double flops(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    /// @param input  the channels of one head of one image
    /// @param output the same
    void run_head(const Execution& execution, const ConstPicture& input,
                  const Picture& output) const;

    Heads heads_;
    float scale_;
};

}  // namespace speciesnet::executor
