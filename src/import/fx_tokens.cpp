// SPDX-License-Identifier: Apache-2.0
// Source is ASCII: torch.fx builds names from letters, digits and underscores, and quotes module
// names.
#include "import/fx_tokens.hpp"

#include "import/invalid_model.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::fx {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) {
    return starts_name(c) || is_digit(c);
}

bool continues_number(char c) {
    return continues_name(c) || c == '.';
}

constexpr std::string_view symbols = "()[],.=:;-+*/@<>{}&|^%~!";

}  // namespace

Token Tokens::next() {
    Token taken = std::move(token_);
    advance();
    return taken;
}

bool Tokens::skip(std::string_view symbol) {
    if (!token_.is(symbol)) {
        return false;
    }
    advance();
    return true;
}

void Tokens::expect(std::string_view symbol) {
    if (!skip(symbol)) {
        fail("'" + std::string(symbol) + "' is missing");
    }
}

std::string Tokens::expect_name() {
    if (token_.kind != Token::Kind::name) {
        fail("a name is missing");
    }
    return next().content;
}

void Tokens::fail(const std::string& what) const {
    std::string before = "the end";
    if (token_.kind == Token::Kind::line_end) {
        before = "the end of the line";
    } else if (token_.kind != Token::Kind::source_end) {
        before = "'" + printable(token_.content) + "'";
    }
    invalid_model("line " + std::to_string(token_line_) + " of the graph's source: " + what +
                  " before " + before);
}

void Tokens::advance() {
    while (position_ < source_.size()) {
        const char c = source_[position_];
        if (c == '#') {
            position_ = std::min(source_.find('\n', position_), source_.size());
        } else if (c == ' ' || c == '\t' || c == '\r') {
            ++position_;
        } else {
            break;
        }
    }
    token_line_ = line_;
    if (position_ == source_.size()) {
        token_ = {Token::Kind::source_end, {}};
        return;
    }
    const char c = source_[position_];
    if (c == '\n') {
        ++position_;
        ++line_;
        token_ = {Token::Kind::line_end, {}};
    } else if (starts_name(c)) {
        token_ = read_while(Token::Kind::name, continues_name);
    } else if (is_digit(c)) {
        token_ = read_while(Token::Kind::number, continues_number);
        // The sign of an exponent, as in 1e-05.
        if (token_.content.find_first_of("eE") == token_.content.size() - 1 &&
            position_ < source_.size() &&
            (source_[position_] == '-' || source_[position_] == '+')) {
            token_.content += source_[position_++];
            token_.content += read_while(Token::Kind::number, is_digit).content;
        }
    } else if (c == '"' || c == '\'') {
        ++position_;
        token_ = read_text(c);
    } else if (symbols.find(c) != std::string_view::npos) {
        ++position_;
        token_ = {Token::Kind::symbol, std::string(1, c)};
    } else {
        token_ = {Token::Kind::symbol, std::string(1, c)};
        fail("a character is unexpected");
    }
}

Token Tokens::read_while(Token::Kind kind, bool (*belongs)(char)) {
    const std::size_t begin = position_;
    while (position_ < source_.size() && belongs(source_[position_])) {
        ++position_;
    }
    return {kind, std::string(source_.substr(begin, position_ - begin))};
}

Token Tokens::read_text(char quote) {
    Token token{Token::Kind::text, {}};
    while (position_ < source_.size() && source_[position_] != '\n') {
        const char c = source_[position_++];
        if (c == quote) {
            return token;
        }
        if (c == '\\') {
            if (position_ == source_.size() ||
                std::string_view("\\'\"").find(source_[position_]) == std::string_view::npos) {
                break;
            }
            token.content += source_[position_++];
        } else {
            token.content += c;
        }
    }
    token_ = std::move(token);
    fail("a string is not terminated");
}

}  // namespace speciesnet::fx
