// SPDX-License-Identifier: Apache-2.0
// Models by name: downloaded on first use, kept in a cache, checked on demand.
//
//     const auto folder = speciesnet::fetch_model("kaggle:google/speciesnet/pyTorch/v4.0.1a");
//
// Ensemble::load() does this by itself; these functions show progress, and have choices.
//
// A model's name is one of
//   kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION]   on kaggle.com
//   hf:OWNER/REPOSITORY                                on huggingface.co
//   https://…                                          a package archive (.tar.gz, .tar, .zip)
//   a path                                             of a package's folder or archive
//   demo                                               the demonstration model in the library
// docs/reference/models.md describes names, cache, and environment variables for tokens, mirrors,
// proxies and certificates.
#pragma once

#include "speciesnet/export.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// The published model that the reference used first.
/// Source: speciesnet 5.0.2, __init__.py, DEFAULT_MODEL.
inline constexpr std::string_view default_model_name = "kaggle:google/speciesnet/pyTorch/v4.0.1a";

/// How far the download of one file is.
struct DownloadProgress {
    std::string_view file;               ///< Its name; valid during the call.
    std::uint64_t bytes = 0;             ///< On disk so far, those of earlier attempts included.
    std::optional<std::uint64_t> total;  ///< Its size, if the server tells.
    /// Nothing moves here: another process or thread downloads this, and is waited for.
    bool waiting = false;
};

/// Choices for getting a model.
struct FetchOptions {
    // <options cpp fetch> by scripts/generate_options
    /// Folder of downloaded models; empty for the user's. Default: $SPECIESNET_CACHE, else
    /// $XDG_CACHE_HOME/speciesnet, else ~/.cache/speciesnet.
    std::filesystem::path cache = {};
    /// Whether to fail instead of using the network: models that are not in the cache are errors.
    /// Environment variable SPECIESNET_OFFLINE=1 does the same.
    bool offline = false;
    /// Whether to query the hub for the newest version if the name has none. Otherwise the hub is
    /// queried only if no version is in the cache.
    bool newest = false;
    /// Whether to download the model even if it is in the cache, and replace it when the new
    /// package is complete. Has no effect on folders.
    bool force = false;
    /// Whether the networks are required. If not, their files may be absent from a folder; rules
    /// and past runs need none. Downloads are always complete.
    bool networks = true;
    /// Maximum number of consecutive retries without receiving a byte, with increasing pauses; 0 to
    /// 1000. A download that makes progress is retried without limit.
    int retries = 4;
    /// Time after which a connection slower than 1 KiB per second is closed; 1 to 3600.
    std::chrono::seconds stall_timeout{30};
    /// Maximum size in bytes of a download, and of a package.
    std::uint64_t max_bytes = 8'589'934'592;
    /// Called repeatedly, on the calling thread, while downloading a model or waiting for another
    /// process; may be empty.
    std::function<void(const DownloadProgress&)> progress = {};
    /// Stops the call from any thread: it throws Cancelled within about a second. The part
    /// downloaded so far is kept for the next call.
    std::stop_token stop = {};
    // </options>
};

/// The folder of a model's published package, downloaded first if the cache does not have it.
///
/// A package appears in the cache complete or not at all. An interrupted download is resumed by the
/// next call. Several processes and threads may ask for the same model at once: one downloads, the
/// others wait. If info.json names its detector by a URL, that is downloaded into the package, too,
/// for a folder that the caller names as well.
/// @return an existing folder; the files in it belong to the cache: do not change them
/// @throws InvalidArgument if the name has no known form or is demo, which has no folder; IoError:
/// not_found if there is no such model or, offline, none in the cache, io if network or disk fail;
/// ModelError (model_invalid, model_incomplete) if what came is no package, is damaged, hostile or
/// too large; Cancelled
SPECIESNET_EXPORT std::filesystem::path fetch_model(const std::string& name,
                                                    const FetchOptions& options = {});

/// What Ensemble::load() and Package::open() take for a model's name: "demo" for demo, else the
/// folder of fetch_model().
/// @throws as fetch_model()
SPECIESNET_EXPORT std::string resolve_model(const std::string& name,
                                            const FetchOptions& options = {});

/// Where this library keeps what it can make or fetch again: $SPECIESNET_CACHE, else
/// $XDG_CACHE_HOME/speciesnet, else ~/.cache/speciesnet.
/// @throws IoError (not_found) if none of these variables is set
SPECIESNET_EXPORT std::filesystem::path default_cache_folder();

/// A package in the cache.
struct CachedModel {
    std::string name;  ///< As fetch_model() takes it, with version; a URL without its query.
    std::filesystem::path folder;  ///< The package's.
    std::uint64_t bytes = 0;       ///< Of all its files.
};

/// The models in a cache, sorted by name. @param cache empty: default_cache_folder() @throws
/// IoError
SPECIESNET_EXPORT std::vector<CachedModel> cached_models(const std::filesystem::path& cache = {});

/// Finds a model in a cache, without the network.
/// @param name as for fetch_model(), or a CachedModel's; without a version the newest is meant
/// @throws InvalidArgument
SPECIESNET_EXPORT std::optional<CachedModel> find_cached_model(
    const std::string& name, const std::filesystem::path& cache = {});

/// What verify_model() finds out about a file.
enum class FileCondition : std::int32_t {
    intact = 1,      ///< Its SHA-256 is the recorded one.
    changed = 2,     ///< It is another one.
    missing = 3,     ///< It is recorded, but not there.
    unrecorded = 4,  ///< It is there, but not recorded.
};

/// A file of a package.
struct VerifiedFile {
    std::string path;  ///< Relative to the package.
    FileCondition condition = FileCondition::intact;
    std::string sha256;  ///< As recorded, hexadecimal; of an unrecorded file, what it is.
};

/// Compares every file of a package with the SHA-256 that was recorded when it was downloaded, in
/// the package's file SHA256SUMS. Files that compile_package() has made are passed over.
/// @param folder a package's folder that holds SHA256SUMS
/// @throws IoError (not_found) if there is no SHA256SUMS; ModelError (model_invalid) if it is
/// damaged
SPECIESNET_EXPORT std::vector<VerifiedFile> verify_package(const std::filesystem::path& folder);

/// Whether a network is a published file, as far as this library knows their sizes and checksums.
enum class Publication : std::int32_t {
    published = 1,      ///< Its checksum is the published one.
    not_published = 2,  ///< It has a published file's name, but another size or checksum.
    not_known = 3,      ///< Of a published file of this name, no checksum is known.
};

/// A network of a package.
struct IdentifiedNetwork {
    std::string path;  ///< Relative to the package.
    Publication publication = Publication::not_known;
    std::string published_name;  ///< Of the file it was compared with; empty if there is none.
};

/// Compares a package's detector and classifier with the checksums that are known of the published
/// ones. Other networks also work: this only identifies them. docs/reference/models.md lists the
/// files and the sources of their checksums.
/// @param folder a package as published, see fetch_model()
/// @return the detector, then the classifier
/// @throws as Package::open() and Package::read()
SPECIESNET_EXPORT std::vector<IdentifiedNetwork> identify_networks(
    const std::filesystem::path& folder);

/// Removes a model from a cache, with what was compiled of it and what an interrupted download has
/// left.
/// @param name as for find_cached_model()
/// @return whether it was there
/// @throws InvalidArgument, IoError
SPECIESNET_EXPORT bool remove_cached_model(const std::string& name,
                                           const std::filesystem::path& cache = {});

}  // namespace speciesnet
