// SPDX-License-Identifier: Apache-2.0
// Compiles networks for a CPU: their weights are packed in the order in which its kernels read
// them and stored in files, which are mapped at a start. Processes share the memory, and programs
// can be shipped with these files alone.
//
//     speciesnet::compile_package("models/speciesnet-v4.0.1a");
//     const auto ensemble = speciesnet::Ensemble::load("models/speciesnet-v4.0.1a");
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/inference.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// What the names of compiled files end with.
inline constexpr std::string_view compiled_extension = ".compiled";

/// Choices for compiling.
struct CompileOptions {
    /// Precision of the networks' arithmetic; Ensemble::load() uses only files for its own
    /// precision.
    Precision precision = Precision::float32;
    /// Threads that work, at most `most_threads`; 0 means one per available core.
    int threads = 0;
    /// Instructions to compile for, whether this CPU has them or not: "portable" (any CPU), "avx2",
    /// "avx512", "amx" or "neon"; empty for the best that it has.
    std::string target = {};
    /// Called with the name of each network's file before it is compiled, on the calling thread;
    /// may be empty. An exception thrown here propagates and stops the operation.
    std::function<void(std::string_view file)> progress;
};

/// What became of one network.
struct CompiledNetwork {
    std::string network;      ///< Its file.
    std::string compiled;     ///< The new file beside it, named after instructions and precision;
                              ///< empty if it was not compiled.
    std::string reason;       ///< Why it was not compiled; empty if it was.
    std::uint64_t bytes = 0;  ///< Size of the new file.
    double seconds = 0;       ///< From reading to written.
};

/// Compiles detector and classifier, beside their files. Ensemble::load() then uses what was
/// compiled for the best instructions of its CPU: answers are the same bits. Where a package has no
/// networks beside it, it uses what was compiled for the best of those that are there. It passes
/// over a file that was made of another network, by another version of this library or for another
/// CPU or precision, and tells EnsembleOptions::log. A network with operations that are left to
/// LibTorch is not compiled, which the report says. Files appear when all are complete, and replace
/// those of the same names.
/// @param package a folder with info.json and networks, which may be written to
/// @return the detector, then the classifier
/// @throws InvalidArgument for an unknown target; IoError; ModelError: as Ensemble::load(),
/// unsupported_hardware if the target has not the precision
SPECIESNET_EXPORT std::vector<CompiledNetwork> compile_package(const std::filesystem::path& package,
                                                               const CompileOptions& options = {});

}  // namespace speciesnet
