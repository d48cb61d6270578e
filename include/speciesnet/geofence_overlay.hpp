// SPDX-License-Identifier: Apache-2.0
// Local corrections of a package's geofence: taxa allowed or blocked at places, and species lists.
// Needs no network.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/geofence.hpp"
#include "speciesnet/location.hpp"
#include "speciesnet/taxonomy.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet {

/// Verdict of an overlay on a label at a place.
struct OverlayVerdict {
    enum class Kind : std::int32_t {
        silent = 0,  ///< No entry matches: the package's geofence applies.
        allowed,     ///< Allowed; overrides the package's geofence.
        blocked,     ///< Blocked by an entry: GeofenceRule::overlay_blocked.
        not_listed,  ///< Not on the species list: GeofenceRule::not_in_species_list.
    };
    Kind kind = Kind::silent;
    /// Readable name of the matching entry: "local.csv, line 3: panthera leo". Empty if none.
    std::string entry = {};

    friend bool operator==(const OverlayVerdict&, const OverlayVerdict&) = default;
};

/// Treatment of names that are not in the taxonomy.
enum class UnknownTaxa : std::int32_t {
    refuse = 0,  ///< Throws InvalidArgument, which lists them.
    skip,        ///< Skips the entries; skipped() lists them.
};

/// Entries that allow or block taxa at places. Immutable, cheap to copy, thread-safe.
/// Taxa are named as for Taxonomy::find(), at any rank; an entry for a group applies to all its
/// members. Allowing or listing a taxon also allows its ancestors, since answers may be rolled up
/// to them. If several entries match, the narrowest place wins (station, region,
/// country, everywhere), then the narrowest taxon, then "allow". Humans, vehicles, blank
/// and "animal" are never blocked.
/// @since 0.1.0
class SPECIESNET_EXPORT GeofenceOverlay {
public:
    /// Creates an overlay without entries.
    GeofenceOverlay();

    /// Reads a CSV table with the columns `taxon`, `action` (allow, block, or
    /// only), and any of `country`, `region`, `station`; other columns are ignored. An entry
    /// without a place applies everywhere. Taxa with action "only" together form the species list
    /// of their place.
    /// @param csv      UTF-8; at most 16 MiB and most_entries rows
    /// @param taxonomy the package's
    /// @param origin   name used in messages
    /// @throws InvalidArgument naming the line: an unknown column, action or country, a region
    /// without a country, and, unless skipped, an unknown taxon, with the most similar name
    static GeofenceOverlay parse(std::string_view csv, const Taxonomy& taxonomy,
                                 std::string_view origin = "overlay",
                                 UnknownTaxa unknown = UnknownTaxa::refuse);

    /// Reads a species list for all places: one name per line. Empty lines, and
    /// lines that begin with #, are ignored.
    /// @param text UTF-8; at most 16 MiB and most_entries lines
    /// @throws InvalidArgument as parse(), and for a list without any taxon
    static GeofenceOverlay species_list(std::string_view text, const Taxonomy& taxonomy,
                                        std::string_view origin = "species list",
                                        UnknownTaxa unknown = UnknownTaxa::refuse);

    /// Reads a file for parse(). @throws IoError; InvalidArgument as parse()
    static GeofenceOverlay load(const std::filesystem::path& file, const Taxonomy& taxonomy,
                                UnknownTaxa unknown = UnknownTaxa::refuse);
    /// Reads a file for species_list(). @throws IoError; InvalidArgument as species_list()
    static GeofenceOverlay load_species_list(const std::filesystem::path& file,
                                             const Taxonomy& taxonomy,
                                             UnknownTaxa unknown = UnknownTaxa::refuse);

    /// Returns an overlay with the entries of both.
    GeofenceOverlay with(const GeofenceOverlay& other) const;

    /// Returns the verdict on a label at a place.
    /// @throws InvalidArgument for a label that does not have exactly seven parts
    OverlayVerdict check(std::string_view label, const Location& location) const;

    /// Returns the skipped names, each with its line, as error messages would show them.
    std::span<const std::string> skipped() const noexcept;
    /// Returns the number of pairs of a taxon and a place.
    std::size_t size() const noexcept;

    /// Maximum number of rows of a table or lines of a list.
    static constexpr std::size_t most_entries = 100'000;

private:
    struct Entries;
    class Reader;
    explicit GeofenceOverlay(std::shared_ptr<const Entries> entries);
    std::shared_ptr<const Entries> entries_;
};

}  // namespace speciesnet
