// Who writes where.
#include "executor/plan.hpp"

#include "executor/pixelwise.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::executor {

Plan::Value Plan::add_value(std::size_t channels) {
    values_.push_back({.buffer = buffers_.size(), .first_channel = 0, .channels = channels});
    buffers_.push_back(channels);
    return values_.size() - 1;
}

Plan::Value Plan::add_input(const InputLayout& layout) {
    const Value value =
        add_value(layout.merged ? layout.channels * layout.merged->kernel_width : layout.channels);
    inputs_.push_back({layout, value});
    return value;
}

Plan::Value Plan::add(std::unique_ptr<Operation> operation, std::vector<Value> inputs,
                      std::size_t channels) {
    const Value output = add_value(channels);
    steps_.push_back({std::move(operation), std::move(inputs), output});
    return output;
}

void Plan::supply(std::size_t step, std::unique_ptr<Operation> operation) {
    steps_[step].operation = std::move(operation);
}

bool Plan::fills_its_buffer(Value value) const {
    return values_[value].channels == buffers_[values_[value].buffer] &&
           std::none_of(inputs_.begin(), inputs_.end(), [&](const Input& input) {
               return values_[input.value].buffer == values_[value].buffer;
           });
}

Plan::Value Plan::concatenate(const std::vector<Value>& values) {
    std::size_t channels = 0;
    for (const Value value : values) {
        channels += values_[value].channels;
    }
    const Value result = add_value(channels);
    const std::size_t buffer = values_[result].buffer;
    std::size_t first_channel = 0;
    for (Value value : values) {
        if (!fills_its_buffer(value)) {
            // It is a part of something else already.
            value = add(std::make_unique<Pixelwise>(Activation::none), {value},
                        values_[value].channels);
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

}  // namespace speciesnet::executor
