// SPDX-License-Identifier: Apache-2.0
// Reads tensors as torch.save writes them: torch/_utils.py, _rebuild_tensor_v2() and
// _rebuild_parameter().
#include "import/checkpoint.hpp"

#include "import/invalid_model.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

using pickle::Global;
using pickle::Value;

constexpr Global rebuild_parameter{"torch._utils", "_rebuild_parameter"};
constexpr Global rebuild_tensor{"torch._utils", "_rebuild_tensor"};
constexpr Global rebuild_tensor_v2{"torch._utils", "_rebuild_tensor_v2"};

std::vector<std::int64_t> sizes(const Value& tuple) {
    constexpr std::size_t most_dimensions = 8;
    if (tuple.size() > most_dimensions) {
        invalid_model("a tensor has " + std::to_string(tuple.size()) + " dimensions");
    }
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < tuple.size(); ++i) {
        const auto value = tuple.item(i).integer();
        // Small enough that the product of two values does not overflow.
        if (value < 0 || value > std::numeric_limits<std::int32_t>::max()) {
            invalid_model("a tensor has the size or stride " + std::to_string(value));
        }
        values.push_back(value);
    }
    return values;
}

/// Returns the number of a storage's elements from a tensor's first to its last.
/// @param available number of elements from the first to the end of the storage
std::int64_t extent(const TensorView& tensor, std::int64_t available) {
    std::int64_t count = 1;
    std::int64_t last = 0;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        if (tensor.shape[i] == 0) {
            return 0;
        }
        last += (tensor.shape[i] - 1) * tensor.strides[i];
        // A tensor has at most the stored elements, so that a small file cannot claim a huge
        // tensor.
        if (tensor.shape[i] > available / count || last >= available) {
            invalid_model("a tensor reaches beyond its storage");
        }
        count *= tensor.shape[i];
    }
    if (available < 1) {
        invalid_model("a tensor reaches beyond its storage");
    }
    return last + 1;
}

std::unique_ptr<const Storages> open_zip(std::string_view file, std::string_view& pickle) {
    auto storages = std::make_unique<ZipStorages>(file);
    pickle = storages->pickle();
    return storages;
}

std::unique_ptr<const Storages> open_legacy(std::string_view file, std::string_view& pickle) {
    auto storages = std::make_unique<LegacyStorages>(file);
    pickle = storages->pickle();
    return storages;
}

}  // namespace

Checkpoint::Checkpoint(std::string_view file, std::shared_ptr<const void> owner)
    : owner_(std::move(owner)) {
    std::string_view pickle;
    if (ZipArchive::has_signature(file)) {
        storages_ = open_zip(file, pickle);
    } else if (LegacyStorages::has_signature(file)) {
        storages_ = open_legacy(file, pickle);
    } else {
        invalid_model("this file was not written by torch.save");
    }
    pickle_ = std::make_unique<const pickle::Document>(pickle);
}

bool Checkpoint::is_tensor(const Value& value) {
    const auto made_by = value.made_by();
    return made_by == rebuild_parameter || made_by == rebuild_tensor ||
           made_by == rebuild_tensor_v2;
}

TensorView Checkpoint::tensor(const Value& value) {
    if (!is_tensor(value)) {
        invalid_model("the pickle contains no tensor where one is expected");
    }
    const auto arguments = value.arguments();
    if (value.made_by() == rebuild_parameter) {
        return tensor(arguments.item(0));
    }
    const Storage& from = storage(arguments.item(0));
    TensorView tensor;
    tensor.type = from.type;
    tensor.shape = sizes(arguments.item(2));
    tensor.strides = sizes(arguments.item(3));
    const auto elements = static_cast<std::int64_t>(from.bytes.size() / size_of(tensor.type));
    const std::int64_t offset = arguments.item(1).integer();
    if (tensor.strides.size() != tensor.shape.size() || offset < 0 || offset > elements) {
        invalid_model("a tensor reaches beyond its storage");
    }
    tensor.bytes = from.bytes.substr(
        static_cast<std::size_t>(offset) * size_of(tensor.type),
        static_cast<std::size_t>(extent(tensor, elements - offset)) * size_of(tensor.type));
    tensor.owner = owner_;
    return tensor;
}

// ("storage", class, key, device, number of elements)
const Checkpoint::Storage& Checkpoint::storage(const Value& reference) {
    const auto description = reference.persistent_key();
    const auto key = description.item(2).text();
    const auto known = seen_.find(key);
    if (known != seen_.end()) {
        return known->second;
    }
    const Storage storage{element_type(description.item(1).global()), storages_->read(key)};
    const auto elements = static_cast<std::uint64_t>(description.item(4).integer());
    const std::size_t element_size = size_of(storage.type);
    if (storage.bytes.size() % element_size != 0 ||
        storage.bytes.size() / element_size != elements) {
        invalid_model("storage " + printable(key) + " does not have the size stated in the pickle");
    }
    return seen_.emplace(key, storage).first->second;
}

}  // namespace speciesnet
