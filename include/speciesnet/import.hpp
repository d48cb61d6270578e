// Turns published packages, whose networks are Python pickles, into packages that this library
// runs. Nothing of a pickle is executed, and no Python is needed.
//
//     const auto folder = speciesnet::imported_folder_for("downloads/speciesnet-v4.0.1a");
//     const auto ensemble = speciesnet::Ensemble::load(folder.string());
#pragma once

#include "speciesnet/export.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// What became of one network of a package.
struct ImportedNetwork {
    std::string published;              ///< Its file in the published package.
    std::string imported;               ///< Its file in the new one.
    std::uint64_t published_bytes = 0;  ///< Size of the former.
    std::uint64_t imported_bytes = 0;   ///< Size of the latter.
    double seconds = 0;                 ///< From reading to written.
};

/// What an import did.
struct ImportReport {
    std::filesystem::path folder;           ///< The new package.
    std::vector<ImportedNetwork> networks;  ///< Detector and classifier.
    double seconds = 0;                     ///< Altogether, until everything was on disk.
    /// Most memory that the process has had so far, in bytes, mapped files included.
    std::uint64_t peak_memory_bytes = 0;
};

/// Choices for an import.
struct ImportOptions {
    /// Told the name of each network's file before it is imported, from the calling thread; may be
    /// empty.
    std::function<void(std::string_view file)> progress;
    /// imported_folder_for() calls it at once, and then several times a second, while another
    /// process or thread imports the same package; may be empty. What it throws ends the call.
    std::function<void()> waiting;
    /// Triggered from any thread, ends the call with Cancelled: at once while it waits, else before
    /// the next network. Nothing is left behind.
    std::stop_token stop;
};

/// Imports a package.
///
/// The detector is a YOLOv5 checkpoint, the classifier a GraphModule of onnx2torch; a network that
/// is TorchScript already is copied. Labels, taxonomy and geofence are copied. The new folder
/// appears complete or not at all.
/// @param published a folder with info.json; a detector that info.json gives as a URL is looked for
/// under the reference's local name, the URL without query, ':' and '/' replaced by '_'
/// @param output    the new package's folder; must not exist, or be empty
/// @throws IoError; ModelError: model_incomplete if a file is missing, model_invalid naming the
/// file and what is wrong with it: not what it should be, damaged, hostile, or an operation that is
/// not supported; Cancelled. Files must not be shortened by others while they are read.
SPECIESNET_EXPORT ImportReport import_package(const std::filesystem::path& published,
                                              const std::filesystem::path& output,
                                              const ImportOptions& options = {});

/// Imports a single YOLOv5 checkpoint, any of n, s, m, l, x with three or four levels.
/// @param published  a file of torch.save
/// @param output     the TorchScript file; replaced if it exists, and only by a complete one
/// @throws IoError, ModelError (model_invalid)
SPECIESNET_EXPORT ImportedNetwork import_detector(const std::filesystem::path& published,
                                                  const std::filesystem::path& output);

/// Imports a single GraphModule of onnx2torch.
/// @copydetails import_detector
SPECIESNET_EXPORT ImportedNetwork import_classifier(const std::filesystem::path& published,
                                                    const std::filesystem::path& output);

/// Whether a package holds a pickled network, so that Ensemble::load() refuses it.
/// @throws IoError, ModelError as Package::open() and Package::read()
SPECIESNET_EXPORT bool needs_import(const std::filesystem::path& package);

/// The folder to load for a package: itself if it needs no import, else its imported copy in the
/// cache, which is made now if it is missing, or older than the package (by size and modification
/// time of its files). Two processes that ask at once import once: the second waits.
/// @param package a folder with info.json
/// @param cache   where copies are kept, in the folder "imported"; made if it does not exist
/// @throws IoError, ModelError as import_package()
SPECIESNET_EXPORT std::filesystem::path imported_folder_for(const std::filesystem::path& package,
                                                            const std::filesystem::path& cache,
                                                            const ImportOptions& options = {});

/// The same with default_cache_folder().
SPECIESNET_EXPORT std::filesystem::path imported_folder_for(const std::filesystem::path& package);

/// Removes the copy that imported_folder_for() has made of a package, if there is one.
/// @param package the published package's folder, which must still exist
/// @param cache   as for imported_folder_for()
/// @throws IoError
SPECIESNET_EXPORT void remove_imported_copy(const std::filesystem::path& package,
                                            const std::filesystem::path& cache);

/// Where this library keeps what it can make or fetch again: $SPECIESNET_CACHE, else
/// $XDG_CACHE_HOME/speciesnet, else ~/.cache/speciesnet.
/// @throws IoError (not_found) if none of these variables is set
SPECIESNET_EXPORT std::filesystem::path default_cache_folder();

}  // namespace speciesnet
