// SPDX-License-Identifier: Apache-2.0
// Stores rows by folder. Splits a photo's folder at slashes and looks up each folder once.
#include "station_table.hpp"

#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/utf8_path.hpp"

#include "clock/clock_text.hpp"
#include "files/text_file.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

namespace speciesnet::cli {
namespace {

using std::chrono::local_seconds;

enum class Column {
    folder,
    camera,
    station,
    latitude,
    longitude,
    start,
    end,
    time_zone,
    clock_offset,
    country,
    region,
    species_list,
};
constexpr std::array<std::string_view, 12> column_names{
    "folder", "camera",    "station",      "latitude", "longitude", "start",
    "end",    "time_zone", "clock_offset", "country",  "region",    "species_list"};

std::string in_quotes(std::string_view text) {
    return '\'' + std::string(text) + '\'';
}

std::string list_of_columns() {
    std::string list;
    for (const auto name : column_names) {
        list += (list.empty() ? "" : ", ") + std::string(name);
    }
    return list;
}

/// Reads the names in the first line, in any case.
std::vector<Column> read_header(const CsvRow& header) {
    std::vector<Column> columns;
    for (const auto& field : header.fields) {
        const auto name = lower_case(strip(field));
        const auto known = std::find(column_names.begin(), column_names.end(), name);
        if (known == column_names.end()) {
            throw InvalidArgument("line " + std::to_string(header.line) + ": " +
                                  in_quotes(strip(field)) + " is not one of the columns " +
                                  list_of_columns());
        }
        const auto column = static_cast<Column>(known - column_names.begin());
        if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
            throw InvalidArgument("line " + std::to_string(header.line) + ": the column " +
                                  in_quotes(name) + " occurs twice");
        }
        columns.push_back(column);
    }
    return columns;
}

/// Converts "./Site 3\2026/" to "Site 3/2026".
std::string plain_folder(std::string_view text) {
    std::string folder;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find_first_of("/\\", begin), text.size());
        if (const auto part = text.substr(begin, end - begin); !part.empty() && part != ".") {
            folder += (folder.empty() ? "" : "/") + std::string(part);
        }
        begin = end + 1;
    }
    return folder;
}

std::size_t parts_of(std::string_view folder) {
    return folder.empty()
               ? 0
               : 1 + static_cast<std::size_t>(std::count(folder.begin(), folder.end(), '/'));
}

double read_degrees(std::string_view text, double most) {
    const auto degrees = parse_number(text);
    if (!degrees || *degrees < -most || *degrees > most) {
        throw InvalidArgument(in_quotes(text) + " is not a number of degrees from -" +
                              std::to_string(static_cast<int>(most)) + " to " +
                              std::to_string(static_cast<int>(most)) +
                              " with a decimal point, for instance -1.4061");
    }
    return *degrees;
}

WrittenTime read_time(std::string_view text) {
    if (const auto time = parse_written_time(text)) {
        return *time;
    }
    throw InvalidArgument(
        in_quotes(text) +
        " is not a time; write the year first: 2026-07-04, or 2026-07-04 07:12:08");
}

/// Parses rows; caches repeated values, such as names of time zones.
class RowReader {
public:
    explicit RowReader(std::vector<Column> columns) : columns_(std::move(columns)) {}

    StationRow read(const CsvRow& fields) {
        if (fields.fields.size() > columns_.size()) {
            throw InvalidArgument("there are " + std::to_string(fields.fields.size()) +
                                  " fields, and only " + std::to_string(columns_.size()) +
                                  " columns");
        }
        StationRow row{.line = fields.line};
        latitude_.reset();
        longitude_.reset();
        for (std::size_t index = 0; index < fields.fields.size(); ++index) {
            const auto text = strip(fields.fields[index]);
            if (text.empty()) {
                continue;
            }
            const auto column = columns_[index];
            try {
                set(row, column, text);
            } catch (const InvalidArgument& error) {
                throw InvalidArgument("column " +
                                      std::string(column_names[static_cast<std::size_t>(column)]) +
                                      ": " + error.what());
            }
        }
        complete(row);
        return row;
    }

private:
    void set(StationRow& row, Column column, const std::string& text) {
        switch (column) {
            case Column::folder:
                row.folder = plain_folder(text);
                break;
            case Column::camera:
                row.camera = text;
                break;
            case Column::station:
                row.station = text;
                break;
            case Column::latitude:
                latitude_ = read_degrees(text, 90);
                break;
            case Column::longitude:
                longitude_ = read_degrees(text, 180);
                break;
            case Column::start:
                row.start = read_time(text).begin;
                break;
            case Column::end:
                row.end = read_time(text).end;
                break;
            case Column::time_zone:
                row.zone = zone(text);
                break;
            case Column::clock_offset:
                row.clock_offset = parse_clock_offset(text);
                break;
            case Column::country:
                row.country = normalize_location({.country = text}).country;
                break;
            case Column::region:
                row.admin1_region = normalize_location({.admin1_region = text}).admin1_region;
                break;
            case Column::species_list:
                row.species_list = utf8_path(text);
                break;
        }
    }

