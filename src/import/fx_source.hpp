// SPDX-License-Identifier: Apache-2.0
// Parses the Python source that torch.fx writes for a graph, a list of named calls, without
// executing it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace speciesnet::fx {

struct Expression;

/// A local variable.
struct Name {
    std::string name;
};
/// `self.a.b`, a module or tensor of the graph, or `torch.add`, a name in a library.
struct Attribute {
    std::string root;  ///< "self", "torch", ...
    std::vector<std::string> path;
};
struct Literal {
    std::variant<std::monostate, bool, std::int64_t, double, std::string> value;
};
/// A list or tuple.
struct Sequence {
    std::vector<Expression> items;
};
struct Call {
    Attribute callee;
    std::vector<Expression> arguments;
    std::vector<std::pair<std::string, Expression>> named_arguments;
};
struct Expression {
    std::variant<Name, Attribute, Literal, Sequence, Call> value;
};

struct Assignment {
    std::string target;
    Expression value;
};

/// `def forward(self, inputs...)`, its assignments in order, and what it returns.
struct Function {
    std::vector<std::string> inputs;
    std::vector<Assignment> assignments;
    Expression result;
};

/// Parses the source. Releases (`x = None`) are omitted.
/// @throws ModelError (model_invalid) naming the line that torch.fx would not write, or if the
/// source exceeds 16 MiB, 20,000 assignments or a nesting of 32
Function parse(std::string_view source);

/// Returns the attribute as in the source, for messages.
std::string to_text(const Attribute& attribute);

}  // namespace speciesnet::fx
