// SPDX-License-Identifier: Apache-2.0
// Calls resolve_model() with a progress display.
#include "obtained_model.hpp"

#include "download_display.hpp"

#include <iostream>

namespace speciesnet::cli {

std::string obtain_model(const std::string& name, FetchOptions options) {
    DownloadDisplay display(std::cerr);
    options.progress = display.callback();
    return resolve_model(name, options);
}

}  // namespace speciesnet::cli
