// SPDX-License-Identifier: Apache-2.0
// Resolves model names to folders.
#include "speciesnet/download.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "model/network_files.hpp"

namespace speciesnet {

std::string resolve_model(const std::string& name, const FetchOptions& options) {
    if (name == demo_model_name) {
        return name;
    }
    auto folder = utf8_text(fetch_model(name, options));
    if (options.networks) {
        // Reports missing files now instead of when the model is loaded.
        const auto package = Package::open(folder);
        for (const auto& network : {package.info().detector, package.info().classifier}) {
            if (!has_network(utf8_path(folder), network)) {
                static_cast<void>(package.read(network));
            }
        }
    }
    return folder;
}

}  // namespace speciesnet
