// SPDX-License-Identifier: Apache-2.0
// Writes networks as TorchScript, for programs that run on LibTorch or PyTorch. This library needs
// no such files: it loads published networks as they are. LibTorch is needed to write them.
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

/// What became of one network of a package.
struct ExportedNetwork {
    std::string published;              ///< Its file in the published package.
    std::string exported;               ///< Its file in the new one.
    std::uint64_t published_bytes = 0;  ///< Size of the former.
    std::uint64_t exported_bytes = 0;   ///< Size of the latter.
    double seconds = 0;                 ///< From reading to written.
};

/// What an export did.
struct ExportReport {
    std::filesystem::path folder;           ///< The new package.
    std::vector<ExportedNetwork> networks;  ///< Detector and classifier.
    double seconds = 0;                     ///< Altogether, until everything was on disk.
};

/// Choices for an export.
struct ExportOptions {
    /// Called with the name of each network's file before it is exported, on the calling thread;
    /// may be empty.
    std::function<void(std::string_view file)> progress;
    /// Triggered from any thread, ends the call with Cancelled before the next network. Nothing is
    /// left behind.
    std::stop_token stop;
};

/// Writes a package with TorchScript networks.
///
/// A network that is TorchScript already is copied, as are labels, taxonomy and geofence. The new
/// folder appears complete or not at all.
/// @param published a folder with info.json; a detector that info.json gives as a URL is looked for
/// under the reference's local name, the URL without query, ':' and '/' replaced by '_'
/// @param output    the new package's folder; must not exist, or be empty
/// @throws IoError; ModelError: model_incomplete if a file is missing, model_invalid naming the
/// file and what is wrong with it: not what it should be, damaged, hostile, or an operation that is
/// not supported, unsupported_hardware if LibTorch is not there; Cancelled. Files must not be
/// shortened by others while they are read.
SPECIESNET_EXPORT ExportReport export_package(const std::filesystem::path& published,
                                              const std::filesystem::path& output,
                                              const ExportOptions& options = {});

/// Writes a single network as TorchScript.
/// @param published a YOLOv5 checkpoint, a GraphModule of onnx2torch, or TorchScript
/// @param output    the TorchScript file; replaced if it exists, and only by a complete one
/// @throws as export_package()
SPECIESNET_EXPORT ExportedNetwork export_network(const std::filesystem::path& published,
                                                 const std::filesystem::path& output);

}  // namespace speciesnet
