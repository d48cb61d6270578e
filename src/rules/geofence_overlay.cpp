// SPDX-License-Identifier: Apache-2.0
// Stores entries by place, then by taxon: a check looks up the label's taxon and those above it at
// each place, independently of the number of entries.
#include "speciesnet/geofence_overlay.hpp"

#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "rules/string_map.hpp"
#include "rules/taxon_key.hpp"
#include "system/files.hpp"
#include "text/encoding.hpp"
#include "text/lines.hpp"
#include "text/spelling.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

constexpr std::size_t most_bytes = std::size_t{16} * 1024 * 1024;
/// Maximum number of unknown names in an error, because finding similar names takes time.
constexpr std::size_t most_named = 20;

enum class Action : std::int32_t { allow, block };

struct Entry {
    Action action = Action::allow;
    std::string text;  ///< "local.csv, line 3: panthera leo"
};

/// The entries for one place.
struct PlaceEntries {
    StringMap<Entry> taxa;  ///< By key.
    /// Keys of the taxa above the allowed ones, with the text of the first such entry.
    StringMap<std::string> above_allowed;
    /// Keys of the only taxa, and of those above them.
    StringSet only, above_only;
    std::string only_text;  ///< "list.txt"
};

/// Calls `visit` for a taxon and those above it, except "animal", until it returns true.
template <typename Visit>
bool any_up(std::string_view key, Visit visit) {
    for (; !key.empty(); key = wider_taxon_key(key)) {
        if (visit(key)) {
            return true;
        }
    }
    return false;
}

std::string in_quotes(std::string_view text) {
    return "'" + std::string(text) + "'";
}

std::string line_of(std::string_view origin, std::size_t line) {
    return std::string(origin) + ", line " + std::to_string(line);
}

std::string country_place(std::string_view country) {
    return "country " + std::string(country);
}
std::string region_place(std::string_view country, std::string_view region) {
    return "region " + std::string(country) + '-' + std::string(region);
}
std::string station_place(std::string_view station) {
    return "station " + std::string(station);
}
constexpr std::string_view everywhere;

/// Returns the places with possible entries for a location, narrowest first.
std::vector<std::string> places_of(const Location& location) {
    const std::string_view station = location.station ? std::string_view(*location.station) : "";
    const std::string_view country = location.country ? std::string_view(*location.country) : "";
    const std::string_view region =
        location.admin1_region ? std::string_view(*location.admin1_region) : "";
    std::vector<std::string> places;
    if (!station.empty()) {
        places.push_back(station_place(station));
    }
    if (!country.empty()) {
        if (!region.empty()) {
            places.push_back(region_place(country, region));
        }
        places.push_back(country_place(country));
    }
    places.emplace_back(everywhere);
    return places;
}

/// Returns the verdict of the entries for one place, without those of the only taxa.
std::optional<OverlayVerdict> verdict_at(const PlaceEntries& place, std::string_view key) {
    const auto exact = place.taxa.find(key);
    if (exact != place.taxa.end() && exact->second.action == Action::allow) {
        return OverlayVerdict{OverlayVerdict::Kind::allowed, exact->second.text};
    }
    if (const auto above = place.above_allowed.find(key); above != place.above_allowed.end()) {
        return OverlayVerdict{OverlayVerdict::Kind::allowed, above->second};
    }
    std::optional<OverlayVerdict> verdict;
    any_up(key, [&](std::string_view taxon) {
        if (const auto found = place.taxa.find(taxon); found != place.taxa.end()) {
            const bool allowed = found->second.action == Action::allow;
            verdict = OverlayVerdict{
                allowed ? OverlayVerdict::Kind::allowed : OverlayVerdict::Kind::blocked,
                found->second.text};
        }
        return verdict.has_value();
    });
    return verdict;
}

bool is_listed(const PlaceEntries& place, std::string_view key) {
    return place.above_only.contains(key) ||
           any_up(key, [&](std::string_view taxon) { return place.only.contains(taxon); });
}

/// Calls a function and prepends the position to the message of an InvalidArgument.
template <typename Function>
auto naming(const std::string& place, Function function) {
    try {
        return function();
    } catch (const InvalidArgument& error) {
        throw InvalidArgument(place + ": " + error.what());
    }
}

void check_size(std::uint64_t bytes) {
    if (bytes > most_bytes) {
        throw InvalidArgument("there are " + std::to_string(bytes) +
                              " bytes of text; at most 16 MiB are read");
    }
}

void check_text(std::string_view text) {
    check_size(text.size());
    if (const auto encoding = foreign_encoding(text)) {
        throw InvalidArgument("the text is " + std::string(*encoding) + "; save it as UTF-8");
    }
}

std::string read_text(const std::filesystem::path& path) {
    RegularFile file(path);
    naming(in_quotes(utf8_text(path)), [&] { check_size(file.size()); });
    std::string text(file.size(), '\0');
    text.resize(file.read(std::as_writable_bytes(std::span(text))));
    return text;
}

std::string in_lower_case(std::string_view text) {
    std::string result(stripped(text));
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

}  // namespace

