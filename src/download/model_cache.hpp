// SPDX-License-Identifier: Apache-2.0
// Where the cache keeps what, and what is there.
//
//     models/KEY/            a package with its SHA256SUMS
//     models/.KEY.lock       locked while it is downloaded or removed
//     downloads/KEY/         what has come of an unfinished download
#pragma once

#include "speciesnet/download.hpp"

#include "download/model_name.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace speciesnet {

/// The key of one model: a file name that no other model has.
std::string cache_key(const KaggleModel& model);  ///< Of a version, which must be given.
std::string cache_key(const HuggingFaceModel& model, const std::string& commit);
std::string cache_key(const ArchiveUrl& archive);
/// By content: @param sha256 of the archive
std::string cache_key(const ArchiveFile& archive, const std::string& sha256);

/// A cache's folders. Makes them when they are needed.
class ModelCache {
public:
    /// @param folder empty: default_cache_folder()
    explicit ModelCache(const std::filesystem::path& folder);

    std::filesystem::path package_folder(const std::string& key) const;
    /// Exists after the call.
    std::filesystem::path download_folder(const std::string& key) const;
    /// Its folder exists after the call.
    std::filesystem::path lock_file(const std::string& key) const;

    /// All packages, sorted by name.
    std::vector<CachedModel> models() const;
    /// The newest package for a name.
    std::optional<CachedModel> find(const std::string& name) const;
    /// The package of a key.
    std::optional<CachedModel> at(const std::string& key) const;
    /// Removes the package of a key, if it exists. To be called under the
    /// lock.
    void remove_package(const std::string& key) const;
    /// Removes what an unfinished download has left. To be called under the lock.
    void remove_downloads(const std::string& key) const;

private:
    std::filesystem::path root_;
};

}  // namespace speciesnet
