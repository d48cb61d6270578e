// SPDX-License-Identifier: Apache-2.0
// A network as a list of operations on pictures.
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

/// One operation on each number of a network's input, rounded to float32.
struct ScalarArithmetic {
    enum class Kind : std::int32_t { add, multiply, divide };
    Kind kind = Kind::add;
    float operand = 0;
    bool operator==(const ScalarArithmetic&) const = default;
};

/// Far more than networks have in front of their first convolution.
inline constexpr std::size_t most_input_arithmetic = 16;

/// How the first operation wants a network's input.
struct InputLayout {
    std::size_t channels = 3;
    /// What becomes of the input's numbers, in this order, before anything surrounds them.
    std::vector<ScalarArithmetic> arithmetic = {};
    /// The convolution that the input is prepared for, if any: the picture is surrounded by the
    /// convolution's padding, and the pixels under a row of its kernel are seen as one pixel with
    /// as many times the channels. So few channels would leave the kernels nothing to do.
    std::optional<ConvolutionGeometry> merged = std::nullopt;
    bool operator==(const InputLayout&) const = default;
};

/// Operations in the order in which they run. Pictures that are concatenated lie side by side in
/// the memory of the result from the beginning, so that concatenation costs nothing.
class Plan {
public:
    using Value = std::size_t;

    /// A piece of memory: a picture of so many channels.
    struct Buffer {
        std::size_t channels = 0;
        Element element = Element::float32;
        std::vector<ByteRange> ranges = {};  ///< Of each channel, if the elements are bytes.
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
    /// A plan of its parts, as the functions below give them.
    /// @throws InvalidArgument if they contradict each other, so that a plan from a damaged file
    /// never reads or writes outside its memory
    Plan(std::vector<ValueEntry> values, std::vector<Buffer> buffers, std::vector<Step> steps,
         std::vector<Input> inputs, std::vector<Value> kept);

    /// A picture that the caller gives. @return what operations see of it
    Value add_input(const InputLayout& layout);
    /// @param operation null if supply() brings it
    /// @param channels  that the operation gives; narrow ones fill whole floats
    Value add(std::unique_ptr<Operation> operation, std::vector<Value> inputs, std::size_t channels,
              Element element = Element::float32);
    /// Gives a step its operation, from any thread, as long as no other changes the plan or this
    /// step.
    void supply(std::size_t step, std::unique_ptr<Operation> operation);
    /// Changes what is in a piece of memory, before the operations for it are supplied.
    void set_element(std::size_t buffer, Element element) { buffers_[buffer].element = element; }
    /// @param ranges of each channel
    void set_ranges(std::size_t buffer, std::vector<ByteRange> ranges) {
        buffers_[buffer].ranges = std::move(ranges);
    }
    /// Channels of several pictures of the same size one after the other.
    /// @throws InvalidArgument if they have different elements
    Value concatenate(const std::vector<Value>& values);
    /// Some of a value's channels, where they are.
    Value part(Value value, std::size_t first_channel, std::size_t channels);
    /// Leaves a value in memory when the plan has run.
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