    void complete(StationRow& row) const {
        if (row.folder.empty() && row.camera.empty()) {
            throw InvalidArgument("neither folder nor camera is given");
        }
        if (row.station.empty()) {
            throw InvalidArgument("no station is given");
        }
        if (latitude_.has_value() != longitude_.has_value()) {
            throw InvalidArgument("latitude and longitude must both be given, or neither");
        }
        if (latitude_) {
            row.coordinates = Coordinates{.latitude = *latitude_, .longitude = *longitude_};
        }
        if (row.start && row.end && *row.end < *row.start) {
            throw InvalidArgument("the end is before the start");
        }
        if (row.admin1_region && !row.country) {
            throw InvalidArgument("a region requires a country");
        }
    }

    const TimeZone& zone(const std::string& name) {
        const auto known = zones_.find(name);
        return known == zones_.end() ? zones_.emplace(name, TimeZone::parse(name)).first->second
                                     : known->second;
    }

    std::vector<Column> columns_;
    std::map<std::string, TimeZone> zones_;
    std::optional<double> latitude_;
    std::optional<double> longitude_;
};

std::string date_text(local_seconds time) {
    constexpr std::size_t length = 10;
    return to_iso8601({.local = time}).substr(0, length);
}

local_seconds start_of(const StationRow& row) {
    return row.start.value_or(local_seconds::min());
}

local_seconds end_of(const StationRow& row) {
    return row.end.value_or(local_seconds::max());
}

/// Returns the rows for "RECONYX HF2 H500", or for "H500" alone, otherwise those for any camera.
const std::vector<std::size_t>* of_camera(
    const std::map<std::string, std::vector<std::size_t>, std::less<>>& rows,
    std::string_view camera) {
    while (true) {
        if (const auto found = rows.find(camera); found != rows.end()) {
            return &found->second;
        }
        if (camera.empty()) {
            return nullptr;
        }
        const auto blank = camera.find(' ');
        camera.remove_prefix(blank == std::string_view::npos ? camera.size() : blank + 1);
    }
}

}  // namespace

StationTable StationTable::parse(std::string_view csv, std::chrono::seconds clock_offset) {
    const auto rows = read_csv(csv);
    if (rows.empty()) {
        throw InvalidArgument("the table is empty; its first line must name columns: " +
                              list_of_columns());
    }
    if (rows.size() > most_rows + 1) {
        throw InvalidArgument("there are more than " + std::to_string(most_rows) + " rows");
    }
    StationTable table(clock_offset);
    RowReader reader(read_header(rows.front()));
    for (const auto& row : std::span(rows).subspan(1)) {
        try {
            table.add(reader.read(row));
        } catch (const InvalidArgument& error) {
            throw InvalidArgument("line " + std::to_string(row.line) + ": " + error.what());
        }
    }
    if (table.rows_.empty()) {
        throw InvalidArgument("the table has no row below its header");
    }
    table.sort_by_start();
    table.name_deployments();
    table.check_species_lists();
    return table;
}

StationTable StationTable::load(const std::filesystem::path& file,
                                std::chrono::seconds clock_offset) {
    const auto bytes = read_beginning(file, largest_file + 1);
    if (bytes.size() > largest_file) {
        throw InvalidArgument(in_quotes(utf8_text(file)) + " is larger than 16 MiB");
    }
    try {
        auto table =
            parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, clock_offset);
        for (auto& row : table.rows_) {
            if (!row.species_list.empty()) {
                row.species_list = file.parent_path() / row.species_list;
            }
        }
        return table;
    } catch (const InvalidArgument& error) {
        throw InvalidArgument(in_quotes(utf8_text(file)) + ", " + error.what());
    }
}

void StationTable::add(StationRow row) {
    most_parts_ = std::max(most_parts_, parts_of(row.folder));
    by_folder_[row.folder][row.camera].push_back(rows_.size());
    rows_.push_back(std::move(row));
}

/// Sorts rows by start; two rows of one folder and camera must not overlap.
void StationTable::sort_by_start() {
    for (auto& [folder, cameras] : by_folder_) {
        for (auto& [camera, numbers] : cameras) {
            const auto where = (folder.empty() ? "" : "folder " + in_quotes(folder)) +
                               (camera.empty() ? "" : " camera " + in_quotes(camera));
            if (numbers.size() > most_moves) {
                throw InvalidArgument(strip(where) + " has more than " +
                                      std::to_string(most_moves) + " rows");
            }
            std::stable_sort(numbers.begin(), numbers.end(), [this](auto one, auto other) {
                return start_of(rows_[one]) < start_of(rows_[other]);
            });
            const auto overlap =
                std::adjacent_find(numbers.begin(), numbers.end(), [this](auto one, auto next) {
                    return start_of(rows_[next]) <= end_of(rows_[one]);
                });
            if (overlap != numbers.end()) {
                throw InvalidArgument("lines " + std::to_string(rows_[*overlap].line) + " and " +
                                      std::to_string(rows_[*std::next(overlap)].line) +
                                      " are both of " + strip(where) +
                                      " at the same time; give each a start and an end that do "
                                      "not overlap");
            }
        }
    }
}

