// Downloading, then importing.
#include "speciesnet/download.hpp"
#include "speciesnet/import.hpp"
#include "speciesnet/model.hpp"

namespace speciesnet {

std::string resolve_model(const std::string& name, const FetchOptions& options) {
    if (name == demo_model_name) {
        return name;
    }
    const auto package = fetch_model(name, options);
    if (!options.networks) {
        return package.string();
    }
    const auto cache = options.cache.empty() ? default_cache_folder() : options.cache;
    ImportOptions importing{.stop = options.stop};
    if (options.progress) {
        importing.waiting = [&] { options.progress({.file = name, .waiting = true}); };
    }
    return imported_folder_for(package, cache, importing).string();
}

}  // namespace speciesnet
