// SPDX-License-Identifier: Apache-2.0
// Stores networks compiled for one kind of CPU in files: the weights are in the order in which the
// kernels read them. The file is mapped, so that only the used parts are read, and processes share
// the memory.
//
// The file is self-contained: the network that it was compiled from is not needed.
//
//     "spnetcpl"                       8 bytes
//     size of the description          64-bit number, little-endian
//     the description                  JSON
//     zeros up to a multiple of 4096
//     numbers of 32 bits, little-endian; each list begins at a multiple of 64 bytes
#pragma once

#include "speciesnet/inference.hpp"
#include "speciesnet/model.hpp"

#include "executor/kernels.hpp"
#include "executor/network_plan.hpp"
#include "import/megadetector_info.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Returns the name of the compiled file next to a network, for instance
/// detector.avx512-fp32.compiled for detector.pt.
std::string compiled_file_name(std::string_view network_file, const executor::KernelSet& target);

/// Returns whether a file has the signature of a compiled network.
bool is_compiled_network(const PackageFile& file) noexcept;

/// @param network the file that it was compiled from
/// @param file    does not exist; incomplete until this function returns
/// @throws IoError; ModelError (model_invalid) if the network states an unreadable image_size
void write_compiled_network(const executor::NetworkPlan& plan, const executor::KernelSet& target,
                            const PackageFile& network, const std::filesystem::path& file);

/// Returns why a compiled network cannot be used.
/// @param network the file that it should be compiled from; null if it is absent
/// @return half a sentence: compiled from another network, for other kernels, or by another version
/// of this library; empty if it can be used
/// @throws ModelError (model_invalid) if it is damaged
std::string reason_against(const PackageFile& compiled, const executor::KernelSet& target,
                           const PackageFile* network);

/// @param compiled possibly damaged or hostile
/// @param target   kernels that this CPU supports
/// @param network  as for reason_against()
/// @return nothing if it cannot be used
/// @throws ModelError (model_invalid) if it is damaged
std::optional<executor::NetworkPlan> read_compiled_network(const PackageFile& compiled,
                                                           const executor::KernelSet& target,
                                                           const PackageFile* network);

/// As read_detector_info(), for the network that a compiled one was made from.
/// @throws ModelError (model_invalid) if it is damaged
DetectorInfo compiled_detector_info(const PackageFile& compiled);

}  // namespace speciesnet
