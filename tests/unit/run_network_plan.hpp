// SPDX-License-Identifier: Apache-2.0
// Runs a plan of a whole network once.
#pragma once

#include "executor/network_plan.hpp"
#include "executor/plan_run.hpp"
#include "graph_interpreter.hpp"
#include "network/plan_borders.hpp"

namespace speciesnet {

inline TestTensor run(const executor::NetworkPlan& network, const executor::Kernels& kernels,
                      const TestTensor& input) {
    executor::Workspace workspace(2);
    executor::PlanRun run(network.plan, kernels, workspace);
    const auto pictures = executor::dense_pictures(input.values.data(),
                                                   input_size(input.shape, network.channels_first),
                                                   network.channels_first);
    const auto output = run.run({&pictures, 1}).front();
    TestTensor result{shape_of(output.size, network.output), {}};
    result.values.resize(output.size.pixels() * output.size.channels);
    copy_in_order(output, network.output, result.values.data());
    return result;
}

}  // namespace speciesnet
