// SPDX-License-Identifier: Apache-2.0
// Parses HEIC and AVIF files as far as needed to estimate the cost of decoding and to find EXIF.
// libheif decodes them, but its limits differ between versions.
#pragma once

#include "format.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Returns MediaType::heic or ::avif, by the brands in the first box.
std::optional<MediaType> heif_type(Bytes file);

/// The cost of decoding the primary image.
struct HeifDecoding {
    std::uint64_t passed_pixels = 0;  ///< Sum over all slices.
    std::uint64_t held_pixels = 0;    ///< Pixels that a decoder may hold at once.
    std::uint64_t canvas_pixels = 0;  ///< Of the largest image that is assembled from tiles.
};

/// The items of a file (ISO/IEC 14496-12, 23008-12). Views into it.
class HeifFile {
public:
    /// Throws InvalidImage if the file is damaged or its items claim more bytes than it has.
    HeifFile(Bytes file, MediaType type);

    /// Returns what decoding the primary image costs: one stream or a grid of them, and its alpha.
    /// Throws InvalidImage if the image is damaged or of an unsupported kind.
    HeifDecoding decoding() const;

    /// Returns the TIFF structure that describes the primary image; empty if there is none.
    /// @param store receives it if the file holds it in pieces
    Bytes find_exif(std::vector<std::byte>& store) const;

private:
    using ItemId = std::uint32_t;

    struct Item {
        std::string_view type;
        std::vector<Bytes> extents;
    };
    /// References from one item to other items.
    struct Reference {
        std::string_view type;
        ItemId from;
        std::vector<ItemId> to;
    };

    void read_meta(Bytes meta);
    /// @param lists total length of the lists about items
    void require_few_items(std::uint64_t lists) const;
    void read_items(Bytes box);
    void read_locations(Bytes box, Bytes item_data);
    void read_references(Bytes box);
    /// Refuses auxiliary images of tiles and of auxiliary images: libheif would decode them once
    /// for each image that they belong to.
    void require_flat_references() const;
    void read_configurations(Bytes properties);
    const Item& item(ItemId id) const;
    std::vector<std::byte> content_of(const Item& item) const;
    /// Adds the streams and tiles of an image that is not a tile.
    void add_image(ItemId id, HeifDecoding& decoding) const;
    void add_stream(const Item& item, std::uint64_t times, HeifDecoding& decoding) const;

    Bytes file_;
    MediaType type_;
    ItemId primary_ = 0;
    std::map<ItemId, Item> items_;
    std::vector<Reference> references_;
    std::uint64_t configured_pixels_ = 0;  ///< Of the largest frame that a configuration declares.
};

}  // namespace speciesnet
