// Names that are no folder yet become one.
#include "speciesnet/download.hpp"
#include "speciesnet/model.hpp"

namespace speciesnet {

std::string resolve_model(const std::string& name, const FetchOptions& options) {
    return name == demo_model_name ? name : fetch_model(name, options).string();
}

}  // namespace speciesnet
