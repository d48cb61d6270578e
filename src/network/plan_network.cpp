// SPDX-License-Identifier: Apache-2.0
#include "network/plan_network.hpp"

#include "network/plan_borders.hpp"

#include <array>
#include <utility>

namespace speciesnet {

PlanNetwork::PlanNetwork(executor::NetworkPlan plan, const executor::Kernels& kernels,
                         executor::Workspace& workspace, executor::PictureReceiver receive)
    : plan_(std::move(plan)), run_(plan_.plan, kernels, workspace, std::move(receive)) {}

FloatArray PlanNetwork::forward(const executor::InputPictures& input,
                                const executor::TimingReceiver& timing) {
    const auto output = run_.run({&input, 1}, timing).front();
    FloatArray result{.shape = shape_of(output.size, plan_.output), .values = {}};
    result.values.resize(output.size.pixels() * output.size.channels);
    copy_in_order(output, plan_.output, result.values.data());
    return result;
}

FloatArray PlanNetwork::forward(const FloatArray& input, const executor::TimingReceiver& timing) {
    return forward(
        executor::dense_pictures(input.values.data(), input_size(input.shape, plan_.channels_first),
                                 plan_.channels_first),
        timing);
}

std::vector<std::int64_t> PlanNetwork::output_shape(const std::vector<std::int64_t>& input) {
    const std::array inputs{input_size(input, plan_.channels_first)};
    return shape_of(run_.output_sizes(inputs).front(), plan_.output);
}

}  // namespace speciesnet