struct GeofenceOverlay::Entries {
    StringMap<PlaceEntries> places;
    std::vector<std::string> skipped;
    std::size_t size = 0;

    /// Adds an entry for a taxon at a place.
    /// @param action nothing for the only taxa
    /// @throws InvalidArgument if an earlier entry says the opposite
    void add(const std::string& place, std::string_view key, std::optional<Action> action,
             const std::string& text) {
        auto& entries = places[place];
        if (!action) {
            size += entries.only.emplace(key).second ? 1 : 0;
            any_up(wider_taxon_key(key), [&](std::string_view above) {
                return !entries.above_only.emplace(above).second;
            });
            return;
        }
        const auto [entry, is_new] =
            entries.taxa.try_emplace(std::string(key), Entry{*action, text});
        if (!is_new && entry->second.action != *action) {
            throw InvalidArgument(in_quotes(text) + " contradicts " +
                                  in_quotes(entry->second.text));
        }
        size += is_new ? 1 : 0;
        if (*action == Action::allow) {
            any_up(wider_taxon_key(key), [&](std::string_view above) {
                return !entries.above_allowed.try_emplace(std::string(above), text).second;
            });
        }
    }
};

/// Collects entries and unknown names.
class GeofenceOverlay::Reader {
public:
    Reader(const Taxonomy& taxonomy, std::string_view origin, UnknownTaxa unknown)
        : taxonomy_(taxonomy), origin_(origin), unknown_(unknown) {}

    void add(std::string_view taxon, std::size_t line, const std::string& place,
             std::optional<Action> action) {
        if (++rows_ > most_entries) {
            throw InvalidArgument("there are more than " + std::to_string(most_entries) +
                                  " entries");
        }
        const auto labels = taxonomy_.find(taxon);
        if (labels.empty()) {
            add_unknown(taxon, line);
            return;
        }
        const auto text = line_of(origin_, line) + ": " + std::string(taxon);
        for (const auto label : labels) {
            entries_->add(place, taxon_key(label), action, text);
        }
        if (!action) {
            entries_->places[place].only_text = origin_;
        }
    }

    GeofenceOverlay take() {
        if (unknown_ == UnknownTaxa::refuse && unknown_count_ > 0) {
            std::string message =
                std::to_string(unknown_count_) +
                (unknown_count_ == 1 ? " name is not a taxon" : " names are not taxa") +
                " of this model:";
            for (const auto& one : entries_->skipped) {
                message += "\n  " + one;
            }
            if (unknown_count_ > entries_->skipped.size()) {
                message += "\n  …";
            }
            throw InvalidArgument(message + "\nCorrect, remove or skip them.");
        }
        return GeofenceOverlay(std::move(entries_));
    }

private:
    void add_unknown(std::string_view taxon, std::size_t line) {
        ++unknown_count_;
        if (unknown_count_ > most_named && unknown_ == UnknownTaxa::refuse) {
            return;
        }
        std::string text = line_of(origin_, line) + ": " + in_quotes(taxon.substr(0, 80));
        const auto nearest =
            unknown_count_ > most_named ? std::string() : taxonomy_.nearest_name(taxon);
        if (!nearest.empty()) {
            text += ", did you mean " + in_quotes(nearest) + '?';
        }
        entries_->skipped.push_back(std::move(text));
    }

    const Taxonomy& taxonomy_;
    std::string origin_;
    UnknownTaxa unknown_;
    std::shared_ptr<Entries> entries_ = std::make_shared<Entries>();
    std::size_t rows_ = 0;
    std::size_t unknown_count_ = 0;
};

namespace {

/// The positions of the columns in an overlay's table.
class Columns {
public:
    explicit Columns(const CsvRow& header) {
        for (std::size_t column = 0; column < header.fields.size(); ++column) {
            const auto title = in_lower_case(header.fields[column]);
            for (auto& [name, place] : columns_) {
                if (title == name && !place) {
                    place = column;
                }
            }
        }
        for (const auto& [name, place] : std::span(columns_).first(2)) {
            if (!place) {
                throw InvalidArgument("the first line has no column '" + std::string(name) +
                                      "'; it must be like taxon,action,country");
            }
        }
    }

    std::string_view taxon(const CsvRow& row) const { return field(row, 0); }
    std::string_view action(const CsvRow& row) const { return field(row, 1); }
    std::string_view country(const CsvRow& row) const { return field(row, 2); }
    std::string_view region(const CsvRow& row) const { return field(row, 3); }
    std::string_view station(const CsvRow& row) const { return field(row, 4); }

private:
    std::string_view field(const CsvRow& row, std::size_t column) const {
        const auto place = columns_[column].second;
        return place && *place < row.fields.size() ? stripped(row.fields[*place])
                                                   : std::string_view();
    }

