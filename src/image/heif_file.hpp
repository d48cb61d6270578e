// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF files, as far as we take them apart ourselves: to know what decoding will cost, and
// for EXIF. Decoding is left to libheif, whose limits differ from version to version.
#pragma once

#include "format.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet {

/// MediaType::heic or ::avif, by the brands in the first box.
std::optional<MediaType> heif_type(Bytes file);

/// What decoding the primary image comes to.
struct HeifDecoding {
    std::uint64_t passed_pixels = 0;  ///< Of all slices together.
    std::uint64_t held_pixels = 0;    ///< That a decoder may keep at once.
    std::uint64_t canvas_pixels = 0;  ///< Of the largest image that is put together from tiles.
};

/// The items of a file (ISO/IEC 14496-12, 23008-12). Views into it.
class HeifFile {
public:
    /// Throws InvalidImage if the file is damaged or its items claim more bytes than it has.
    HeifFile(Bytes file, MediaType type);

    /// What it takes to decode the primary image: one stream or a grid of them, and its alpha.
    /// Throws InvalidImage if it is damaged or of a kind that we do not decode.
    HeifDecoding decoding() const;

    /// The TIFF structure that describes the primary image, empty if there is none.
    /// @param store where the file has it in pieces
    Bytes find_exif(std::vector<std::byte>& store) const;

private:
    using ItemId = std::uint32_t;

    struct Item {
        std::string_view type;
        std::vector<Bytes> extents;
    };
    /// References from one item to others.
    struct Reference {
        std::string_view type;
        ItemId from;
        std::vector<ItemId> to;
    };

    void read_meta(Bytes meta);
    /// @param lists all that is said of items
    void require_few_items(std::uint64_t lists) const;
    void read_items(Bytes box);
    void read_locations(Bytes box, Bytes item_data);
    void read_references(Bytes box);
    /// Refuses auxiliary images of tiles and of auxiliary images: libheif would decode them as
    /// often as what they belong to.
    void require_flat_references() const;
    void read_configurations(Bytes properties);
    const Item& item(ItemId id) const;
    std::vector<std::byte> content_of(const Item& item) const;
    /// Streams and tiles of an image that is not a tile.
    void add_image(ItemId id, HeifDecoding& decoding) const;
    void add_stream(const Item& item, std::uint64_t times, HeifDecoding& decoding) const;

    Bytes file_;
    MediaType type_;
    ItemId primary_ = 0;
    std::map<ItemId, Item> items_;
    std::vector<Reference> references_;
    std::uint64_t configured_pixels_ = 0;  ///< Of the largest frame that a configuration announces.
};

}  // namespace speciesnet
