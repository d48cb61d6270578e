// SPDX-License-Identifier: Apache-2.0
// What people know of the animals of their place: taxa allowed, blocked, or the only ones there, on
// top of a package's geofence. Needs no network.
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

/// What an overlay says of a label at a place.
struct OverlayVerdict {
    enum class Kind : std::int32_t {
        silent = 0,  ///< Nothing: the package's geofence decides.
        allowed,     ///< Allowed, whatever the package's geofence says.
        blocked,     ///< Blocked by an entry: GeofenceRule::overlay_blocked.
        not_listed,  ///< Blocked as none of the taxa listed: GeofenceRule::not_in_species_list.
    };

    Kind kind = Kind::silent;
    /// What says so, for people: "local.csv, line 3: panthera leo". Empty if nothing does.
    std::string entry = {};

    friend bool operator==(const OverlayVerdict&, const OverlayVerdict&) = default;
};

/// What to do with a name that no taxon of the package has.
enum class UnknownTaxa : std::int32_t {
    refuse = 0,  ///< Throws InvalidArgument that names each.
    skip,        ///< Passes over the entry; skipped() says which.
};

/// Entries that allow or block taxa at places. Immutable, cheap to copy, thread-safe.
///
/// A taxon is named as Taxonomy::find() knows it, at any rank; what is said of a group is said of
/// all in it. An allowed or listed taxon takes its ancestors along, as answers may be rolled up to
/// them. Of several entries that fit, that of the narrowest place decides (station, region,
/// country, everywhere), then that of the narrowest taxon, then "allow". Humans, vehicles, blank
/// and "animal" are never blocked.
/// @since 0.1.0
class SPECIESNET_EXPORT GeofenceOverlay {
public:
    /// Says nothing of any label.
    GeofenceOverlay();

    /// Reads a table of comma-separated values with the columns `taxon`, `action` (allow, block, or
    /// only), and any of `country`, `region`, `station`; other columns are ignored. An entry
    /// without a place holds everywhere. Taxa of action "only" are together all that lives at
    /// their place.
    /// @param csv      UTF-8; at most 16 MiB and most_entries rows
    /// @param taxonomy the package's
    /// @param origin   name used in messages
    /// @throws InvalidArgument naming the line: an unknown column or action, a country that is
    /// none, a region without a country, and, unless skipped, a taxon that the package does not
    /// know, with the name that could be meant
    static GeofenceOverlay parse(std::string_view csv, const Taxonomy& taxonomy,
                                 std::string_view origin = "overlay",
                                 UnknownTaxa unknown = UnknownTaxa::refuse);

    /// Reads a list of the only taxa that live everywhere: one name per line. Empty lines, and
    /// lines that begin with #, are ignored.
    /// @param text UTF-8; at most 16 MiB and most_entries lines
    /// @throws InvalidArgument as parse(), and for a list without any taxon
    static GeofenceOverlay species_list(std::string_view text, const Taxonomy& taxonomy,
                                        std::string_view origin = "species list",
                                        UnknownTaxa unknown = UnknownTaxa::refuse);

    /// Reads a file as parse() reads its text. @throws IoError; InvalidArgument as parse()
    static GeofenceOverlay load(const std::filesystem::path& file, const Taxonomy& taxonomy,
                                UnknownTaxa unknown = UnknownTaxa::refuse);
    /// Reads a file as species_list() reads its text. @throws IoError; InvalidArgument as
    /// species_list()
    static GeofenceOverlay load_species_list(const std::filesystem::path& file,
                                             const Taxonomy& taxonomy,
                                             UnknownTaxa unknown = UnknownTaxa::refuse);

    /// The entries of both.
    GeofenceOverlay with(const GeofenceOverlay& other) const;

    /// @throws InvalidArgument for a label that does not have exactly seven parts
    OverlayVerdict check(std::string_view label, const Location& location) const;

    /// Names that were passed over, each with its line, as refusals would name them.
    std::span<const std::string> skipped() const noexcept;
    /// Number of pairs of a taxon and a place.
    std::size_t size() const noexcept;

    /// Most rows of a table or lines of a list.
    static constexpr std::size_t most_entries = 100'000;

private:
    struct Entries;
    class Reader;
    explicit GeofenceOverlay(std::shared_ptr<const Entries> entries);
    std::shared_ptr<const Entries> entries_;
};

}  // namespace speciesnet
