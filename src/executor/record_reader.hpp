// SPDX-License-Identifier: Apache-2.0
// Deserialises the record of an operation. Records come from files: every value is validated.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/convolution_geometry.hpp"
#include "executor/kernels.hpp"
#include "executor/operation_record.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// The limit of a feature map: far above the channels of networks, and far below overflow of
/// products.
inline constexpr std::size_t most_channels = std::size_t{1} << 20U;
/// The limit of a kernel, stride, padding or dilation.
inline constexpr std::size_t most_geometry = 1024;

class RecordReader {
public:
    /// @param record must outlive this
    explicit RecordReader(const OperationRecord& record) : record_(record) {}

    /// Returns the next size. @throws InvalidArgument if there is none or it is out of range
    std::size_t size(std::size_t least, std::size_t most);
    /// Returns a number of channels.
    std::size_t channels();
    Activation activation();
    /// Returns one of the allowed types.
    Element element(std::initializer_list<Element> allowed);
    ConvolutionGeometry geometry();
    /// Returns the ranges of the channels. @throws InvalidArgument also if one is invalid
    std::vector<ByteRange> ranges(std::size_t channels);
    /// Returns the next values, whose number must be the product of the factors.
    Numbers numbers(std::initializer_list<std::size_t> factors);
    /// @throws InvalidArgument if a part was not read
    void end() const;

private:
    const OperationRecord& record_;
    std::size_t next_size_ = 0;
    std::size_t next_numbers_ = 0;
};

/// Returns the values that RecordReader::ranges() reads.
Numbers numbers_of(std::span<const ByteRange> ranges);

/// Appends the sizes that RecordReader::geometry() reads.
void record_geometry(const ConvolutionGeometry& geometry, OperationRecord& record);

}  // namespace speciesnet::executor
