// SPDX-License-Identifier: Apache-2.0
// A pickle as plain data. Reading one calls nothing: classes and functions stay names, what they
// would have been called with stays beside them, and names that no model package needs are refused.
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
/// What calling `callee` with `arguments` would give, and the state that would be set on it.
struct Object {
    NodeId callee = 0;
    NodeId arguments = 0;
    std::optional<NodeId> state;
};
/// A reference to something outside the pickle; `key` is what the writer put there.
struct Persistent {
    NodeId key = 0;
};

using Node = std::variant<None, bool, std::int64_t, double, std::string_view, Bytes, List, Tuple,
                          Dict, Global, Object, Persistent>;

class Value;

/// One pickle, read. Values hold on to it by address: it does not move.
class Document {
public:
    /// Reads protocols 2 to 5.
    /// @param bytes the pickle, perhaps followed by something else; must outlive this object and
    /// all its values, which are views of it
    /// @throws ModelError (model_invalid) if this is not a pickle, names a global that no model
    /// package needs, holds itself, or is beyond the limits of pickle_limits.hpp
    explicit Document(std::string_view bytes);
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    Value root() const;
    /// Everything in the pickle that refers to the outside.
    std::vector<Value> references() const;
    /// Bytes that the pickle takes.
    std::size_t size() const noexcept { return size_; }

private:
    friend class Value;
    std::vector<Node> nodes_;
    NodeId root_ = 0;
    std::size_t size_ = 0;
};

/// A value of a document, which must outlive it. Functions that ask for a kind the value does not
/// have throw ModelError (model_invalid).
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
    /// An integer is taken, too.
    double real() const;
    std::string_view text() const;
    std::string_view bytes() const;
    Global global() const;

    /// Items of a list, tuple or dict.
    std::size_t size() const;
    /// An item of a list or tuple.
    Value item(std::size_t index) const;
    /// An entry of a dict, as key and value.
    std::pair<Value, Value> entry(std::size_t index) const;
    /// The value of a text key of a dict; where a key is there twice, the last one counts.
    std::optional<Value> find(std::string_view key) const;

    /// The name that an object would have been made by; nothing for other kinds and for objects
    /// made by something that has no name.
    std::optional<Global> made_by() const;
    Value arguments() const;
    std::optional<Value> state() const;
    /// What a reference to the outside says.
    Value persistent_key() const;

    /// Whether both are one and the same node, not merely equal.
    friend bool operator==(const Value&, const Value&) = default;

private:
    const Node& node() const { return document_->nodes_[node_]; }
    Value at(NodeId node) const { return {*document_, node}; }

    const Document* document_;
    NodeId node_;
};

}  // namespace speciesnet::pickle
