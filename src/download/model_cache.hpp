// SPDX-License-Identifier: Apache-2.0
// Defines where the cache keeps its files, and lists its content.
//
//     models/KEY/            a package with its SHA256SUMS
//     models/.KEY.lock       locked while it is downloaded or removed
// downloads/KEY/         data of an unfinished download
#pragma once

#include "speciesnet/download.hpp"

#include "download/model_name.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace speciesnet {

/// Returns the key of one model: a file name that no other model has.
std::string cache_key(const KaggleModel& model);  ///< Of a version, which must be given.
std::string cache_key(const HuggingFaceModel& model, const std::string& commit);
std::string cache_key(const ArchiveUrl& archive);
/// Returns a key for the content. @param sha256 of the archive
std::string cache_key(const ArchiveFile& archive, const std::string& sha256);

/// The folders of a cache, which are created when they are needed.
class ModelCache {
public:
    /// @param folder empty for default_cache_folder()
    explicit ModelCache(const std::filesystem::path& folder);

    std::filesystem::path package_folder(const std::string& key) const;
    /// Returns a folder that exists after the call.
    std::filesystem::path download_folder(const std::string& key) const;
    /// Returns a file whose folder exists after the call.
    std::filesystem::path lock_file(const std::string& key) const;

    /// Returns all packages, sorted by name.
    std::vector<CachedModel> models() const;
    /// Returns the newest package for a name.
    std::optional<CachedModel> find(const std::string& name) const;
    /// Returns the package with a key.
    std::optional<CachedModel> at(const std::string& key) const;
    /// Removes the package with a key, if it exists. The caller must hold the lock.
    void remove_package(const std::string& key) const;
    /// Removes the data of an unfinished download. The caller must hold the lock.
    void remove_downloads(const std::string& key) const;

private:
    std::filesystem::path root_;
};

}  // namespace speciesnet