/// Names deployments "waterhole"; with several rows "waterhole 2026-07-04", or "waterhole A/B"
/// without a start.
void StationTable::name_deployments() {
    std::map<std::string, std::size_t> of_station;
    for (const auto& row : rows_) {
        ++of_station[row.station];
    }
    std::set<std::string> taken;
    for (auto& row : rows_) {
        row.deployment = row.station;
        if (of_station[row.station] > 1) {
            row.deployment += ' ' + (row.start ? date_text(*row.start)
                                               : (row.folder.empty() ? row.camera : row.folder));
        }
        if (!taken.insert(row.deployment).second) {
            row.deployment += " (line " + std::to_string(row.line) + ')';
            taken.insert(row.deployment);
        }
    }
}

/// The species of a station must not depend on the row.
void StationTable::check_species_lists() const {
    std::map<std::string_view, const StationRow*> first;
    for (const auto& row : rows_) {
        if (row.species_list.empty()) {
            continue;
        }
        const auto* const other = first.try_emplace(row.station, &row).first->second;
        if (other->species_list != row.species_list) {
            throw InvalidArgument("lines " + std::to_string(other->line) + " and " +
                                  std::to_string(row.line) + " name different species lists of " +
                                  "the station " + in_quotes(row.station));
        }
    }
}

std::map<std::string, std::filesystem::path> StationTable::species_lists() const {
    std::map<std::string, std::filesystem::path> lists;
    for (const auto& row : rows_) {
        if (!row.species_list.empty()) {
            lists.emplace(row.station, row.species_list);
        }
    }
    return lists;
}

const StationTable::FolderRows* StationTable::rows_of(std::string_view folder) const {
    if (const auto known = found_.find(folder); known != found_.end()) {
        return known->second;
    }
    const auto plain = plain_folder(folder);
    const FolderRows* found = nullptr;
    std::size_t end = plain.size();
    while (found == nullptr && end > 0 && end != std::string::npos) {
        // The longest match that ends here wins, so a longer one replaces an earlier match.
        std::size_t begin = end;
        for (std::size_t parts = 0; parts < most_parts_ && begin > 0; ++parts) {
            const auto slash =
                begin == end ? plain.rfind('/', begin - 1) : plain.rfind('/', begin - 2);
            begin = slash == std::string::npos ? 0 : slash + 1;
            const auto rows = by_folder_.find(std::string_view(plain).substr(begin, end - begin));
            found = rows == by_folder_.end() ? found : &rows->second;
        }
        end = plain.rfind('/', end - 1);
    }
    if (const auto any = by_folder_.find(""); found == nullptr && any != by_folder_.end()) {
        found = &any->second;
    }
    found_.emplace(folder, found);
    return found;
}

bool StationTable::needs_facts(std::string_view folder) const {
    const auto* const rows = rows_of(folder);
    if (rows == nullptr) {
        return false;
    }
    if (rows->size() > 1 || !rows->contains("")) {
        return true;
    }
    const auto& of_any_camera = rows->find("")->second;
    const auto& first = rows_[of_any_camera.front()];
    return of_any_camera.size() > 1 || first.start || first.end;
}

bool StationTable::holds(const StationRow& row, const std::optional<CaptureTime>& taken) const {
    if (!taken || (!row.start && !row.end)) {
        return !row.start && !row.end;
    }
    const auto time = std::chrono::floor<std::chrono::seconds>(corrected(*taken, &row).local);
    return start_of(row) <= time && time <= end_of(row);
}

StationMatch StationTable::find(std::string_view folder, std::string_view camera,
                                const std::optional<CaptureTime>& taken) const {
    const auto* const of_folder = rows_of(folder);
    const auto* const numbers = of_folder == nullptr ? nullptr : of_camera(*of_folder, camera);
    if (numbers == nullptr) {
        return {};
    }
    for (const auto number : *numbers) {
        if (holds(rows_[number], taken)) {
            return {.row = &rows_[number]};
        }
    }
    return {.row = numbers->size() == 1 ? &rows_[numbers->front()] : nullptr,
            .outside_period = taken || numbers->size() > 1};
}

CaptureTime StationTable::corrected(CaptureTime taken, const StationRow* row) const {
    taken.local += row == nullptr ? clock_offset_ : row->clock_offset.value_or(clock_offset_);
    if (row != nullptr && row->zone && !taken.utc_offset) {
        taken.utc_offset =
            row->zone->offset_at(std::chrono::floor<std::chrono::seconds>(taken.local));
    }
    return taken;
}

}  // namespace speciesnet::cli
