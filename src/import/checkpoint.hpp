// SPDX-License-Identifier: Apache-2.0
// Reads a file of torch.save: a pickle, and the storages of its tensors.
#pragma once

#include "graph/tensor.hpp"
#include "import/pickle.hpp"
#include "import/storages.hpp"

#include <memory>
#include <string_view>
#include <unordered_map>

namespace speciesnet {

class Checkpoint {
public:
    /// @param file  the whole file; must outlive this object and all its views
    /// @param owner keeps `file` alive for the tensors; null if the caller does
    /// @throws ModelError (model_invalid) if this is not a file of torch.save
    explicit Checkpoint(std::string_view file, std::shared_ptr<const void> owner = nullptr);

    pickle::Value root() const { return pickle_->root(); }

    /// Returns whether a value of the pickle represents a tensor.
    static bool is_tensor(const pickle::Value& value);

    /// Returns the tensor that a value of the pickle represents, after checking that it lies within
    /// its storage. It is a view into the file and may outlive this object.
    /// @throws ModelError (model_invalid) if the value is not a tensor or is damaged
    TensorView tensor(const pickle::Value& value);

private:
    struct Storage {
        ElementType type = ElementType::float32;
        std::string_view bytes;
    };
    const Storage& storage(const pickle::Value& reference);

    std::shared_ptr<const void> owner_;
    std::unique_ptr<const Storages> storages_;
    std::unique_ptr<const pickle::Document> pickle_;
    /// The storages used so far, so that each checksum is calculated only once.
    std::unordered_map<std::string_view, Storage> seen_;
};

}  // namespace speciesnet
