// SPDX-License-Identifier: Apache-2.0
// Chooses the file of a package from which a network is loaded.
#pragma once

#include "speciesnet/model.hpp"

#include "network/network.hpp"

#include <string>
#include <vector>

namespace speciesnet {

struct NetworkChoice {
    /// The network's own file; if the package does not have it, what was compiled of it.
    PackageFile file;
    NetworkOptions options;
    /// For people: compiled files that are skipped, why, and what to do.
    std::vector<std::string> passed_over = {};
};

/// With the network's own file, only what gives the same bits is taken instead: compiled for the
/// best kernels of this CPU. Without it, the best of what is there.
/// @param name    the network's file
/// @param options as network_options() makes them
/// @throws ModelError: model_incomplete if the package has neither a network nor anything usable
/// that was compiled of it; model_invalid for a compiled file that is damaged;
/// unsupported_hardware as compiled_for()
NetworkChoice choose_network(const Package& package, const std::string& name,
                             const NetworkOptions& options);

}  // namespace speciesnet
