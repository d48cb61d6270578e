// SPDX-License-Identifier: Apache-2.0
// Accesses a pickled torch.nn.Module: its class, attributes, tensors and parts.
#pragma once

#include "graph/graph.hpp"
#include "import/pickle.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// A view of a pickle's document, which must outlive it. If the file lacks something or has it with
/// another type, accessors throw ModelError (model_invalid), which names the module.
class TorchModule {
public:
    /// @param value an object with a class, or the dict of attributes that represents a GraphModule
    /// @param path  its location, for messages
    TorchModule(const pickle::Value& value, std::string path);

    /// Returns, for instance, torch.nn.modules.conv.Conv2d; empty for a GraphModule.
    const std::string& class_name() const noexcept { return class_name_; }
    const std::string& path() const noexcept { return path_; }

    bool has(std::string_view attribute) const;
    pickle::Value attribute(std::string_view name) const;
    /// Returns an attribute, or `otherwise` if it is missing (as in old files) or None.
    std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
    std::int64_t integer(std::string_view name) const;
    /// Returns a finite number.
    double real(std::string_view name) const;
    bool boolean(std::string_view name, bool otherwise) const;
    /// Returns a list or tuple of integers.
    std::vector<std::int64_t> integers(std::string_view name) const;
    /// Returns two integers, rows first; a single integer counts as both.
    graph::Pair pair(std::string_view name) const;

    /// Returns a parameter or buffer; nothing if it is None or missing.
    std::optional<pickle::Value> tensor(std::string_view name) const;

    std::size_t child_count() const;
    TorchModule child(std::size_t index) const;
    std::string child_name(std::size_t index) const;
    TorchModule child(std::string_view name) const;
    bool has_child(std::string_view name) const;

    [[noreturn]] void fail(const std::string& what) const;

private:
    /// Returns the attribute that is a dict of tensors or parts; nothing if there is none.
    std::optional<pickle::Value> members(std::string_view name) const;
    pickle::Value parts() const;

    std::string class_name_;
    std::string path_;
    pickle::Value attributes_;
};

}  // namespace speciesnet
