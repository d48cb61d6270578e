// SPDX-License-Identifier: Apache-2.0
// Writes networks as TorchScript, for programs that use LibTorch or PyTorch. This library does not
// need such files: it loads published networks directly. Writing them requires LibTorch.
//
//     speciesnet::export_package("downloads/speciesnet-v4.0.1a", "exported");
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

/// Result for one network of a package.
struct ExportedNetwork {
    std::string published;              ///< Its file in the published package.
    std::string exported;               ///< Its file in the new one.
    std::uint64_t published_bytes = 0;  ///< Size of the former.
    std::uint64_t exported_bytes = 0;   ///< Size of the latter.
    double seconds = 0;                 ///< Time for reading, converting and writing.
};

/// Result of an export.
struct ExportReport {
    std::filesystem::path folder;           ///< The new package.
    std::vector<ExportedNetwork> networks;  ///< Detector and classifier.
    double seconds = 0;                     ///< Total time, including syncing to disk.
};

/// Options for an export.
struct ExportOptions {
    /// Called with the name of each network's file before it is exported, on the calling thread;
    /// may be empty.
    std::function<void(std::string_view file)> progress;
    /// Stops the call from any thread: it throws Cancelled before the next network and leaves no
    /// files.
    std::stop_token stop;
};

/// Writes a package with TorchScript networks.
/// Copies networks that are TorchScript already, labels, taxonomy and geofence. Creates the new
/// folder atomically. The files must not be truncated while they are read.
/// @param published a folder with info.json; if its detector is a URL, the file is expected under
/// the reference's local name, the URL without query, ':' and '/' replaced by '_'
/// @param output    folder of the new package, nonexistent or empty
/// @throws IoError; ModelError: model_incomplete if a file is missing, model_invalid naming a
/// file that is invalid, damaged, hostile, or has an unsupported operation, unsupported_hardware if
/// LibTorch is missing; Cancelled
SPECIESNET_EXPORT ExportReport export_package(const std::filesystem::path& published,
                                              const std::filesystem::path& output,
                                              const ExportOptions& options = {});

/// Writes a single network as TorchScript.
/// @param published a YOLOv5 checkpoint, a GraphModule of onnx2torch, or TorchScript
/// @param output    the TorchScript file; replaced atomically if it exists
/// @throws as export_package()
SPECIESNET_EXPORT ExportedNetwork export_network(const std::filesystem::path& published,
                                                 const std::filesystem::path& output);

}  // namespace speciesnet
