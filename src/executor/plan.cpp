// SPDX-License-Identifier: Apache-2.0
// Builds a plan: assigns each operation's output to a buffer.
#include "executor/plan.hpp"

#include "speciesnet/error.hpp"

#include "executor/pixelwise.hpp"
#include "executor/record_reader.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::executor {

namespace {

/// Returns the number of channels that operations see of an input.
std::size_t channels_of(const InputLayout& layout) {
    return layout.merged ? layout.channels * layout.merged->kernel_width : layout.channels;
}

}  // namespace

void compute(const ScalarArithmetic& step, std::span<float> numbers) {
    const float operand = step.operand;
    switch (step.kind) {
        case ScalarArithmetic::Kind::add:
            for (float& number : numbers) {
                number += operand;
            }
            break;
        case ScalarArithmetic::Kind::multiply:
            for (float& number : numbers) {
                number *= operand;
            }
            break;
        case ScalarArithmetic::Kind::divide:
            for (float& number : numbers) {
                number /= operand;
            }
            break;
    }
}

Plan::Plan(std::vector<ValueEntry> values, std::vector<Buffer> buffers, std::vector<Step> steps,
           std::vector<Input> inputs, std::vector<Value> kept)
    : values_(std::move(values)),
      buffers_(std::move(buffers)),
      steps_(std::move(steps)),
      inputs_(std::move(inputs)),
      kept_(std::move(kept)) {
    if (!is_consistent()) {
        throw InvalidArgument("the parts of a plan are inconsistent");
    }
}

bool Plan::is_consistent() const {
    const auto exists = [&](Value value) { return value < values_.size(); };
    const auto fits = [&](const ValueEntry& entry) {
        if (entry.buffer >= buffers_.size()) {
            return false;
        }
        const auto& buffer = buffers_[entry.buffer];
        // Narrow elements that share a float must belong to the same value.
        const std::size_t shared = elements_per_float(buffer.element);
        const bool is_whole = entry.channels % shared == 0 && entry.first_channel % shared == 0;
        return is_whole && entry.channels != 0 && entry.channels <= buffer.channels &&
               entry.first_channel <= buffer.channels - entry.channels;
    };
    // Each value has one source, and therefore one size.
    std::vector<bool> has_source(values_.size());
    const auto becomes_source = [&](Value value) {
        const bool is_new = exists(value) && !has_source[value];
        if (is_new) {
            has_source[value] = true;
        }
        return is_new;
    };
    const auto is_sound = [&](const Step& step) {
        return step.operation != nullptr && becomes_source(step.output) && !step.inputs.empty() &&
               std::all_of(step.inputs.begin(), step.inputs.end(), exists);
    };
    // An input has the layout of the caller's data, so no other value may use its buffer.
    const auto has_own_buffer = [&](const Input& input) {
        return becomes_source(input.value) &&
               values_[input.value].channels == channels_of(input.layout) &&
               buffers_[values_[input.value].buffer].channels == channels_of(input.layout) &&
               element(input.value) == Element::float32 &&
               std::count_if(values_.begin(), values_.end(), [&](const ValueEntry& entry) {
                   return entry.buffer == values_[input.value].buffer;
               }) == 1;
    };
    const auto is_possible = [](const Buffer& buffer) {
        const std::size_t ranges = buffer.element == Element::byte ? buffer.channels : 0;
        return buffer.channels <= most_channels &&
               buffer.channels % elements_per_float(buffer.element) == 0 &&
               buffer.ranges.size() == ranges &&
               std::all_of(buffer.ranges.begin(), buffer.ranges.end(), is_valid);
    };
    return std::all_of(buffers_.begin(), buffers_.end(), is_possible) &&
           std::all_of(values_.begin(), values_.end(), fits) &&
           std::all_of(steps_.begin(), steps_.end(), is_sound) &&
           std::all_of(inputs_.begin(), inputs_.end(), has_own_buffer) &&
           std::all_of(kept_.begin(), kept_.end(), [&](Value value) {
               return exists(value) && element(value) == Element::float32;
           });
}

Plan::Value Plan::add_value(std::size_t channels, Element element) {
    values_.push_back({.buffer = buffers_.size(), .first_channel = 0, .channels = channels});
    buffers_.push_back({.channels = channels, .element = element});
    return values_.size() - 1;
}

Plan::Value Plan::add_input(const InputLayout& layout) {
    const Value value = add_value(channels_of(layout), Element::float32);
    inputs_.push_back({layout, value});
    return value;
}

Plan::Value Plan::add(std::unique_ptr<Operation> operation, std::vector<Value> inputs,
                      std::size_t channels, Element element) {
    const Value output = add_value(channels, element);
    steps_.push_back({std::move(operation), std::move(inputs), output});
    return output;
}

void Plan::supply(std::size_t step, std::unique_ptr<Operation> operation) {
    steps_[step].operation = std::move(operation);
}

bool Plan::fills_its_buffer(Value value) const {
    return values_[value].channels == buffers_[values_[value].buffer].channels &&
           std::none_of(inputs_.begin(), inputs_.end(), [&](const Input& input) {
               return values_[input.value].buffer == values_[value].buffer;
           });
}

Plan::Value Plan::concatenate(const std::vector<Value>& values) {
    std::size_t channels = 0;
    for (const Value value : values) {
        channels += values_[value].channels;
    }
    const Value result = add_value(channels, element(values.front()));
    const std::size_t buffer = values_[result].buffer;
    std::size_t first_channel = 0;
    for (Value value : values) {
        if (element(value) != element(result)) {
            throw InvalidArgument("feature maps of different element types are concatenated");
        }
        if (!fills_its_buffer(value)) {
            // Copies it, because it is already part of another value.
            value = add(std::make_unique<Pixelwise>(Activation::none), {value},
                        values_[value].channels, element(value));
        }
        const std::size_t old = values_[value].buffer;
        for (auto& entry : values_) {
            if (entry.buffer == old) {
                entry.buffer = buffer;
                entry.first_channel += first_channel;
            }
        }
        first_channel += values_[value].channels;
    }
    return result;
}

Plan::Value Plan::part(Value value, std::size_t first_channel, std::size_t channels) {
    auto entry = values_[value];
    entry.first_channel += first_channel;
    entry.channels = channels;
    values_.push_back(entry);
    return values_.size() - 1;
}

}  // namespace speciesnet::executor
