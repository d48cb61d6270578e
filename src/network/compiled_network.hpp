// SPDX-License-Identifier: Apache-2.0
// Networks that were compiled for one kind of CPU and are in a file: weights in the order in which
// kernels read them. The file is mapped, so that a start reads nothing that it does not use and
// processes share the memory.
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

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// The file beside a network's own, for instance detector.avx512-fp32.compiled for detector.pt.
std::string compiled_file_name(std::string_view network_file, const executor::KernelSet& target);

/// @param network the file that it was made of
/// @param file    does not exist; not complete until this function has returned
/// @throws IoError
void write_compiled_network(const executor::NetworkPlan& plan, const executor::KernelSet& target,
                            const PackageFile& network, const std::filesystem::path& file);

/// @param compiled perhaps damaged or hostile
/// @param network  the file that it should have been made of
/// @return nothing if it was made of another network, for other kernels, or by another version of
/// this library
/// @throws ModelError (model_invalid) if it is damaged
std::optional<executor::NetworkPlan> read_compiled_network(const PackageFile& compiled,
                                                           const executor::KernelSet& target,
                                                           const PackageFile& network);

}  // namespace speciesnet
