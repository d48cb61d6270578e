// SPDX-License-Identifier: Apache-2.0
// The location in the inputs takes precedence over that of the station.
#include "station_photos.hpp"

#include "photos/photo_paths.hpp"

#include <utility>

namespace speciesnet::cli {
namespace {

/// Maximum number of folders and lines in a note.
constexpr std::size_t most_named = 5;

void fill(Location& location, const StationRow& row) {
    location.station = row.station;
    if (location.country.value_or("").empty()) {
        location.country = row.country;
    }
    if (location.admin1_region.value_or("").empty() && location.country == row.country) {
        location.admin1_region = row.admin1_region;
    }
    if (row.coordinates && !location.latitude && !location.longitude) {
        location.latitude = row.coordinates->latitude;
        location.longitude = row.coordinates->longitude;
    }
}

/// A list that ends with "and 3 more".
class ShortList {
public:
    void add(const std::string& item) {
        if (++items_ <= most_named) {
            text_ += (text_.empty() ? "" : ", ") + item;
        }
    }

    std::size_t items() const { return items_; }

    std::string text() const {
        return text_ +
               (items_ > most_named ? " and " + std::to_string(items_ - most_named) + " more" : "");
    }

private:
    std::string text_;
    std::size_t items_ = 0;
};

std::string photos_text(std::size_t photos) {
    return std::to_string(photos) + (photos == 1 ? " photo" : " photos");
}

}  // namespace

void StationFit::add(std::string_view folder, const StationMatch& match) {
    if (match.row != nullptr) {
        ++matched_[match.row->line];
    }
    if (match.row != nullptr && !match.outside_period) {
        return;
    }
    auto found = folders_.find(folder);
    if (found == folders_.end()) {
        found = folders_.emplace(folder, Photos{}).first;
    }
    (match.outside_period ? found->second.outside_period : found->second.without_row) += 1;
}

void StationFit::note(const std::function<void(const std::string&)>& note) const {
    if (table_.rows().empty()) {
        return;
    }
    ShortList unused;
    for (const auto& row : table_.rows()) {
        if (!matched_.contains(row.line)) {
            unused.add(std::to_string(row.line) + " (" +
                       (row.folder.empty() ? row.camera : row.folder) + ')');
        }
    }
    if (unused.items() > 0) {
        note("--stations: no photo belongs to " +
             std::string(unused.items() == 1 ? "the row of line " : "the rows of lines ") +
             unused.text());
    }
    const auto say = [&](std::size_t Photos::*kind, const char* what) {
        ShortList folders;
        std::size_t photos = 0;
        for (const auto& [folder, counts] : folders_) {
            if (counts.*kind > 0) {
                folders.add('\'' + (folder.empty() ? "." : folder) + '\'');
                photos += counts.*kind;
            }
        }
        if (photos > 0) {
            note("--stations: " + photos_text(photos) + what + folders.text());
        }
    };
    say(&Photos::without_row, " in folders without a row: ");
    say(&Photos::outside_period, " taken outside the start and end of the folder's rows: ");
}

StationMatch match_photo(const StationTable& table, const std::string& file, std::string_view path,
                         FactsReader& reader) {
    const auto folder = folder_part(path);
    if (!table.needs_facts(folder)) {
        return table.find(folder, {}, std::nullopt);
    }
    const auto read = reader.read(file);
    return table.find(folder, read.camera, read.facts.taken);
}

StationFit fill_locations(const StationTable& table, std::vector<Instance>& photos) {
    StationFit fit(table);
    if (table.rows().empty()) {
        return fit;
    }
    PathStyle style;
    for (const auto& photo : photos) {
        style.add(photo.filepath);
    }
    FactsReader reader;
    for (auto& photo : photos) {
        const auto path = style.with_slashes(photo.filepath);
        const auto match = match_photo(table, photo.filepath, path, reader);
        fit.add(camera_folder(folder_part(path)), match);
        if (match.row != nullptr) {
            fill(photo.location, *match.row);
        }
    }
    return fit;
}

StationFit fit_of(const StationTable& table, const Results& results) {
    StationFit fit(table);
    if (table.rows().empty()) {
        return fit;
    }
    PathStyle style;
    results.for_each([&style](const Prediction& photo) { style.add(photo.filepath); });
    FactsReader reader;
    results.for_each([&](const Prediction& photo) {
        const auto path = style.with_slashes(photo.filepath);
        fit.add(camera_folder(folder_part(path)), match_photo(table, photo.filepath, path, reader));
    });
    return fit;
}

}  // namespace speciesnet::cli
