// SPDX-License-Identifier: Apache-2.0
// Parses placeholders, attributes, module calls and the output as torch/fx/graph.py,
// CodeGen._gen_python_code(), writes them.
#include "import/fx_source.hpp"

#include "import/fx_tokens.hpp"
#include "import/invalid_model.hpp"
#include "text/number.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace speciesnet::fx {
namespace {

constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t most_assignments = 20'000;
constexpr int most_depth = 32;

class Parser {
public:
    explicit Parser(std::string_view source) : tokens_(source) {}

    Function function() {
        find_definition();
        Function function;
        parameters(function.inputs);
        annotation("->");
        tokens_.expect(":");
        for (;;) {
            skip_separators();
            if (tokens_.peek().kind == Token::Kind::source_end) {
                tokens_.fail("there is no return");
            }
            if (is_name("return")) {
                tokens_.next();
                function.result = expression(0);
                skip_separators();
                if (tokens_.peek().kind != Token::Kind::source_end) {
                    tokens_.fail("there is code after return");
                }
                return function;
            }
            statement(function.assignments);
            if (tokens_.peek().kind != Token::Kind::line_end && !tokens_.peek().is(";")) {
                tokens_.fail("the end of a statement is missing");
            }
        }
    }

private:
    bool is_name(std::string_view name) const {
        return tokens_.peek().kind == Token::Kind::name && tokens_.peek().content == name;
    }

    void skip_separators() {
        while (tokens_.peek().kind == Token::Kind::line_end || tokens_.peek().is(";")) {
            tokens_.next();
        }
    }

    // Imports may come first; they have no meaning here.
    void find_definition() {
        for (;;) {
            skip_separators();
            if (is_name("def")) {
                break;
            }
            if (!is_name("import") && !is_name("from")) {
                tokens_.fail("a function is missing");
            }
            while (tokens_.peek().kind != Token::Kind::line_end &&
                   tokens_.peek().kind != Token::Kind::source_end) {
                tokens_.next();
            }
        }
        tokens_.next();
        if (tokens_.expect_name() != "forward") {
            tokens_.fail("a function called forward is missing");
        }
    }

    void parameters(std::vector<std::string>& inputs) {
        tokens_.expect("(");
        if (tokens_.expect_name() != "self") {
            tokens_.fail("self is missing");
        }
        while (tokens_.skip(",")) {
            inputs.push_back(tokens_.expect_name());
            annotation(":");
            if (inputs.size() > most_assignments) {
                tokens_.fail("there are too many inputs");
            }
        }
        tokens_.expect(")");
    }

    // Skips a dotted name after `:` or `->`.
    void annotation(std::string_view symbol) {
        if (!tokens_.peek().is(symbol.substr(0, 1))) {
            return;
        }
        tokens_.next();
        if (symbol.size() == 2) {
            tokens_.expect(symbol.substr(1));
        }
        tokens_.expect_name();
        while (tokens_.skip(".")) {
            tokens_.expect_name();
        }
    }

    // Parses `a = expression`, `a : annotation = expression`, or `a = b = None`.
    void statement(std::vector<Assignment>& assignments) {
        std::vector<std::string> targets{tokens_.expect_name()};
        annotation(":");
        tokens_.expect("=");
        std::optional<Expression> value;
        for (;;) {
            value = expression(0);
            if (!tokens_.skip("=")) {
                break;
            }
            const auto* name = std::get_if<Name>(&value->value);
            if (name == nullptr) {
                tokens_.fail("a value is assigned to something that is not a name");
            }
            targets.push_back(name->name);
        }
        const auto* literal = std::get_if<Literal>(&value->value);
        if (literal != nullptr && std::holds_alternative<std::monostate>(literal->value)) {
            return;
        }
        if (targets.size() != 1 || assignments.size() == most_assignments) {
            tokens_.fail(targets.size() != 1 ? "a value is assigned to two names"
                                             : "the graph is too long");
        }
        assignments.push_back({std::move(targets.front()), std::move(*value)});
    }

