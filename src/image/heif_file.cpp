// SPDX-License-Identifier: Apache-2.0
// Reads boxes of HEIC and AVIF. Refuses files that libheif might interpret differently: a second
// box of a kind, circular references, bytes that several items share.
#include "heif_file.hpp"

#include "byte_order.hpp"
#include "coded_picture.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

/// Reads a box or a part of one from front to back.
class BoxReader {
public:
    BoxReader(Bytes bytes, MediaType type) : rest_(bytes), type_(type) {}

    Bytes take(std::uint64_t count) {
        if (count > rest_.size()) {
            throw_undecodable(type_, "a box is truncated");
        }
        const Bytes taken = rest_.first(static_cast<std::size_t>(count));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }
    std::uint64_t number(std::uint64_t bytes) { return read_unsigned(take(bytes), ByteOrder::big); }
    std::uint32_t number16() { return static_cast<std::uint32_t>(number(2)); }
    std::uint32_t number32() { return static_cast<std::uint32_t>(number(4)); }
    std::string_view name() { return as_text(take(4)); }
    /// Reads the start of a box that has versions, and ignores its flags.
    std::uint32_t version() { return number32() >> 24; }

    bool is_at_end() const { return rest_.empty(); }
    Bytes rest() const { return rest_; }

private:
    Bytes rest_;
    MediaType type_;
};

struct Box {
    std::string_view type;
    Bytes content;
};

/// Takes the next box.
Box next_box(BoxReader& reader) {
    static constexpr std::uint64_t to_the_end = 0;
    static constexpr std::uint64_t long_size = 1;
    std::uint64_t size = reader.number(4);
    const std::string_view type = reader.name();
    std::uint64_t header_bytes = 8;
    if (size == to_the_end) {
        return {type, reader.take(reader.rest().size())};
    }
    if (size == long_size) {
        size = reader.number(8);
        header_bytes = 16;
    }
    // With a size smaller than the header, the subtraction wraps around and take() fails.
    return {type, reader.take(size - header_bytes)};
}

/// Returns the boxes of some kinds. Throws if there are two of one kind.
std::map<std::string_view, Bytes> single_boxes(Bytes bytes, MediaType type,
                                               std::initializer_list<std::string_view> wanted) {
    std::map<std::string_view, Bytes> found;
    BoxReader reader(bytes, type);
    while (!reader.is_at_end()) {
        const Box box = next_box(reader);
        if (std::ranges::find(wanted, box.type) == wanted.end()) {
            continue;
        }
        if (!found.emplace(box.type, box.content).second) {
            throw_undecodable(type, "two boxes '" + std::string(box.type) + "'");
        }
    }
    return found;
}

bool is_coded(std::string_view item_type) {
    return item_type == "hvc1" || item_type == "av01";
}

}  // namespace

std::optional<MediaType> heif_type(Bytes file) {
    static constexpr std::size_t brands_at = 8;
    const std::string_view text = as_text(file);
    if (text.size() < brands_at + 4 || text.substr(4, 4) != "ftyp") {
        return std::nullopt;
    }
    const std::size_t size = read_u32(file, 0, ByteOrder::big);
    const auto box = text.substr(0, std::min(size, text.size()));
    static constexpr std::size_t version_at = brands_at + 4;
    std::optional<MediaType> type;
    for (std::size_t at = brands_at; at + 4 <= box.size(); at += 4) {
        const std::string_view brand = at == version_at ? std::string_view() : box.substr(at, 4);
        if (brand == "avif" || brand == "avis") {
            return MediaType::avif;
        }
        if (brand.starts_with("hei") || brand.starts_with("hev") || brand == "mif1" ||
            brand == "msf1") {
            type = MediaType::heic;
        }
    }
    return type;
}

HeifFile::HeifFile(Bytes file, MediaType type) : file_(file), type_(type) {
    const auto boxes = single_boxes(file, type, {"meta"});
    if (boxes.empty()) {
        throw_undecodable(type, "no still image");
    }
    read_meta(boxes.at("meta"));
}

