// SPDX-License-Identifier: Apache-2.0
// Implements the stack machine of a pickle: a stack, a memo, and operations on them.
#pragma once

#include "import/byte_reader.hpp"
#include "import/pickle.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet::pickle {

class Reader {
public:
    /// @param nodes receives each created value
    Reader(std::string_view bytes, std::vector<Node>& nodes) : bytes_(bytes), nodes_(nodes) {}

    /// Runs operations until STOP.
    /// @return the remaining value
    NodeId read();
    /// Returns the number of bytes read so far.
    std::size_t position() const noexcept { return bytes_.position(); }

private:
    void execute(unsigned char operation);
    bool execute_constant(unsigned char operation);
    bool execute_container(unsigned char operation);
    bool execute_reference(unsigned char operation);

    void push(NodeId node) { stack_.push_back(node); }
    void make(Node node);
    NodeId pop();
    NodeId top() const;
    std::vector<NodeId> pop_items(std::size_t count);
    /// Removes and returns the values pushed since the last mark.
    std::vector<NodeId> pop_to_mark();

    void make_long(std::string_view digits);
    void make_text(std::uint64_t size);
    void make_dict(std::vector<NodeId> keys_and_values);
    void append(const std::vector<NodeId>& items);
    void set_items(const std::vector<NodeId>& keys_and_values);
    void make_global(const Global& global);
    /// Creates the result of calling `callee`, as plain data.
    void make_object(NodeId callee, NodeId arguments);
    void make_reference(NodeId key);
    void set_state(NodeId state);
    void remember(std::uint64_t index);
    void recall(std::uint64_t index);

    ByteReader bytes_;
    std::vector<Node>& nodes_;
    std::vector<NodeId> stack_;
    std::vector<std::size_t> marks_;
    std::vector<std::optional<NodeId>> memo_;
};

/// Refuses a value that contains itself or is nested too deeply, so that callers may use recursion.
/// @throws ModelError (model_invalid)
void check_nesting(const std::vector<Node>& nodes, NodeId root);

}  // namespace speciesnet::pickle
