// SPDX-License-Identifier: Apache-2.0
// Replaces the importers in builds without them; compiled networks and TorchScript still work.
#include "speciesnet/error.hpp"

#include "import/published_network.hpp"

namespace speciesnet {

graph::Graph read_published_network(const PackageFile& file) {
    throw ModelError(ErrorCode::unsupported_hardware,
                     "'" + file.origin() +
                         "': this build does not read published networks; build with "
                         "-DSPECIESNET_WITH_IMPORT=ON, or compile the model (speciesnet model "
                         "compile) with a build that does");
}

}  // namespace speciesnet
