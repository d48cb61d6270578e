// SPDX-License-Identifier: Apache-2.0
// Keys are flat, so that listing reads a single folder.
#include "download/model_cache.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download/checksums.hpp"
#include "download/digest.hpp"
#include "system/environment.hpp"
#include "system/file_lock.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

namespace speciesnet {
namespace {

namespace fs = std::filesystem;

/// Cannot occur in names of hubs, so different names have different keys.
constexpr char separator = '+';
constexpr std::size_t key_digest_length = 16;

std::string kaggle_prefix_of(const KaggleModel& model) {
    return "kaggle" + (separator + model.owner) + separator + model.model + separator +
           model.framework + separator + model.variation + separator;
}

std::string hugging_face_prefix_of(const HuggingFaceModel& model) {
    return "hf" + (separator + model.owner) + separator + model.repository + separator;
}

/// Returns the common prefix of the keys of all versions.
std::string prefix_of(const ModelName& name) {
    if (const auto* const kaggle = std::get_if<KaggleModel>(&name)) {
        return kaggle->version ? cache_key(*kaggle) : kaggle_prefix_of(*kaggle);
    }
    if (const auto* const hugging_face = std::get_if<HuggingFaceModel>(&name)) {
        return hugging_face_prefix_of(*hugging_face);
    }
    if (const auto* const archive = std::get_if<ArchiveUrl>(&name)) {
        return cache_key(*archive);
    }
    if (const auto* const archive = std::get_if<ArchiveFile>(&name)) {
        return cache_key(*archive, digest_of_file(archive->path, DigestAlgorithm::sha256));
    }
    return {};
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw IoError(ErrorCode::io,
                      "cannot create '" + utf8_text(folder) + "': " + error.message());
    }
}

/// The value that orders versions by age: Kaggle's number, otherwise the time of the download.
using Age = std::pair<std::uint32_t, fs::file_time_type>;

Age age_of(std::string_view key, std::string_view prefix, const fs::path& folder) {
    const auto version = key.substr(std::min(prefix.size(), key.size()));
    std::uint32_t number = 0;
    if (key.starts_with("kaggle+")) {
        std::from_chars(version.data(), version.data() + version.size(), number);
    }
    return {number, fs::last_write_time(folder / checksums_name)};
}

std::uint64_t size_of(const fs::path& folder) {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    }
    return bytes;
}

}  // namespace

std::string cache_key(const KaggleModel& model) {
    return kaggle_prefix_of(model) + std::to_string(model.version.value());
}

std::string cache_key(const HuggingFaceModel& model, const std::string& commit) {
    return hugging_face_prefix_of(model) + commit;
}

std::string cache_key(const ArchiveUrl& archive) {
    return "url" + (separator +
                    digest_of(archive.url, DigestAlgorithm::sha256).substr(0, key_digest_length));
}

std::string cache_key(const ArchiveFile&, const std::string& sha256) {
    return "archive" + (separator + sha256.substr(0, key_digest_length));
}

ModelCache::ModelCache(const fs::path& folder)
    : root_(folder.empty() ? default_cache_folder() : folder) {}

fs::path ModelCache::package_folder(const std::string& key) const {
    return root_ / "models" / utf8_path(key);
}

fs::path ModelCache::download_folder(const std::string& key) const {
    auto folder = root_ / "downloads" / utf8_path(key);
    make_folder(folder);
    return folder;
}

fs::path ModelCache::lock_file(const std::string& key) const {
    make_folder(root_ / "models");
    return root_ / "models" / utf8_path("." + key + ".lock");
}

std::optional<CachedModel> ModelCache::at(const std::string& key) const {
    const auto folder = package_folder(key);
    const auto file = folder / checksums_name;
    if (!fs::exists(file)) {
        return std::nullopt;
    }
    const auto checksums = map_file(file);
    return CachedModel{parse_checksums(checksums.content, utf8_text(file)).model, folder,
                       size_of(folder)};
}

std::vector<CachedModel> ModelCache::models() const {
    std::vector<CachedModel> models;
    std::error_code none_yet;
    for (const auto& entry : fs::directory_iterator(root_ / "models", none_yet)) {
        const auto key = utf8_text(entry.path().filename());
        // Names of locks and unfinished packages start with a dot.
        if (!key.starts_with('.')) {
            if (auto model = at(key)) {
                models.push_back(std::move(*model));
            }
        }
    }
    std::sort(models.begin(), models.end(),
              [](const auto& left, const auto& right) { return left.name < right.name; });
    return models;
}

std::optional<CachedModel> ModelCache::find(const std::string& name) const {
    const auto prefix = prefix_of(parse_model_name(name));
    std::optional<CachedModel> newest;
    Age newest_age;
    for (auto& model : models()) {
        const auto key = utf8_text(model.folder.filename());
        const bool whole_key = !prefix.ends_with(separator);
        const bool is_meant = whole_key ? key == prefix : key.starts_with(prefix);
        if (!is_meant && model.name != name) {
            continue;
        }
        const Age age = age_of(key, prefix, model.folder);
        if (!newest || age > newest_age) {
            newest = std::move(model);
            newest_age = age;
        }
    }
    return newest;
}

void ModelCache::remove_package(const std::string& key) const {
    remove_folder(package_folder(key));
}

void ModelCache::remove_downloads(const std::string& key) const {
    remove_folder(root_ / "downloads" / key);
}

std::vector<CachedModel> cached_models(const fs::path& cache) {
    return ModelCache(cache).models();
}

std::optional<CachedModel> find_cached_model(const std::string& name, const fs::path& cache) {
    return ModelCache(cache).find(name);
}

bool remove_cached_model(const std::string& name, const fs::path& cache) {
    const ModelCache models(cache);
    const auto model = models.find(name);
    if (model) {
        const auto key = utf8_text(model->folder.filename());
        const FileLock lock(models.lock_file(key));
        models.remove_package(key);
        models.remove_downloads(key);
    }
    return model.has_value();
}

fs::path default_cache_folder() {
    if (const auto own = environment_variable("SPECIESNET_CACHE"); !own.empty()) {
        return utf8_path(own);
    }
    if (const auto caches = user_cache_folder(); !caches.empty()) {
        return caches / "speciesnet";
    }
    throw IoError(ErrorCode::not_found,
                  "the user's cache folder is unknown; set SPECIESNET_CACHE to a folder");
}

}  // namespace speciesnet