    Expression expression(int depth) {
        if (depth > most_depth) {
            tokens_.fail("the expression is nested too deeply");
        }
        const Token& token = tokens_.peek();
        if (token.kind == Token::Kind::text) {
            return {Literal{tokens_.next().content}};
        }
        if (token.kind == Token::Kind::number || token.is("-")) {
            return {number()};
        }
        if (tokens_.skip("[")) {
            return {sequence("]", depth)};
        }
        if (tokens_.skip("(")) {
            return {sequence(")", depth)};
        }
        return named(tokens_.expect_name(), depth);
    }

    Expression named(std::string name, int depth) {
        if (name == "None") {
            return {Literal{}};
        }
        if (name == "True" || name == "False") {
            return {Literal{name == "True"}};
        }
        std::optional<Attribute> attribute;
        if (name == "getattr" && tokens_.peek().is("(")) {
            attribute = getattr(depth);
        }
        while (tokens_.skip(".")) {
            if (!attribute) {
                attribute = Attribute{name, {}};
            }
            attribute->path.push_back(tokens_.expect_name());
            if (attribute->path.size() > static_cast<std::size_t>(most_depth)) {
                tokens_.fail("the name has too many parts");
            }
        }
        if (tokens_.skip("(")) {
            return {
                call(attribute ? std::move(*attribute) : Attribute{std::move(name), {}}, depth)};
        }
        if (attribute) {
            return {std::move(*attribute)};
        }
        return {Name{std::move(name)}};
    }

    // Parses getattr(self.a, "b"), which means self.a.b where b is not a Python identifier.
    Attribute getattr(int depth) {
        tokens_.expect("(");
        const Expression owner = expression(depth + 1);
        tokens_.expect(",");
        if (tokens_.peek().kind != Token::Kind::text) {
            tokens_.fail("the name of an attribute is missing");
        }
        std::string name = tokens_.next().content;
        tokens_.expect(")");
        Attribute attribute;
        if (const auto* variable = std::get_if<Name>(&owner.value)) {
            attribute.root = variable->name;
        } else if (const auto* other = std::get_if<Attribute>(&owner.value)) {
            attribute = *other;
        } else {
            tokens_.fail("getattr is called on a value");
        }
        attribute.path.push_back(std::move(name));
        return attribute;
    }

    Call call(Attribute callee, int depth) {
        Call call{std::move(callee), {}, {}};
        while (!tokens_.skip(")")) {
            Expression argument = expression(depth + 1);
            if (tokens_.skip("=")) {
                const auto* name = std::get_if<Name>(&argument.value);
                if (name == nullptr) {
                    tokens_.fail("the name of an argument is missing");
                }
                call.named_arguments.emplace_back(name->name, expression(depth + 1));
            } else {
                call.arguments.push_back(std::move(argument));
            }
            if (!tokens_.peek().is(")")) {
                tokens_.expect(",");
            }
        }
        return call;
    }

    Sequence sequence(std::string_view end, int depth) {
        Sequence sequence;
        while (!tokens_.skip(end)) {
            sequence.items.push_back(expression(depth + 1));
            if (!tokens_.peek().is(end)) {
                tokens_.expect(",");
            }
        }
        return sequence;
    }

    Literal number() {
        const bool negative = tokens_.skip("-");
        if (tokens_.peek().kind != Token::Kind::number) {
            tokens_.fail("a number is missing");
        }
        const std::string digits = (negative ? "-" : "") + tokens_.peek().content;
        const char* const end = digits.data() + digits.size();
        std::int64_t integer = 0;
        if (const auto read = std::from_chars(digits.data(), end, integer);
            read.ec == std::errc() && read.ptr == end) {
            tokens_.next();
            return {integer};
        }
        const auto real = parse_number(digits);
        if (!real) {
            tokens_.fail("a number is malformed");
        }
        tokens_.next();
        return {*real};
    }

    Tokens tokens_;
};

}  // namespace

Function parse(std::string_view source) {
    if (source.size() > most_bytes) {
        invalid_model("the graph's source is longer than " + std::to_string(most_bytes) + " bytes");
    }
    return Parser(source).function();
}

std::string to_text(const Attribute& attribute) {
    std::string text = attribute.root;
    for (const auto& part : attribute.path) {
        text += "." + part;
    }
    return printable(text);
}

}  // namespace speciesnet::fx
