// SPDX-License-Identifier: Apache-2.0
// Limits other sizes as generously as the number of channels.
#include "executor/record_reader.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace speciesnet::executor {
namespace {

[[noreturn]] void fail() {
    throw InvalidArgument("the record of an operation is damaged");
}

}  // namespace

std::size_t RecordReader::size(std::size_t least, std::size_t most) {
    if (next_size_ == record_.sizes.size() || record_.sizes[next_size_] < least ||
        record_.sizes[next_size_] > most) {
        fail();
    }
    return record_.sizes[next_size_++];
}

std::size_t RecordReader::channels() {
    return size(1, most_channels);
}

Activation RecordReader::activation() {
    return static_cast<Activation>(size(0, static_cast<std::size_t>(Activation::sigmoid)));
}

Element RecordReader::element(std::initializer_list<Element> allowed) {
    const auto element = static_cast<Element>(size(0, static_cast<std::size_t>(Element::byte)));
    if (std::find(allowed.begin(), allowed.end(), element) == allowed.end()) {
        fail();
    }
    return element;
}

std::vector<ByteRange> RecordReader::ranges(std::size_t channels) {
    const auto bounds = numbers({channels, 2}).span();
    std::vector<ByteRange> ranges;
    for (std::size_t channel = 0; channel < channels; ++channel) {
        ranges.push_back({.least = bounds[2 * channel], .most = bounds[2 * channel + 1]});
    }
    if (!std::all_of(ranges.begin(), ranges.end(), is_valid)) {
        throw InvalidArgument("a calibrated range is not finite or does not contain 0");
    }
    return ranges;
}

Numbers numbers_of(std::span<const ByteRange> ranges) {
    Memory bounds(2 * ranges.size());
    float* to = bounds.data();
    for (const auto& range : ranges) {
        *to++ = range.least;
        *to++ = range.most;
    }
    return Numbers(std::move(bounds));
}

ConvolutionGeometry RecordReader::geometry() {
    ConvolutionGeometry geometry;
    geometry.kernel_height = size(1, most_geometry);
    geometry.kernel_width = size(1, most_geometry);
    geometry.stride_height = size(1, most_geometry);
    geometry.stride_width = size(1, most_geometry);
    geometry.pad_top = size(0, most_geometry);
    geometry.pad_left = size(0, most_geometry);
    geometry.pad_bottom = size(0, most_geometry);
    geometry.pad_right = size(0, most_geometry);
    geometry.dilation_height = size(1, most_geometry);
    geometry.dilation_width = size(1, most_geometry);
    return geometry;
}

void record_geometry(const ConvolutionGeometry& geometry, OperationRecord& record) {
    record.sizes.insert(
        record.sizes.end(),
        {geometry.kernel_height, geometry.kernel_width, geometry.stride_height,
         geometry.stride_width, geometry.pad_top, geometry.pad_left, geometry.pad_bottom,
         geometry.pad_right, geometry.dilation_height, geometry.dilation_width});
}

Numbers RecordReader::numbers(std::initializer_list<std::size_t> factors) {
    std::size_t count = 1;
    for (const std::size_t factor : factors) {
        if (factor != 0 && count > std::numeric_limits<std::size_t>::max() / factor) {
            fail();
        }
        count *= factor;
    }
    if (next_numbers_ == record_.numbers.size() || record_.numbers[next_numbers_].size() != count) {
        fail();
    }
    return record_.numbers[next_numbers_++];
}

void RecordReader::end() const {
    if (next_size_ != record_.sizes.size() || next_numbers_ != record_.numbers.size()) {
        fail();
    }
}

}  // namespace speciesnet::executor
