// The model that a command runs: downloaded and imported if need be, with progress on stderr.
#pragma once

#include <string>

namespace speciesnet::cli {

/// Whether a model that is in the cache is downloaded again.
enum class Freshness { as_cached, downloaded_again };

/// @return what Ensemble::load() and Package::open() take
/// @throws as resolve_model()
std::string obtain_model(const std::string& name, Freshness freshness);

}  // namespace speciesnet::cli
