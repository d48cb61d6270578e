// SPDX-License-Identifier: Apache-2.0
// The storages of a checkpoint's tensors: entries of a zip file, or the rest of a legacy file.
#pragma once

#include "graph/tensor.hpp"
#include "import/pickle.hpp"
#include "import/zip_archive.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace speciesnet {

/// Returns the type of a storage's elements.
/// @param storage_class for instance torch.HalfStorage
/// @throws ModelError (model_invalid) for types that weights do not use
ElementType element_type(const pickle::Global& storage_class);

class Storages {
public:
    Storages() = default;
    Storages(const Storages&) = delete;
    Storages& operator=(const Storages&) = delete;
    virtual ~Storages() = default;

    /// Returns the bytes of a storage.
    /// @throws ModelError (model_invalid) if no storage has this name or it is damaged
    virtual std::string_view read(std::string_view key) const = 0;
};

/// torch 1.6 and later: <prefix>/data.pkl and <prefix>/data/<key>.
class ZipStorages final : public Storages {
public:
    explicit ZipStorages(std::string_view file);
    std::string_view pickle() const;
    std::string_view read(std::string_view key) const override;

private:
    ZipArchive archive_;
    std::string prefix_;
};

/// torch 1.5 and earlier: three pickles that describe the file, the main pickle, a pickled list of
/// keys, and the storages in the order of the keys.
class LegacyStorages final : public Storages {
public:
    /// Returns whether the file starts with the magic number of this format.
    static bool has_signature(std::string_view file) noexcept;

    explicit LegacyStorages(std::string_view file);
    std::string_view pickle() const noexcept { return pickle_; }
    std::string_view read(std::string_view key) const override;

private:
    std::string_view pickle_;
    std::unordered_map<std::string_view, std::string_view> contents_;
};

}  // namespace speciesnet
