// SPDX-License-Identifier: Apache-2.0
// Starts with every candidate and reverts buffers to float32 until all operations agree.
#include "executor/narrow_buffers.hpp"

#include <algorithm>
#include <vector>

namespace speciesnet::executor {
namespace {

class Choice {
public:
    Choice(Plan& plan, Element element, const TakesElements& takes)
        : plan_(plan), element_(element), takes_(takes) {}

    void start() {
        for (const auto& entry : plan_.values()) {
            plan_.set_element(entry.buffer, element_);
        }
        for (const auto& entry : plan_.values()) {
            // Values that share a float must belong to the same plan value.
            const std::size_t shared = elements_per_float(element_);
            if (entry.first_channel % shared != 0 || entry.channels % shared != 0) {
                plan_.set_element(entry.buffer, Element::float32);
            }
        }
        for (const auto& input : plan_.inputs()) {
            give_up(input.value);
        }
        for (const auto value : plan_.kept()) {
            give_up(value);
        }
    }

    /// @return whether a buffer changed
    bool improve() {
        bool has_changed = false;
        for (std::size_t step = 0; step < plan_.steps().size(); ++step) {
            has_changed = settle(step) || has_changed;
        }
        return has_changed;
    }

private:
    void give_up(Plan::Value value) {
        plan_.set_element(plan_.value(value).buffer, Element::float32);
    }

    bool is_taken(std::size_t index) const {
        const auto& step = plan_.steps()[index];
        std::vector<Element> inputs;
        for (const auto input : step.inputs) {
            inputs.push_back(plan_.element(input));
        }
        const auto output = plan_.element(step.output);
        return step.operation != nullptr ? step.operation->takes(inputs, output)
                                         : takes_(index, inputs, output);
    }

    /// Reverts as few values as possible.
    bool settle(std::size_t index) {
        if (is_taken(index)) {
            return false;
        }
        const auto& step = plan_.steps()[index];
        std::vector<Plan::Value> values{step.output};
        values.insert(values.end(), step.inputs.begin(), step.inputs.end());
        for (const auto value : values) {
            const auto buffer = plan_.value(value).buffer;
            const auto before = plan_.element(value);
            plan_.set_element(buffer, Element::float32);
            if (is_taken(index)) {
                return true;
            }
            plan_.set_element(buffer, before);
        }
        const bool changes = std::any_of(values.begin(), values.end(), [&](Plan::Value value) {
            return plan_.element(value) != Element::float32;
        });
        std::for_each(values.begin(), values.end(), [&](Plan::Value value) { give_up(value); });
        return changes;
    }

    Plan& plan_;
    Element element_;
    const TakesElements& takes_;
};

}  // namespace

void use_narrow(Plan& plan, Element element, const TakesElements& takes) {
    Choice choice(plan, element, takes);
    choice.start();
    while (choice.improve()) {
    }
}

}  // namespace speciesnet::executor
