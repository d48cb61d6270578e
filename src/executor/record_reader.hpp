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

/// Of a picture: far above what networks have, and far below where products overflow.
inline constexpr std::size_t most_channels = std::size_t{1} << 20U;
/// Of a kernel, stride, padding or dilation.
inline constexpr std::size_t most_geometry = 1024;

class RecordReader {
public:
    /// @param record must outlive this
    explicit RecordReader(const OperationRecord& record) : record_(record) {}

    /// The next of the sizes. @throws InvalidArgument if there is none or it is not in the range
    std::size_t size(std::size_t least, std::size_t most);
    /// A number of channels.
    std::size_t channels();
    Activation activation();
    /// One of these.
    Element element(std::initializer_list<Element> allowed);
    ConvolutionGeometry geometry();
    /// Ranges of so many channels. @throws InvalidArgument also if one is not valid
    std::vector<ByteRange> ranges(std::size_t channels);
    /// The next numbers, which must be as many as the product of the factors.
    Numbers numbers(std::initializer_list<std::size_t> factors);
    /// @throws InvalidArgument if something was not read
    void end() const;

private:
    const OperationRecord& record_;
    std::size_t next_size_ = 0;
    std::size_t next_numbers_ = 0;
};

/// What RecordReader::ranges() reads.
Numbers numbers_of(std::span<const ByteRange> ranges);

/// Appends what RecordReader::geometry() reads.
void record_geometry(const ConvolutionGeometry& geometry, OperationRecord& record);

}  // namespace speciesnet::executor
