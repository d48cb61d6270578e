// SPDX-License-Identifier: Apache-2.0
// Reads a complete pickle and refuses those that cannot be traversed safely.
#include "import/invalid_model.hpp"
#include "import/pickle.hpp"
#include "import/pickle_limits.hpp"
#include "import/pickle_reader.hpp"

#include <algorithm>
#include <string>

namespace speciesnet::pickle {
namespace {

/// Returns the child of `node` at `index`, if it has that many.
std::optional<NodeId> child(const Node& node, std::size_t index) {
    const auto item = [&](const std::vector<NodeId>& items) {
        return index < items.size() ? std::optional(items[index]) : std::nullopt;
    };
    if (const auto* list = std::get_if<List>(&node)) {
        return item(list->items);
    }
    if (const auto* tuple = std::get_if<Tuple>(&node)) {
        return item(tuple->items);
    }
    if (const auto* dict = std::get_if<Dict>(&node)) {
        if (index / 2 >= dict->items.size()) {
            return std::nullopt;
        }
        const auto& [key, value] = dict->items[index / 2];
        return index % 2 == 0 ? key : value;
    }
    if (const auto* object = std::get_if<Object>(&node)) {
        if (index == 2) {
            return object->state;
        }
        return index < 2 ? std::optional(index == 0 ? object->callee : object->arguments)
                         : std::nullopt;
    }
    if (const auto* persistent = std::get_if<Persistent>(&node)) {
        return index == 0 ? std::optional(persistent->key) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

// Traverses depth first, without recursion. A node's height is one more than that of its highest
// child.
void check_nesting(const std::vector<Node>& nodes, NodeId root) {
    constexpr std::uint32_t unseen = 0;
    constexpr std::uint32_t open = ~std::uint32_t{0};
    struct Visit {
        NodeId node;
        std::size_t next_child = 0;
        std::uint32_t height = 1;
    };
    std::vector<std::uint32_t> heights(nodes.size(), unseen);
    std::vector<Visit> path{{root}};
    heights[root] = open;
    while (!path.empty()) {
        Visit& visit = path.back();
        if (const auto next = child(nodes[visit.node], visit.next_child)) {
            if (heights[*next] == open) {
                invalid_model("the pickle has a value that contains itself");
            }
            if (heights[*next] != unseen) {
                visit.height = std::max(visit.height, heights[*next] + 1);
                ++visit.next_child;
            } else {
                heights[*next] = open;
                path.push_back({*next});
            }
        } else {
            heights[visit.node] = visit.height;
            path.pop_back();
        }
        if (path.size() > most_depth || (!path.empty() && path.back().height > most_depth)) {
            invalid_model("the pickle is nested more than " + std::to_string(most_depth) + " deep");
        }
    }
}

Document::Document(std::string_view bytes) {
    Reader reader(bytes.substr(0, most_bytes), nodes_);
    root_ = reader.read();
    size_ = reader.position();
    check_nesting(nodes_, root_);
}

}  // namespace speciesnet::pickle
