// SPDX-License-Identifier: Apache-2.0
// Replaces downloads, the cache and checksums in builds without them; folders still work.
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "download/digest.hpp"
#include "download/model_name.hpp"

#include <variant>

namespace speciesnet {
namespace {

[[noreturn]] void refuse(const std::string& what) {
    throw ModelError(ErrorCode::unsupported_hardware,
                     "this build does not " + what + "; build with -DSPECIESNET_WITH_DOWNLOAD=ON");
}

}  // namespace

std::filesystem::path fetch_model(const std::string& name, const FetchOptions&) {
    const auto parsed = parse_model_name(name);
    if (const auto* const folder = std::get_if<ModelFolder>(&parsed)) {
        return folder->path;
    }
    if (std::holds_alternative<DemoModel>(parsed)) {
        throw InvalidArgument("the model 'demo' is part of the library and has no folder");
    }
    refuse("download or unpack models ('" + name + "'), only folders are read");
}

std::filesystem::path default_cache_folder() {
    refuse("keep models in a cache");
}

std::vector<CachedModel> cached_models(const std::filesystem::path&) {
    return {};
}

std::optional<CachedModel> find_cached_model(const std::string&, const std::filesystem::path&) {
    return std::nullopt;
}

bool remove_cached_model(const std::string&, const std::filesystem::path&) {
    return false;
}

std::vector<VerifiedFile> verify_package(const std::filesystem::path&) {
    refuse("compute checksums");
}

std::vector<IdentifiedNetwork> identify_networks(const std::filesystem::path&) {
    refuse("compute checksums");
}

std::string digest_of(std::string_view, DigestAlgorithm) {
    refuse("compute checksums");
}

}  // namespace speciesnet
