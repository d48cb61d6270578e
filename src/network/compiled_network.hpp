// SPDX-License-Identifier: Apache-2.0
// Networks that were compiled for one kind of CPU and are in a file: weights in the order in which
// kernels read them. The file is mapped, so that a start reads nothing that it does not use and
// processes share the memory.
//
// It is enough by itself: the network that it was made of need not be there.
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

/// The file beside a network's own, for instance detector.avx512-fp32.compiled for detector.pt.
std::string compiled_file_name(std::string_view network_file, const executor::KernelSet& target);

/// Whether a file has their signature.
bool is_compiled_network(const PackageFile& file) noexcept;

/// @param network the file that it was made of
/// @param file    does not exist; not complete until this function has returned
/// @throws IoError; ModelError (model_invalid) if the network gives an image_size that cannot be
/// read
void write_compiled_network(const executor::NetworkPlan& plan, const executor::KernelSet& target,
                            const PackageFile& network, const std::filesystem::path& file);

/// Why a compiled network cannot be used.
/// @param network the file that it should have been made of; null if that is not there
/// @return half a sentence: that it was made of another network, for other kernels, or by another
/// version of this library; empty if it can be used
/// @throws ModelError (model_invalid) if it is damaged
std::string reason_against(const PackageFile& compiled, const executor::KernelSet& target,
                           const PackageFile* network);

/// @param compiled perhaps damaged or hostile
/// @param target   kernels that this CPU has
/// @param network  as above
/// @return nothing if there is a reason against it
/// @throws ModelError (model_invalid) if it is damaged
std::optional<executor::NetworkPlan> read_compiled_network(const PackageFile& compiled,
                                                           const executor::KernelSet& target,
                                                           const PackageFile* network);

/// read_detector_info() of the network that a compiled one was made of.
/// @throws ModelError (model_invalid) if it is damaged
DetectorInfo compiled_detector_info(const PackageFile& compiled);

}  // namespace speciesnet
