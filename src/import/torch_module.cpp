// SPDX-License-Identifier: Apache-2.0
// The attributes are those of torch/nn/modules/module.py: _parameters, _buffers, _modules, and the
// others, stored next to them.
#include "import/torch_module.hpp"

#include "import/invalid_model.hpp"

#include <cmath>
#include <utility>

namespace speciesnet {
namespace {

using pickle::Value;

// Lookup is linear: a module of a published file has about twenty attributes, and a GraphModule has
// at most 1,300 parts.
constexpr std::size_t most_attributes = 200;
constexpr std::size_t most_parts = 10'000;

Value attributes_of(const Value& value, const std::string& path) {
    if (value.is<pickle::Dict>()) {
        return value;
    }
    if (!value.made_by()) {
        invalid_model(path + " is not a module");
    }
    const auto state = value.state();
    if (!state || !state->is<pickle::Dict>()) {
        invalid_model(path + " has no attributes");
    }
    return *state;
}

}  // namespace

TorchModule::TorchModule(const Value& value, std::string path)
    : path_(std::move(path)), attributes_(attributes_of(value, path_)) {
    if (const auto global = value.made_by()) {
        class_name_ = std::string(global->module) + "." + std::string(global->name);
    }
    if (attributes_.size() > most_attributes) {
        fail("has too many attributes");
    }
}

bool TorchModule::has(std::string_view attribute) const {
    const auto found = attributes_.find(attribute);
    return found && !found->is_none();
}

Value TorchModule::attribute(std::string_view name) const {
    const auto found = attributes_.find(name);
    if (!found) {
        fail("has no " + std::string(name));
    }
    return *found;
}

std::int64_t TorchModule::integer(std::string_view name, std::int64_t otherwise) const {
    return has(name) ? integer(name) : otherwise;
}

std::int64_t TorchModule::integer(std::string_view name) const {
    const auto value = attribute(name);
    if (!value.is<std::int64_t>()) {
        fail(std::string(name) + " is not an integer");
    }
    return value.integer();
}

double TorchModule::real(std::string_view name) const {
    const auto value = attribute(name);
    if (!value.is<std::int64_t>() && !value.is<double>()) {
        fail(std::string(name) + " is not a number");
    }
    if (!std::isfinite(value.real())) {
        fail(std::string(name) + " is not finite");
    }
    return value.real();
}

bool TorchModule::boolean(std::string_view name, bool otherwise) const {
    if (!has(name)) {
        return otherwise;
    }
    const auto value = attribute(name);
    if (!value.is<bool>()) {
        fail(std::string(name) + " is neither true nor false");
    }
    return value.boolean();
}

std::vector<std::int64_t> TorchModule::integers(std::string_view name) const {
    constexpr std::size_t most_integers = 64;
    const auto value = attribute(name);
    if ((!value.is<pickle::List>() && !value.is<pickle::Tuple>()) || value.size() > most_integers) {
        fail(std::string(name) + " is not a list of integers");
    }
    std::vector<std::int64_t> items;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (!value.item(i).is<std::int64_t>()) {
            fail(std::string(name) + " is not a list of integers");
        }
        items.push_back(value.item(i).integer());
    }
    return items;
}

graph::Pair TorchModule::pair(std::string_view name) const {
    if (attribute(name).is<std::int64_t>()) {
        return {integer(name), integer(name)};
    }
    const auto items = integers(name);
    if (items.size() != 2) {
        fail(std::string(name) + " is not a pair of integers");
    }
    return {items[0], items[1]};
}

std::optional<Value> TorchModule::members(std::string_view name) const {
    const auto found = attributes_.find(name);
    if (!found) {
        return std::nullopt;
    }
    if (!found->is<pickle::Dict>()) {
        fail(std::string(name) + " is not a dict");
    }
    return found;
}

std::optional<Value> TorchModule::tensor(std::string_view name) const {
    for (const char* kind : {"_parameters", "_buffers"}) {
        const auto tensors = members(kind);
        if (tensors && tensors->size() > most_parts) {
            fail("has too many tensors");
        }
        const auto found = tensors ? tensors->find(name) : std::nullopt;
        if (found && !found->is_none()) {
            return found;
        }
    }
    return std::nullopt;
}

Value TorchModule::parts() const {
    const auto parts = members("_modules");
    if (!parts || parts->size() > most_parts) {
        fail(parts ? "has too many parts" : "has no parts");
    }
    return *parts;
}

std::size_t TorchModule::child_count() const {
    return parts().size();
}

TorchModule TorchModule::child(std::size_t index) const {
    return {parts().entry(index).second, path_ + "." + printable(child_name(index))};
}

std::string TorchModule::child_name(std::size_t index) const {
    return std::string(parts().entry(index).first.text());
}

TorchModule TorchModule::child(std::string_view name) const {
    const auto part = parts().find(name);
    if (!part) {
        fail("has no part " + printable(name));
    }
    return {*part, path_ + "." + printable(name)};
}

bool TorchModule::has_child(std::string_view name) const {
    const auto parts = members("_modules");
    return parts && parts->find(name) && !parts->find(name)->is_none();
}

void TorchModule::fail(const std::string& what) const {
    invalid_model(path_ + " (" + printable(class_name_) + ") " + what);
}

}  // namespace speciesnet