    std::array<std::pair<std::string_view, std::optional<std::size_t>>, 5> columns_{
        {{"taxon", {}}, {"action", {}}, {"country", {}}, {"region", {}}, {"station", {}}}};
};

/// @return nothing for the only taxa
std::optional<Action> action_of(std::string_view text) {
    const auto action = in_lower_case(text);
    if (action == "allow") {
        return Action::allow;
    }
    if (action == "block") {
        return Action::block;
    }
    if (action == "only") {
        return std::nullopt;
    }
    throw InvalidArgument("the action is " + in_quotes(text.substr(0, 80)) +
                          "; it must be allow, block or only");
}

std::string place_of(const Columns& columns, const CsvRow& row) {
    const auto country = columns.country(row);
    const auto region = columns.region(row);
    if (const auto station = columns.station(row); !station.empty()) {
        if (!country.empty() || !region.empty()) {
            throw InvalidArgument("an entry for a station must not name a country or region too");
        }
        return station_place(station);
    }
    if (country.empty()) {
        if (!region.empty()) {
            throw InvalidArgument("the region " + in_quotes(region) + " requires a country");
        }
        return std::string(everywhere);
    }
    const auto place = normalize_location(
        {.country = std::string(country),
         .admin1_region = region.empty() ? std::nullopt : std::optional(std::string(region))});
    return place.admin1_region ? region_place(*place.country, *place.admin1_region)
                               : country_place(*place.country);
}

}  // namespace

GeofenceOverlay::GeofenceOverlay() : entries_(std::make_shared<const Entries>()) {}

GeofenceOverlay::GeofenceOverlay(std::shared_ptr<const Entries> entries)
    : entries_(std::move(entries)) {}

GeofenceOverlay GeofenceOverlay::parse(std::string_view csv, const Taxonomy& taxonomy,
                                       std::string_view origin, UnknownTaxa unknown) {
    return naming(in_quotes(origin), [&] {
        check_text(csv);
        const auto rows = read_csv(csv);
        if (rows.empty()) {
            throw InvalidArgument("the table is empty");
        }
        const Columns columns(rows.front());
        Reader reader(taxonomy, origin, unknown);
        for (const auto& row : std::span(rows).subspan(1)) {
            naming("line " + std::to_string(row.line), [&] {
                reader.add(columns.taxon(row), row.line, place_of(columns, row),
                           action_of(columns.action(row)));
            });
        }
        return reader.take();
    });
}

GeofenceOverlay GeofenceOverlay::species_list(std::string_view text, const Taxonomy& taxonomy,
                                              std::string_view origin, UnknownTaxa unknown) {
    return naming(in_quotes(origin), [&] {
        check_text(text);
        Reader reader(taxonomy, origin, unknown);
        std::size_t line = 0;
        for (const auto name : split_lines(text)) {
            ++line;
            if (!name.empty() && !name.starts_with('#')) {
                reader.add(name, line, std::string(everywhere), std::nullopt);
            }
        }
        auto list = reader.take();
        if (list.size() == 0) {
            throw InvalidArgument("the list contains no taxon, so no animal could be an answer");
        }
        return list;
    });
}

GeofenceOverlay GeofenceOverlay::load(const std::filesystem::path& file, const Taxonomy& taxonomy,
                                      UnknownTaxa unknown) {
    return parse(read_text(file), taxonomy, utf8_text(file), unknown);
}

GeofenceOverlay GeofenceOverlay::load_species_list(const std::filesystem::path& file,
                                                   const Taxonomy& taxonomy, UnknownTaxa unknown) {
    return species_list(read_text(file), taxonomy, utf8_text(file), unknown);
}

GeofenceOverlay GeofenceOverlay::with(const GeofenceOverlay& other) const {
    auto both = std::make_shared<Entries>(*entries_);
    for (const auto& [place, entries] : other.entries_->places) {
        for (const auto& [key, entry] : entries.taxa) {
            both->add(place, key, entry.action, entry.text);
        }
        for (const auto& key : entries.only) {
            both->add(place, key, std::nullopt, {});
        }
        if (!entries.only_text.empty()) {
            auto& text = both->places[place].only_text;
            text += (text.empty() ? "" : " and ") + entries.only_text;
        }
    }
    both->skipped.insert(both->skipped.end(), other.entries_->skipped.begin(),
                         other.entries_->skipped.end());
    return GeofenceOverlay(both);
}

OverlayVerdict GeofenceOverlay::check(std::string_view label, const Location& location) const {
    // Without entries, the reference's order of checks applies, which does not look at labels here.
    if (entries_->places.empty()) {
        return {};
    }
    const auto key = taxon_key(label);
    if (key.empty() || key == taxon_key(labels::human) || label == labels::unknown) {
        return {};
    }
    // The list of the narrowest place replaces those of wider places.
    const PlaceEntries* listing = nullptr;
    for (const auto& name : places_of(location)) {
        const auto place = entries_->places.find(name);
        if (place == entries_->places.end()) {
            continue;
        }
        if (auto verdict = verdict_at(place->second, key)) {
            return *verdict;
        }
        if (listing == nullptr && !place->second.only.empty()) {
            listing = &place->second;
            if (!is_listed(*listing, key)) {
                return {OverlayVerdict::Kind::not_listed,
                        listing->only_text + ": " + std::string(key)};
            }
        }
    }
    return {};
}

std::span<const std::string> GeofenceOverlay::skipped() const noexcept {
    return entries_->skipped;
}

std::size_t GeofenceOverlay::size() const noexcept {
    return entries_->size;
}

}  // namespace speciesnet
