// SPDX-License-Identifier: Apache-2.0
#include "network/plan_network.hpp"

#include "network/plan_borders.hpp"

#include <array>
#include <utility>

namespace speciesnet {

PlanNetwork::PlanNetwork(executor::NetworkPlan plan, const executor::Kernels& kernels,
                         executor::Workspace& workspace)
    : plan_(std::move(plan)), run_(plan_.plan, kernels, workspace) {}

FloatArray PlanNetwork::forward(const FloatArray& input, const executor::TimingReceiver& timing) {
    const std::array inputs{
        executor::InputPictures{.data = input.values.data(),
                                .size = input_size(input.shape, plan_.channels_first),
                                .channels_first = plan_.channels_first}};
    const auto output = run_.run(inputs, timing).front();
    FloatArray result{.shape = shape_of(output.size, plan_.output), .values = {}};
    result.values.resize(output.size.pixels() * output.size.channels);
    copy_in_order(output, plan_.output, result.values.data());
    return result;
}

std::vector<std::int64_t> PlanNetwork::output_shape(const std::vector<std::int64_t>& input) {
    const std::array inputs{input_size(input, plan_.channels_first)};
    return shape_of(run_.output_sizes(inputs).front(), plan_.output);
}

}  // namespace speciesnet
