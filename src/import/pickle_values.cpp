// SPDX-License-Identifier: Apache-2.0
// Accesses the values of a pickle.
#include "import/invalid_model.hpp"
#include "import/pickle.hpp"

#include <string>

namespace speciesnet::pickle {
namespace {

template <typename Kind>
const Kind& expect(const Node& node, const char* what) {
    if (const auto* value = std::get_if<Kind>(&node)) {
        return *value;
    }
    invalid_model(std::string("the pickle has a value of the wrong type where ") + what +
                  " is expected");
}

}  // namespace

Value Document::root() const {
    return {*this, root_};
}

std::vector<Value> Document::references() const {
    std::vector<Value> found;
    for (NodeId node = 0; node < nodes_.size(); ++node) {
        if (std::holds_alternative<Persistent>(nodes_[node])) {
            found.emplace_back(*this, node);
        }
    }
    return found;
}

bool Value::boolean() const {
    return expect<bool>(node(), "true or false");
}

std::int64_t Value::integer() const {
    return expect<std::int64_t>(node(), "an integer");
}

double Value::real() const {
    if (const auto* number = std::get_if<std::int64_t>(&node())) {
        return static_cast<double>(*number);
    }
    return expect<double>(node(), "a number");
}

std::string_view Value::text() const {
    return expect<std::string_view>(node(), "text");
}

std::string_view Value::bytes() const {
    return expect<Bytes>(node(), "a byte string").content;
}

Global Value::global() const {
    return expect<Global>(node(), "the name of a class");
}

std::size_t Value::size() const {
    if (const auto* list = std::get_if<List>(&node())) {
        return list->items.size();
    }
    if (const auto* dict = std::get_if<Dict>(&node())) {
        return dict->items.size();
    }
    return expect<Tuple>(node(), "a list").items.size();
}

Value Value::item(std::size_t index) const {
    const auto* list = std::get_if<List>(&node());
    const auto& items = list != nullptr ? list->items : expect<Tuple>(node(), "a list").items;
    if (index >= items.size()) {
        invalid_model("the pickle has too few items in a list");
    }
    return at(items[index]);
}

std::pair<Value, Value> Value::entry(std::size_t index) const {
    const auto& items = expect<Dict>(node(), "a dict").items;
    if (index >= items.size()) {
        invalid_model("the pickle has too few entries in a dict");
    }
    return {at(items[index].first), at(items[index].second)};
}

std::optional<Value> Value::find(std::string_view key) const {
    const auto& items = expect<Dict>(node(), "a dict").items;
    for (auto entry = items.rbegin(); entry != items.rend(); ++entry) {
        const auto* text = std::get_if<std::string_view>(&document_->nodes_[entry->first]);
        if (text != nullptr && *text == key) {
            return at(entry->second);
        }
    }
    return std::nullopt;
}

std::optional<Global> Value::made_by() const {
    if (const auto* object = std::get_if<Object>(&node())) {
        const Value callee = at(object->callee);
        if (callee.is<Global>()) {
            return callee.global();
        }
    }
    return std::nullopt;
}

Value Value::arguments() const {
    return at(expect<Object>(node(), "an object").arguments);
}

std::optional<Value> Value::state() const {
    const auto& state = expect<Object>(node(), "an object").state;
    return state ? std::optional(at(*state)) : std::nullopt;
}

Value Value::persistent_key() const {
    return at(expect<Persistent>(node(), "a reference to a storage").key);
}

}  // namespace speciesnet::pickle
