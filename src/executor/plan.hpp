// SPDX-License-Identifier: Apache-2.0
// Represents a network as a list of operations on feature maps.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/convolution.hpp"
#include "executor/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace speciesnet::executor {

/// One operation on each value of a network's input, rounded to float32.
struct ScalarArithmetic {
    enum class Kind : std::int32_t { add, multiply, divide };
    Kind kind = Kind::add;
    float operand = 0;
    bool operator==(const ScalarArithmetic&) const = default;
};

/// Rounds each result, as networks written as graphs do.
void compute(const ScalarArithmetic& step, std::span<float> numbers);

/// Far more than networks have before their first convolution.
inline constexpr std::size_t most_input_arithmetic = 16;

/// The layout of a network's input that the first operation requires.
struct InputLayout {
    std::size_t channels = 3;
    /// Applied to the input's values in this order, before padding is added.
    std::vector<ScalarArithmetic> arithmetic = {};
    /// The convolution for which the input is prepared, if any. Its padding is added, and the
    /// pixels under a row of its kernel are merged into one pixel with as many times the channels.
    /// Kernels would be inefficient with the few channels of the input.
    std::optional<ConvolutionGeometry> merged = std::nullopt;
    bool operator==(const InputLayout&) const = default;
};

/// Operations in their order. Concatenated feature maps are written into the memory of the result,
/// side by side, so that concatenation does not copy.
class Plan {
public:
    using Value = std::size_t;

    /// The memory of a feature map with this number of channels.
    struct Buffer {
        std::size_t channels = 0;
        Element element = Element::float32;
        std::vector<ByteRange> ranges = {};  ///< One for each channel, if the elements are bytes.
    };
    struct ValueEntry {
        std::size_t buffer;
        std::size_t first_channel;
        std::size_t channels;
    };
    struct Step {
        std::unique_ptr<Operation> operation;
        std::vector<Value> inputs;
        Value output = 0;
    };
    struct Input {
        InputLayout layout;
        Value value = 0;
    };

    Plan() = default;
    /// Creates a plan from its parts, as the functions below return them.
    /// @throws InvalidArgument if they are inconsistent, so that a plan from a damaged file never
    /// accesses other memory
    Plan(std::vector<ValueEntry> values, std::vector<Buffer> buffers, std::vector<Step> steps,
         std::vector<Input> inputs, std::vector<Value> kept);

    /// Adds an input of the caller. @return the value that operations use
    Value add_input(const InputLayout& layout);
    /// @param operation null if supply() will set it
    /// @param channels  channels of the output; narrow elements must fill whole floats
    Value add(std::unique_ptr<Operation> operation, std::vector<Value> inputs, std::size_t channels,
              Element element = Element::float32);
    /// Sets the operation of a step. Threads may call this concurrently for different steps, while
    /// the plan does not change otherwise.
    void supply(std::size_t step, std::unique_ptr<Operation> operation);
    /// Changes a buffer's element type, before the operations that use it are supplied.
    void set_element(std::size_t buffer, Element element) { buffers_[buffer].element = element; }
    /// @param ranges one for each channel
    void set_ranges(std::size_t buffer, std::vector<ByteRange> ranges) {
        buffers_[buffer].ranges = std::move(ranges);
    }
    /// Concatenates the channels of several feature maps of the same size.
    /// @throws InvalidArgument if their element types differ
    Value concatenate(const std::vector<Value>& values);
    /// Returns some of a value's channels without copying.
    Value part(Value value, std::size_t first_channel, std::size_t channels);
    /// Keeps a value in memory after the plan has run.
    void keep(Value value) { kept_.push_back(value); }

    const ValueEntry& value(Value value) const { return values_[value]; }
    const std::vector<ValueEntry>& values() const noexcept { return values_; }
    std::size_t value_count() const noexcept { return values_.size(); }
    Element element(Value value) const { return buffers_[values_[value].buffer].element; }
    const std::vector<Buffer>& buffers() const noexcept { return buffers_; }
    const std::vector<Step>& steps() const noexcept { return steps_; }
    const std::vector<Input>& inputs() const noexcept { return inputs_; }
    const std::vector<Value>& kept() const noexcept { return kept_; }

private:
    Value add_value(std::size_t channels, Element element);
    bool fills_its_buffer(Value value) const;
    bool is_consistent() const;

    std::vector<ValueEntry> values_;
    std::vector<Buffer> buffers_;
    std::vector<Step> steps_;
    std::vector<Input> inputs_;
    std::vector<Value> kept_;
};

}  // namespace speciesnet::executor
