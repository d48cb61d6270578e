// SPDX-License-Identifier: Apache-2.0
// Reads whole files, and replaces them atomically.
#include "text_file.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "atomic_file.hpp"
#include "drawing/utf8.hpp"
#include "file_descriptor.hpp"
#include "paths.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace speciesnet::cli {

namespace fs = std::filesystem;

namespace {

/// Converts UTF-16 to UTF-8.
/// @param higher index of the most significant byte of a unit: 0 or 1
std::string from_utf16(std::string_view bytes, std::size_t higher) {
    std::u32string points;
    const auto unit = [&](std::size_t at) {
        return static_cast<char32_t>(static_cast<unsigned char>(bytes[at + higher]) << 8U |
                                     static_cast<unsigned char>(bytes[at + 1 - higher]));
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        auto point = unit(at);
        if (point >= 0xD800 && point < 0xE000) {
            const auto low = point < 0xDC00 && at + 3 < bytes.size() ? unit(at + 2) : U'\0';
            const bool is_pair = low >= 0xDC00 && low < 0xE000;
            point = is_pair ? 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00) : U'\uFFFD';
            at += is_pair ? 2 : 0;
        }
        points += point;
    }
    return utf8(points);
}

/// Converts to UTF-8: Windows' editors and shells write UTF-16, or a byte order mark before UTF-8.
std::string to_utf8(std::string content, const fs::path& file) {
    const std::string_view text = content;
    if (text.starts_with("\xEF\xBB\xBF")) {
        return content.substr(3);
    }
    if (text.starts_with("\xFF\xFE")) {
        return from_utf16(text.substr(2), 1);
    }
    if (text.starts_with("\xFE\xFF")) {
        return from_utf16(text.substr(2), 0);
    }
    if (text.find('\0') != std::string_view::npos) {
        throw InvalidArgument(
            "'" + utf8_text(file) +
            "' contains zero bytes, so it is not a list of paths; save it as UTF-8");
    }
    return content;
}

/// Removes the quotes that Windows' "Copy as path" and shells put around paths.
std::string unquoted(std::string line) {
    for (const char quote : {'"', '\''}) {
        if (line.size() >= 2 && line.front() == quote && line.back() == quote) {
            return strip(std::string_view(line).substr(1, line.size() - 2));
        }
    }
    return line;
}

}  // namespace

std::string read_text_file(const fs::path& file) {
    const auto descriptor = open_to_read(file);
    if (!descriptor.is_open()) {
        throw_io_error("cannot read", file, errno);
    }
    std::string content;
    std::array<char, 65536> block{};
    while (const auto count = read_on(descriptor, block, file)) {
        content.append(block.data(), count);
    }
    return content;
}

std::vector<std::string> read_lines(const fs::path& file) {
    const std::string content = to_utf8(read_text_file(file), file);
    std::string_view rest = content;
    std::vector<std::string> lines;
    while (!rest.empty()) {
        const auto end = rest.find_first_of("\r\n");
        if (auto line = unquoted(strip(rest.substr(0, end))); !line.empty()) {
            lines.push_back(std::move(line));
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return lines;
}

std::string strip(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

void check_writable(const fs::path& file) {
    std::error_code error;
    const auto present = fs::status(file, error);
    if (fs::exists(present) && !fs::is_regular_file(present)) {
        throw IoError(ErrorCode::io, "'" + utf8_text(file) + "' exists and is not a plain file");
    }
    if (const auto refusal = check_folder_is_writable(folder_of(file))) {
        throw IoError(
            refusal == std::errc::no_such_file_or_directory ? ErrorCode::not_found : ErrorCode::io,
            "cannot write '" + utf8_text(file) + "': " + refusal.message());
    }
}

void write_text_file(const fs::path& file, std::string_view content) {
    AtomicFile replacement(file);
    replacement.write(content);
    replacement.publish();
}

}  // namespace speciesnet::cli
