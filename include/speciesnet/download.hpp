// SPDX-License-Identifier: Apache-2.0
// Downloads models by name, caches them, and verifies them.
//
//     const auto folder = speciesnet::fetch_model("kaggle:google/speciesnet/pyTorch/v4.0.1a");
// Ensemble::load() calls this itself. These functions report progress and have options.
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

/// Progress of the download of one file.
struct DownloadProgress {
    std::string_view file;               ///< Its name; valid during the call.
    std::uint64_t bytes = 0;             ///< Bytes on disk, including earlier attempts.
    std::optional<std::uint64_t> total;  ///< Its size, if the server announces it.
    /// Whether the function is waiting for another process or thread to download the file.
    bool waiting = false;
};

/// Options for downloading a model.
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

/// Returns the folder of a model's published package. Downloads the package if it is not in the
/// cache.
///
/// Packages are added to the cache atomically. An interrupted download is resumed by the
/// next call. If several processes or threads request the same model at once, one downloads it and
/// the others wait. If info.json gives its detector as a URL, the detector is downloaded into the
/// package, too, also if the caller names a folder.
/// @return an existing folder; its files belong to the cache and must not be changed
/// @throws InvalidArgument if the name is malformed or is demo, which has no folder; IoError:
/// not_found if the model does not exist or, offline, is not in the cache, io if network or disk
/// fail; ModelError (model_invalid, model_incomplete) if the download is not a package, is damaged,
/// hostile or too large; Cancelled
SPECIESNET_EXPORT std::filesystem::path fetch_model(const std::string& name,
                                                    const FetchOptions& options = {});

/// Resolves a name to one that Package::open() accepts: "demo" for demo, else the folder of
/// fetch_model().
/// @throws as fetch_model()
SPECIESNET_EXPORT std::string resolve_model(const std::string& name,
                                            const FetchOptions& options = {});

/// Returns the cache folder: $SPECIESNET_CACHE, else
/// $XDG_CACHE_HOME/speciesnet, else ~/.cache/speciesnet.
/// @throws IoError (not_found) if none of these variables is set
SPECIESNET_EXPORT std::filesystem::path default_cache_folder();

/// A package in the cache.
struct CachedModel {
    std::string name;  ///< Name for fetch_model(), with version; a URL without its query.
    std::filesystem::path folder;  ///< The package's.
    std::uint64_t bytes = 0;       ///< Of all its files.
};

/// Returns the models in a cache, sorted by name. @param cache empty: default_cache_folder()
/// @throws IoError
SPECIESNET_EXPORT std::vector<CachedModel> cached_models(const std::filesystem::path& cache = {});

/// Finds a model in a cache, without the network.
/// @param name as for fetch_model(), or a CachedModel's; without a version, the newest
/// @throws InvalidArgument
SPECIESNET_EXPORT std::optional<CachedModel> find_cached_model(
    const std::string& name, const std::filesystem::path& cache = {});

/// State of a file, as verify_package() reports it.
enum class FileCondition : std::int32_t {
    intact = 1,      ///< Its SHA-256 matches the recorded one.
    changed = 2,     ///< Its SHA-256 differs from the recorded one.
    missing = 3,     ///< It is recorded but does not exist.
    unrecorded = 4,  ///< It exists but is not recorded.
};

/// A file of a package.
struct VerifiedFile {
    std::string path;  ///< Relative to the package.
    FileCondition condition = FileCondition::intact;
    std::string sha256;  ///< Recorded SHA-256, hexadecimal; actual one for unrecorded files.
};

/// Compares every file of a package with the SHA-256 recorded at its download in SHA256SUMS.
/// Skips the files of compile_package().
/// @param folder a package's folder that contains SHA256SUMS
/// @throws IoError (not_found) if SHA256SUMS is missing; ModelError (model_invalid) if it is
/// damaged
SPECIESNET_EXPORT std::vector<VerifiedFile> verify_package(const std::filesystem::path& folder);

/// Whether a network is a published file, according to the checksums in this library.
enum class Publication : std::int32_t {
    published = 1,      ///< Its checksum is that of a published file.
    not_published = 2,  ///< It has a published file's name, but another size or checksum.
    not_known = 3,      ///< No checksum is known for its name.
};

/// A network of a package.
struct IdentifiedNetwork {
    std::string path;  ///< Relative to the package.
    Publication publication = Publication::not_known;
    std::string published_name;  ///< Published file that it was compared with; may be empty.
};

/// Compares a package's detector and classifier with the known checksums of the published
/// ones. This only identifies them; other networks also work. docs/reference/models.md lists the
/// files and the sources of their checksums.
/// @param folder a package as published, see fetch_model()
/// @return the detector, then the classifier
/// @throws as Package::open() and Package::read()
SPECIESNET_EXPORT std::vector<IdentifiedNetwork> identify_networks(
    const std::filesystem::path& folder);

/// Removes a model from a cache, with its compiled networks and partial downloads.
/// @param name as for find_cached_model()
/// @return whether the cache contained it
/// @throws InvalidArgument, IoError
SPECIESNET_EXPORT bool remove_cached_model(const std::string& name,
                                           const std::filesystem::path& cache = {});

}  // namespace speciesnet
