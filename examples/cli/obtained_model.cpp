// resolve_model() with a display.
#include "obtained_model.hpp"

#include "speciesnet/download.hpp"

#include "download_display.hpp"

#include <iostream>

namespace speciesnet::cli {

std::string obtain_model(const std::string& name, Freshness freshness) {
    DownloadDisplay display(std::cerr);
    return resolve_model(
        name, {.force = freshness == Freshness::downloaded_again, .progress = display.callback()});
}

}  // namespace speciesnet::cli
