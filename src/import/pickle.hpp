// SPDX-License-Identifier: Apache-2.0
// Reads a pickle as plain data. Nothing is called: classes and functions stay names, stored with
// their arguments. Names that no model package needs are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace speciesnet::pickle {

/// The name of a class or function.
struct Global {
    std::string_view module;
    std::string_view name;

    friend bool operator==(const Global&, const Global&) = default;
};

/// Index of a node in its document.
using NodeId = std::uint32_t;

struct None {};
struct Bytes {
    std::string_view content;
};
struct List {
    std::vector<NodeId> items;
};
struct Tuple {
    std::vector<NodeId> items;
};
struct Dict {
    std::vector<std::pair<NodeId, NodeId>> items;
};
/// The result of calling `callee` with `arguments`, not computed, and the state to be set on it.
struct Object {
    NodeId callee = 0;
    NodeId arguments = 0;
    std::optional<NodeId> state;
};
/// A reference to something outside the pickle; `key` comes from the writer.
struct Persistent {
    NodeId key = 0;
};

using Node = std::variant<None, bool, std::int64_t, double, std::string_view, Bytes, List, Tuple,
                          Dict, Global, Object, Persistent>;

class Value;

/// One complete pickle. Values refer to it by address, so it does not move.
class Document {
public:
    /// Reads protocols 2 to 5.
    /// @param bytes the pickle, possibly followed by other data; must outlive this object and all
    /// its values, which are views of it
    /// @throws ModelError (model_invalid) if this is not a pickle, names a global that no model
    /// package needs, contains itself, or exceeds the limits of pickle_limits.hpp
    explicit Document(std::string_view bytes);
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    Value root() const;
    /// Returns all references to things outside the pickle.
    std::vector<Value> references() const;
    /// Returns the number of bytes of the pickle.
    std::size_t size() const noexcept { return size_; }

private:
    friend class Value;
    std::vector<Node> nodes_;
    NodeId root_ = 0;
    std::size_t size_ = 0;
};

/// A value of a document, which must outlive it. Accessors throw ModelError (model_invalid) if the
/// value is of another kind.
class Value {
public:
    Value(const Document& document, NodeId node) : document_(&document), node_(node) {}

    template <typename Kind>
    bool is() const {
        return std::holds_alternative<Kind>(node());
    }
    bool is_none() const { return is<None>(); }

    bool boolean() const;
    std::int64_t integer() const;
    /// Also accepts an integer.
    double real() const;
    std::string_view text() const;
    std::string_view bytes() const;
    Global global() const;

    /// Returns the number of items of a list, tuple or dict.
    std::size_t size() const;
    /// Returns an item of a list or tuple.
    Value item(std::size_t index) const;
    /// Returns an entry of a dict, as key and value.
    std::pair<Value, Value> entry(std::size_t index) const;
    /// Returns the value of a text key of a dict. The last one counts if a key occurs repeatedly.
    std::optional<Value> find(std::string_view key) const;

    /// Returns the name of the callable that would create the object; nothing for other kinds, and
    /// if the callable has no name.
    std::optional<Global> made_by() const;
    Value arguments() const;
    std::optional<Value> state() const;
    /// Returns the key of a reference to something outside the pickle.
    Value persistent_key() const;

    /// Returns whether both are the same node, not merely equal.
    friend bool operator==(const Value&, const Value&) = default;

private:
    const Node& node() const { return document_->nodes_[node_]; }
    Value at(NodeId node) const { return {*document_, node}; }

    const Document* document_;
    NodeId node_;
};

}  // namespace speciesnet::pickle
