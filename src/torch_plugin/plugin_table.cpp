// SPDX-License-Identifier: Apache-2.0
// Defines the table of functions and exports it.
#include "speciesnet/export.hpp"

#include "torch_plugin/runtime.hpp"
#include "torch_plugin/torch_network.hpp"
#include "torch_plugin/torch_plugin.hpp"
#include "torch_plugin/torchscript_writer.hpp"

extern "C" SPECIESNET_EXPORT const void* speciesnet_torch_plugin() {
    static constexpr speciesnet::TorchPlugin plugin{.load_file = speciesnet::load_torchscript,
                                                    .load_graph = speciesnet::load_graph,
                                                    .write = speciesnet::write_torchscript,
                                                    .runtime_info = speciesnet::torch_runtime_info};
    return &plugin;
}
