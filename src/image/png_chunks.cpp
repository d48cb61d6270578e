// Chunks, and what the ones beside the pixels say about orientation.
#include "png_chunks.hpp"

#include "byte_order.hpp"
#include "exif.hpp"
#include "inflate.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <zlib.h>

namespace speciesnet {
namespace {

/// Longest text that is unpacked. Source: PngImagePlugin.py, MAX_TEXT_CHUNK.
constexpr std::size_t max_text_bytes = std::size_t{1024} * 1024;

/// Takes what is in front of the next zero byte, and the zero byte, off `text`.
std::string_view take_string(std::string_view& text) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    const std::string_view front = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return front;
}

std::string unpack(std::string_view deflated) {
    Inflater inflater({std::as_bytes(std::span(deflated))});
    std::vector<std::uint8_t> text(max_text_bytes);
    text.resize(inflater.read(text));
    return {text.begin(), text.end()};
}

/// The text of a tEXt, zTXt or iTXt chunk under `keyword`.
std::optional<std::string> read_text(const PngChunk& chunk, std::string_view keyword) {
    std::string_view rest = as_text(chunk.content);
    if (take_string(rest) != keyword) {
        return std::nullopt;
    }
    bool deflated = false;
    if (chunk.name == "zTXt" && !rest.empty()) {
        deflated = true;
        rest.remove_prefix(1);
    } else if (chunk.name == "iTXt" && rest.size() >= 2) {
        deflated = rest[0] != 0;
        rest.remove_prefix(2);
        take_string(rest);  // language
        take_string(rest);  // translated keyword
    } else if (chunk.name != "tEXt") {
        return std::nullopt;
    }
    return deflated ? unpack(rest) : std::string(rest);
}

int hex_value(char digit) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto found = digits.find(static_cast<char>(digit | 0x20));
    return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

/// EXIF as ImageMagick writes it: an empty line, a name, a length, then lines of hexadecimal
/// digits.
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
    PngChunk chunk{as_text(named.first(name_bytes)), named.subspan(name_bytes), std::nullopt};
    if (rest_.size() >= checksum_bytes) {
        chunk.checksum = read_u32(rest_, 0, ByteOrder::big);
        rest_ = rest_.subspan(checksum_bytes);
    } else {
        rest_ = {};
    }
    return chunk;
}

bool PngChunk::is_intact() const {
    const auto* const characters = reinterpret_cast<const Bytef*>(name.data());
    return checksum ==
           crc32_z(crc32_z(0, characters, name.size()), as_numbers(content), content.size());
}

Bytes find_png_exif(Bytes file, std::vector<std::byte>& store) {
    Bytes exif;
    std::string raw_profile;
    PngChunks chunks(file);
    for (auto chunk = chunks.next(); chunk && chunk->name != "IEND"; chunk = chunks.next()) {
        if (chunk->name == "eXIf") {
            exif = chunk->content;
        } else if (auto profile = read_text(*chunk, "Raw profile type exif")) {
            raw_profile = std::move(*profile);
        }
    }
    if (exif.empty() && !raw_profile.empty()) {
        store = unpack_raw_profile(raw_profile);
        return store;
    }
    return exif;
}

int read_png_orientation(Bytes file) {
    std::string xmp;
    PngChunks chunks(file);
    for (auto chunk = chunks.next(); chunk && chunk->name != "IEND"; chunk = chunks.next()) {
        if (auto packet = read_text(*chunk, "XML:com.adobe.xmp")) {
            xmp = std::move(*packet);
        }
    }
    std::vector<std::byte> store;
    return find_orientation(MediaType::png, find_png_exif(file, store), xmp);
}

}  // namespace speciesnet
