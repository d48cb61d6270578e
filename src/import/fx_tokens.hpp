// SPDX-License-Identifier: Apache-2.0
// Splits Python source into the kinds of tokens that torch.fx writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace speciesnet::fx {

struct Token {
    enum class Kind : std::int32_t { name, number, text, symbol, line_end, source_end };

    Kind kind = Kind::source_end;
    /// As in the source; text is without quotes and escapes. A symbol is one character.
    std::string content;

    bool is(std::string_view symbol) const { return kind == Kind::symbol && content == symbol; }
};

class Tokens {
public:
    /// @throws ModelError (model_invalid), as next() does, for an unexpected character or text
    explicit Tokens(std::string_view source) : source_(source) { advance(); }

    /// Returns the next token without taking it.
    const Token& peek() const noexcept { return token_; }
    /// Takes the next token.
    Token next();
    /// Takes the next token if it is this symbol; returns whether it was.
    bool skip(std::string_view symbol);
    /// Takes the next token, which must be this symbol. @throws ModelError (model_invalid)
    void expect(std::string_view symbol);
    /// Takes the next token, which must be a name. @throws ModelError (model_invalid)
    std::string expect_name();

    [[noreturn]] void fail(const std::string& what) const;

private:
    void advance();
    Token read_text(char quote);
    Token read_while(Token::Kind kind, bool (*belongs)(char));

    std::string_view source_;
    std::size_t position_ = 0;
    std::size_t line_ = 1;
    Token token_;
    std::size_t token_line_ = 1;
};

}  // namespace speciesnet::fx
