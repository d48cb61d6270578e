// SPDX-License-Identifier: Apache-2.0
// Each function escapes the special characters of its context.
#include "page_text.hpp"

#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace speciesnet::cli {
namespace {

template <typename Replace>
std::string replaced(std::string_view text, const Replace& replace) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        replace(result, c);
    }
    return result;
}

}  // namespace

std::string html_escaped(std::string_view text) {
    return replaced(text, [](std::string& result, char c) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    });
}

std::string script_escaped(std::string_view json) {
    return replaced(json, [](std::string& result, char c) {
        // In JSON these characters occur only in strings, where an escape is equivalent.
        if (c == '<') {
            result += "\\u003c";
        } else if (c == '>') {
            result += "\\u003e";
        } else if (c == '&') {
            result += "\\u0026";
        } else {
            result += c;
        }
    });
}

std::string relative_url(std::string_view path) {
    return "./" + replaced(path, [](std::string& result, char c) {
               const auto byte = static_cast<unsigned char>(c);
               const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || c == '/' || c == '.' ||
                                                  c == '-' || c == '_');
               if (plain) {
                   result += c;
                   return;
               }
               std::array<char, 4> code{};
               std::snprintf(code.data(), code.size(), "%%%02X", byte);
               result += code.data();
           });
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t offset) -> std::uint32_t {
            return i + offset < bytes.size() ? static_cast<unsigned char>(bytes[i + offset]) : 0;
        };
        const auto group = byte(0) << 16U | byte(1) << 8U | byte(2);
        text += digits[group >> 18U];
        text += digits[(group >> 12U) & 63U];
        text += i + 1 < bytes.size() ? digits[(group >> 6U) & 63U] : '=';
        text += i + 2 < bytes.size() ? digits[group & 63U] : '=';
    }
    return text;
}

}  // namespace speciesnet::cli
