// SPDX-License-Identifier: Apache-2.0
// Compiles networks for a CPU: packs their weights in the order in which its kernels read them and
// stores them in files that are mapped when the model is loaded. Processes share the memory.
// Programs can be shipped with these files instead of the networks.
//
//     speciesnet::compile_package("models/speciesnet-v4.0.1a");
//     const auto ensemble = speciesnet::Ensemble::load("models/speciesnet-v4.0.1a");
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/inference.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Extension of compiled files.
inline constexpr std::string_view compiled_extension = ".compiled";

/// Options for compiling.
struct CompileOptions {
    // <options cpp compile> by scripts/generate_options
    /// Precision of the networks. Loading a package uses only files of its own precision.
    Precision precision = Precision::float32;
    /// Number of threads; 0 means one per available core; 0 to 1024.
    int threads = 0;
    /// Instruction set to compile for, also if this CPU lacks it: portable (any CPU), avx2, avx512,
    /// amx or neon; empty for the best of this CPU.
    std::string target = {};
    /// Paths of photos from which the range of each feature map is determined, for precision int8;
    /// nothing if none are. They should resemble the photos to be predicted; a hundred are enough.
    /// The ranges are stored in the compiled files, and feature maps stay bytes between
    /// convolutions. Without photos, each run determines the range of each map.
    std::optional<std::vector<std::string>> calibration_photos = std::nullopt;
    /// Called, on the calling thread, with the path of each photo before it is read, then with the
    /// name of each network's file before it is compiled; may be empty. An exception thrown here
    /// propagates and stops the operation.
    std::function<void(std::string_view file)> progress = {};
    // </options>
};

/// Result for one network.
struct CompiledNetwork {
    std::string network;      ///< Its file.
    std::string compiled;     ///< The new file beside it, named after instruction set and
                              ///< precision; empty if it was not compiled.
    std::string reason;       ///< Why it was not compiled; empty if it was.
    std::uint64_t bytes = 0;  ///< Size of the new file.
    double seconds = 0;       ///< Time for reading, compiling and writing.
};

/// Compiles detector and classifier into files beside them. Ensemble::load() then uses the files
/// compiled for the best instruction set of its CPU, with identical answers. If a package has no
/// networks, it uses the best of the compiled files that the CPU can run. It ignores files
/// compiled from another network, by another version of this library or for another
/// CPU or precision, and logs the reason to EnsembleOptions::log. A network with operations that
/// only LibTorch runs is not compiled, and the result says so. The files replace those of the same
/// names when all are complete.
/// @param package a writable folder with info.json and networks
/// @return the detector, then the classifier
/// @throws InvalidArgument for an unknown target, for a list of no photos, or photos for another
/// precision than int8; InvalidImage, or IoError, for a photo that cannot be read; IoError;
/// ModelError: as Ensemble::load(), or unsupported_hardware if the target lacks the precision
SPECIESNET_EXPORT std::vector<CompiledNetwork> compile_package(const std::filesystem::path& package,
                                                               const CompileOptions& options = {});

}  // namespace speciesnet