void HeifFile::read_meta(Bytes meta) {
    BoxReader reader(meta, type_);
    reader.version();
    const auto boxes =
        single_boxes(reader.rest(), type_, {"pitm", "iinf", "iloc", "idat", "iref", "iprp"});
    const auto content = [&](std::string_view name) {
        const auto found = boxes.find(name);
        return found == boxes.end() ? Bytes{} : found->second;
    };
    BoxReader primary(content("pitm"), type_);
    primary_ = static_cast<ItemId>(primary.number(primary.version() == 0 ? 2 : 4));
    read_items(content("iinf"));
    require_few_items(content("iinf").size() + content("iloc").size() + content("iref").size() +
                      content("iprp").size());
    read_locations(content("iloc"), content("idat"));
    if (!content("iref").empty()) {
        read_references(content("iref"));
    }
    read_configurations(content("iprp"));
}

void HeifFile::read_items(Bytes box) {
    BoxReader reader(box, type_);
    reader.number(reader.version() == 0 ? 2 : 4);
    while (!reader.is_at_end()) {
        const Box entry = next_box(reader);
        BoxReader fields(entry.content, type_);
        const std::uint32_t version = fields.version();
        if (entry.type != "infe" || version < 2) {
            throw_undecodable(type_, "an item without a type");
        }
        const auto id = static_cast<ItemId>(fields.number(version == 2 ? 2 : 4));
        fields.take(2);
        if (!items_.emplace(id, Item{fields.name(), {}}).second) {
            throw_undecodable(type_, "two items with the same number");
        }
    }
}

void HeifFile::require_few_items(std::uint64_t lists) const {
    // libheif searches the lists for each item before decoding can be cancelled. An image of 400
    // tiles needs a tenth of this.
    static constexpr std::uint64_t most_bytes = 100'000'000;
    if (items_.size() * lists > most_bytes) {
        throw_undecodable(type_, "too many items");
    }
}

void HeifFile::read_locations(Bytes box, Bytes item_data) {
    BoxReader reader(box, type_);
    const std::uint32_t version = reader.version();
    const std::uint32_t sizes = reader.number16();
    const std::uint32_t offset_bytes = sizes >> 12;
    const std::uint32_t length_bytes = sizes >> 8 & 0xF;
    const std::uint32_t base_bytes = sizes >> 4 & 0xF;
    const std::uint32_t index_bytes = version == 0 ? 0 : sizes & 0xF;
    if (version > 2 || std::max({offset_bytes, length_bytes, base_bytes, index_bytes}) > 8) {
        throw_undecodable(type_, "unsupported item locations");
    }
    const std::uint64_t id_bytes = version < 2 ? 2 : 4;
    std::uint64_t claimed = 0;
    for (std::uint64_t left = reader.number(id_bytes); left > 0; --left) {
        const auto located = items_.find(static_cast<ItemId>(reader.number(id_bytes)));
        const std::uint32_t method = version == 0 ? 0 : reader.number16() & 0xF;
        if (located == items_.end() || method > 1 || reader.number16() != 0 ||
            !located->second.extents.empty()) {
            throw_undecodable(type_, "unsupported item locations");
        }
        std::vector<Bytes>& extents = located->second.extents;
        const Bytes source = method == 0 ? file_ : item_data;
        const std::uint64_t base = reader.number(base_bytes);
        for (std::uint32_t pieces = reader.number16(); pieces > 0; --pieces) {
            reader.take(index_bytes);
            BoxReader content(source, type_);
            content.take(base);
            content.take(reader.number(offset_bytes));
            const std::uint64_t length = reader.number(length_bytes);
            extents.push_back(content.take(length == 0 ? content.rest().size() : length));
            claimed += extents.back().size();
        }
    }
    if (claimed > 2 * file_.size()) {
        throw_undecodable(type_, "overlapping items");
    }
}

void HeifFile::read_references(Bytes box) {
    BoxReader reader(box, type_);
    const std::uint64_t id_bytes = reader.version() == 0 ? 2 : 4;
    while (!reader.is_at_end()) {
        const Box entry = next_box(reader);
        BoxReader fields(entry.content, type_);
        Reference reference{entry.type, static_cast<ItemId>(fields.number(id_bytes)), {}};
        for (std::uint32_t left = fields.number16(); left > 0; --left) {
            reference.to.push_back(static_cast<ItemId>(fields.number(id_bytes)));
        }
        references_.push_back(std::move(reference));
    }
    require_flat_references();
}

void HeifFile::require_flat_references() const {
    std::set<ItemId> parts;
    for (const Reference& reference : references_) {
        if (reference.type == "dimg") {
            parts.insert(reference.to.begin(), reference.to.end());
        } else if (reference.type == "auxl") {
            parts.insert(reference.from);
        }
    }
    for (const Reference& reference : references_) {
        if (reference.type == "auxl" &&
            std::ranges::any_of(reference.to, [&](ItemId id) { return parts.contains(id); })) {
            throw_undecodable(type_, "a part of an image has an auxiliary image");
        }
    }
}

