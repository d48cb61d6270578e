// SPDX-License-Identifier: Apache-2.0
// Reads chunks, and the orientation from chunks other than pixels.
#include "png_chunks.hpp"

#include "byte_order.hpp"
#include "exif.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <zlib.h>

namespace speciesnet {
namespace {

/// Maximum length of a decompressed text. Source: PngImagePlugin.py, MAX_TEXT_CHUNK.
constexpr std::size_t max_text_bytes = std::size_t{1024} * 1024;

/// Removes the characters up to the next zero byte, and the zero byte, from `text`; returns them.
std::string_view take_string(std::string_view& text) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    const std::string_view front = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return front;
}

/// Returns the undamaged part of a deflated text, up to the limit.
std::string unpack(std::string_view deflated) {
    std::string text(max_text_bytes, '\0');
    uLongf length = text.size();
    uncompress(reinterpret_cast<Bytef*>(text.data()), &length,
               reinterpret_cast<const Bytef*>(deflated.data()), deflated.size());
    text.resize(length);
    return text;
}

/// The content of a text chunk.
struct Text {
    std::string_view characters;
    bool deflated = false;

    std::string unpacked() const { return deflated ? unpack(characters) : std::string(characters); }
};

/// Returns the text that a tEXt, zTXt or iTXt chunk has for `keyword`.
std::optional<Text> find_text(const PngChunk& chunk, std::string_view keyword) {
    std::string_view rest = as_text(chunk.content);
    if (take_string(rest) != keyword) {
        return std::nullopt;
    }
    if (chunk.name == "zTXt" && !rest.empty()) {
        return Text{rest.substr(1), true};
    }
    if (chunk.name == "iTXt" && rest.size() >= 2) {
        const bool deflated = rest[0] != 0;
        rest.remove_prefix(2);
        take_string(rest);  // language
        take_string(rest);  // translated keyword
        return Text{rest, deflated};
    }
    return chunk.name == "tEXt" ? std::optional(Text{rest}) : std::nullopt;
}

int hex_value(char digit) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto found = digits.find(static_cast<char>(digit | 0x20));
    return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

/// Decodes EXIF as ImageMagick writes it: an empty line, a name, a length, then lines of
/// hexadecimal digits.
std::vector<std::byte> unpack_raw_profile(std::string_view text) {
    for (int line = 0; line < 3; ++line) {
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
        if (text.empty()) {
            return {};
        }
    }
    std::vector<std::byte> profile;
    int high = -1;
    for (const char character : text) {
        if (character == '\n') {
            continue;
        }
        const int value = hex_value(character);
        if (value < 0) {
            break;
        }
        if (high < 0) {
            high = value;
        } else {
            profile.push_back(static_cast<std::byte>(high * 16 + value));
            high = -1;
        }
    }
    return profile;
}

}  // namespace

std::optional<PngChunk> PngChunks::next() {
    static constexpr std::size_t length_bytes = 4;
    static constexpr std::size_t name_bytes = 4;
    static constexpr std::size_t checksum_bytes = 4;
    static constexpr std::size_t head_bytes = length_bytes + name_bytes;
    if (rest_.size() < head_bytes) {
        return std::nullopt;
    }
    const std::size_t length = read_u32(rest_, 0, ByteOrder::big);
    const Bytes named =
        rest_.subspan(length_bytes, std::min(name_bytes + length, rest_.size() - length_bytes));
    rest_ = rest_.subspan(length_bytes + named.size());
    const PngChunk chunk{as_text(named.first(name_bytes)), named.subspan(name_bytes)};
    rest_ = rest_.subspan(std::min(checksum_bytes, rest_.size()));
    return chunk;
}

Bytes find_png_exif(Bytes file, std::vector<std::byte>& store) {
    Bytes exif;
    Text raw_profile;
    PngChunks chunks(file);
    for (auto chunk = chunks.next(); chunk && chunk->name != "IEND"; chunk = chunks.next()) {
        if (chunk->name == "eXIf") {
            exif = chunk->content;
        } else if (const auto text = find_text(*chunk, "Raw profile type exif")) {
            raw_profile = *text;
        }
    }
    if (exif.empty() && !raw_profile.characters.empty()) {
        store = unpack_raw_profile(raw_profile.unpacked());
        return store;
    }
    return exif;
}

int read_png_orientation(Bytes file) {
    Text xmp;
    PngChunks chunks(file);
    for (auto chunk = chunks.next(); chunk && chunk->name != "IEND"; chunk = chunks.next()) {
        if (const auto text = find_text(*chunk, "XML:com.adobe.xmp")) {
            xmp = *text;
        }
    }
    std::vector<std::byte> store;
    return find_orientation(MediaType::png, find_png_exif(file, store), xmp.unpacked());
}

}  // namespace speciesnet
