// SPDX-License-Identifier: Apache-2.0
// Chooses the file of a package from which a network is loaded.
#pragma once

#include "speciesnet/model.hpp"

#include "network/network.hpp"

#include <string>
#include <vector>

namespace speciesnet {

struct NetworkChoice {
    /// The network's own file; if the package lacks it, a compiled form.
    PackageFile file;
    NetworkOptions options;
    /// Messages about skipped compiled files: why, and what to do.
    std::vector<std::string> passed_over = {};
};

/// Selects the file of a network. If the network's own file is present, it is replaced only by one
/// with bit-identical results: compiled for the best kernels of this CPU. Otherwise the best
/// compiled file is taken.
/// @param name    the network's file
/// @param options from network_options()
/// @throws ModelError: model_incomplete if the package has neither the network nor a usable
/// compiled form; model_invalid if a compiled file is damaged; unsupported_hardware as
/// compiled_for()
NetworkChoice choose_network(const Package& package, const std::string& name,
                             const NetworkOptions& options);

}  // namespace speciesnet