void HeifFile::read_configurations(Bytes properties) {
    static constexpr std::uint64_t av1_header_bytes = 4;
    const auto boxes = single_boxes(properties, type_, {"ipco"});
    BoxReader reader(boxes.empty() ? Bytes{} : boxes.at("ipco"), type_);
    while (!reader.is_at_end()) {
        const Box box = next_box(reader);
        std::optional<CodedPicture> picture = CodedPicture{};
        if (box.type == "hvcC") {
            picture = read_hevc_configuration(box.content);
        } else if (box.type == "av1C") {
            BoxReader fields(box.content, type_);
            fields.take(av1_header_bytes);
            picture = read_av1(fields.rest());
        }
        if (!picture || picture->passes > 0) {
            throw_undecodable(type_, "damaged configuration of a decoder");
        }
        configured_pixels_ = std::max(configured_pixels_, picture->pixels);
    }
}

const HeifFile::Item& HeifFile::item(ItemId id) const {
    const auto found = items_.find(id);
    if (found == items_.end()) {
        throw_undecodable(type_, "an item is missing");
    }
    return found->second;
}

std::vector<std::byte> HeifFile::content_of(const Item& item) const {
    std::vector<std::byte> content;
    for (const Bytes extent : item.extents) {
        content.insert(content.end(), extent.begin(), extent.end());
    }
    return content;
}

void HeifFile::add_stream(const Item& item, std::uint64_t times, HeifDecoding& decoding) const {
    const auto stream = content_of(item);
    const auto picture = item.type == "hvc1" ? read_hevc(stream) : read_av1(stream);
    if (!picture) {
        throw_undecodable(type_, "damaged body");
    }
    const std::uint64_t pixels = std::max(picture->pixels, configured_pixels_);
    decoding.passed_pixels += pixels * picture->passes * times;
    decoding.held_pixels = std::max(decoding.held_pixels, pixels * picture->frames);
}

void HeifFile::add_image(ItemId id, HeifDecoding& decoding) const {
    const Item& image = item(id);
    if (is_coded(image.type)) {
        add_stream(image, 1, decoding);
        return;
    }
    if (image.type != "grid") {
        throw_undecodable(type_, "an image of the kind '" + std::string(image.type) + "'");
    }
    const auto content = content_of(image);
    BoxReader fields(content, type_);
    fields.take(1);
    const std::uint64_t side_bytes = (fields.number(1) & 1) == 0 ? 2 : 4;
    fields.take(2);
    const std::uint64_t width = fields.number(side_bytes);
    decoding.canvas_pixels = std::max(decoding.canvas_pixels, width * fields.number(side_bytes));
    std::map<ItemId, std::uint64_t> tiles;
    for (const Reference& reference : references_) {
        if (reference.from == id && reference.type == "dimg") {
            for (const ItemId tile : reference.to) {
                ++tiles[tile];
            }
        }
    }
    for (const auto& [tile, times] : tiles) {
        if (!is_coded(item(tile).type)) {
            throw_undecodable(type_, "a tile of the kind '" + std::string(item(tile).type) + "'");
        }
        add_stream(item(tile), times, decoding);
    }
}

HeifDecoding HeifFile::decoding() const {
    HeifDecoding decoding;
    add_image(primary_, decoding);
    for (const Reference& reference : references_) {
        if (reference.type == "auxl" &&
            std::ranges::find(reference.to, primary_) != reference.to.end()) {
            add_image(reference.from, decoding);
        }
    }
    return decoding;
}

Bytes HeifFile::find_exif(std::vector<std::byte>& store) const {
    static constexpr std::size_t offset_bytes = 4;
    for (const Reference& reference : references_) {
        if (reference.type != "cdsc" || item(reference.from).type != "Exif" ||
            std::ranges::find(reference.to, primary_) == reference.to.end()) {
            continue;
        }
        store = content_of(item(reference.from));
        if (store.size() < offset_bytes) {
            return {};
        }
        const std::uint64_t offset = read_u32(store, 0, ByteOrder::big);
        const Bytes behind = Bytes(store).subspan(offset_bytes);
        return offset > behind.size() ? Bytes{} : behind.subspan(static_cast<std::size_t>(offset));
    }
    return {};
}

}  // namespace speciesnet
