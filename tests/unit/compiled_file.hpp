// SPDX-License-Identifier: Apache-2.0
// Compiled networks as bytes that tests can split, change and reassemble.
#pragma once

#include "network/compiled_network.hpp"
#include "system/memory.hpp"
#include "temporary_folder.hpp"
#include "unit/stored_zip.hpp"

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

namespace speciesnet {

/// Copies bytes to memory that resembles a file's: aligned to 64 bytes, with nothing after the last
/// one.
inline PackageFile file_in_memory(std::string_view bytes) {
    constexpr std::size_t alignment = 64;
    void* const data = allocate_aligned(alignment, bytes.size());
    std::memcpy(data, bytes.data(), bytes.size());
    return {{static_cast<const char*>(data), bytes.size()},
            "network.compiled",
            std::shared_ptr<const void>(
                data, [](const void* memory) { free_aligned(const_cast<void*>(memory)); })};
}

/// The text of the description, and the values after it.
struct CompiledParts {
    static constexpr std::size_t head = 16;
    static constexpr std::size_t page = 4096;

    std::string description;
    std::string numbers;

    static CompiledParts of(const std::string& file) {
        std::uint64_t size = 0;
        std::memcpy(&size, file.data() + head / 2, sizeof(size));
        return {.description = file.substr(head, size),
                .numbers = file.substr((head + size + page - 1) / page * page)};
    }

    std::string file() const {
        std::string file = "spnetcpl" + little_endian(description.size(), 8) + description;
        file.resize((file.size() + page - 1) / page * page);
        return file + numbers;
    }
};

/// Returns the output of write_compiled_network().
inline std::string compiled_bytes(const executor::NetworkPlan& plan,
                                  const executor::KernelSet& target, const PackageFile& network) {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "compiled";
    write_compiled_network(plan, target, network, file);
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace speciesnet
