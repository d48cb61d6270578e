// SPDX-License-Identifier: Apache-2.0
// Replaces the demonstration model in builds without it.
#include "speciesnet/error.hpp"

#include "model/source.hpp"

namespace speciesnet {

std::string Package::DemoSource::origin(const std::string& file) const {
    return "demo:" + file;
}

std::optional<PackageFile> Package::DemoSource::find(const std::string&) const {
    throw ModelError(ErrorCode::unsupported_hardware,
                     "this build does not include the demonstration model; give the folder of "
                     "another model, or build with -DSPECIESNET_WITH_DEMO=ON");
}

}  // namespace speciesnet
