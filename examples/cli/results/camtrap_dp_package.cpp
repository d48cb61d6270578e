// SPDX-License-Identifier: Apache-2.0
// Source of the format: Camtrap DP 1.0.2, https://camtrap-dp.tdwg.org. Columns are found by name;
// those that are not needed may be missing.
#include "camtrap_dp_package.hpp"

#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "files/text_file.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// Maximum count of a row: for larger herds, more boxes of one image add no information.
constexpr std::size_t most_individuals = 100;

/// A table of the package.
class PackageTable {
public:
    PackageTable(const fs::path& folder, const char* name)
        : name_(name), rows_(read_csv(read_text_file(folder / name))) {
        if (rows_.empty()) {
            throw InvalidArgument(name_ + " is empty");
        }
    }

    std::size_t size() const noexcept { return rows_.size() - 1; }

    /// The result of column() if there is no column with the name.
    static constexpr std::size_t no_column = std::string::npos;
    std::size_t column(std::string_view name) const {
        const auto& names = rows_.front().fields;
        const auto found = std::find(names.begin(), names.end(), name);
        return found == names.end() ? no_column : static_cast<std::size_t>(found - names.begin());
    }
    std::size_t needed_column(std::string_view name) const {
        const auto found = column(name);
        if (found == no_column) {
            throw InvalidArgument(name_ + " has no column \"" + std::string(name) + '"');
        }
        return found;
    }

    /// Returns a field; empty if the row lacks the column.
    const std::string& field(std::size_t row, std::size_t column) const {
        static const std::string none;
        const auto& fields = rows_[row + 1].fields;
        return column < fields.size() ? fields[column] : none;
    }

    std::optional<double> number(std::size_t row, std::size_t column) const {
        const auto& text = field(row, column);
        if (text.empty()) {
            return std::nullopt;
        }
        const auto value = parse_number(text);
        if (!value) {
            throw InvalidArgument(name_ + ", line " + std::to_string(rows_[row + 1].line) + ": '" +
                                  text + "' is not a number");
        }
        return value;
    }

private:
    std::string name_;
    std::vector<CsvRow> rows_;
};

std::map<std::string, Location> read_locations(const fs::path& folder) {
    const PackageTable table(folder, "deployments.csv");
    const auto id = table.needed_column("deploymentID");
    const auto latitude = table.column("latitude");
    const auto longitude = table.column("longitude");
    const auto name = table.column("locationName");
    std::map<std::string, Location> locations;
    for (std::size_t row = 0; row < table.size(); ++row) {
        auto& location = locations[table.field(row, id)];
        location.latitude = table.number(row, latitude);
        location.longitude = table.number(row, longitude);
        if (!location.latitude || !location.longitude) {
            location.latitude.reset();
            location.longitude.reset();
        }
        if (const auto& station = table.field(row, name); !station.empty()) {
            location.station = station;
        }
    }
    return locations;
}

/// The animals, people or vehicles of one row, which are alike.
struct Individuals {
    ClassifiedDetection each;
    std::size_t count = 1;
};

/// The observations of a medium.
struct Observed {
    bool is_classified = false;
    std::vector<Individuals> rows;

    std::vector<ClassifiedDetection> detections() const {
        std::vector<ClassifiedDetection> all;
        for (const auto& row : rows) {
            const auto others = std::min(all.size(), most_individuals - 1);
            all.insert(all.end(), std::min(row.count, most_individuals - others), row.each);
        }
        return all;
    }
};

Category category_of(std::string_view type) {
    return type == "human"     ? Category::human
           : type == "vehicle" ? Category::vehicle
                               : Category::animal;
}

class Observations {
public:
    explicit Observations(const fs::path& folder) : table_(folder, "observations.csv") {
        bool any_of_media = false;
        for (std::size_t row = 0; row < table_.size(); ++row) {
            if (const auto& medium = table_.field(row, medium_); !medium.empty()) {
                any_of_media = true;
                add(row, by_medium_[medium]);
            }
        }
        if (!any_of_media && table_.size() > 0) {
            throw InvalidArgument(
                "observations.csv has only observations of events, which do not name their photos");
        }
    }

    const Observed* find(const std::string& medium) const {
        const auto found = by_medium_.find(medium);
        return found == by_medium_.end() ? nullptr : &found->second;
    }

private:
    void add(std::size_t row, Observed& observed) {
        const auto& type = table_.field(row, type_);
        if (type == "unclassified") {
            return;
        }
        observed.is_classified = true;
        if (type == "blank") {
            return;
        }
        ClassifiedDetection entry;
        entry.detection.category = category_of(type);
        const auto score = table_.number(row, probability_).value_or(1);
        entry.detection.conf = 1;
        const auto label = label_of(row, type);
        entry.answer = Answer{.label = label, .score = score, .source = "observation"};
        std::size_t individuals = 1;
        if (const auto xmin = table_.number(row, box_[0])) {
            entry.detection.bbox = {.xmin = *xmin,
                                    .ymin = table_.number(row, box_[1]).value_or(0),
                                    .width = table_.number(row, box_[2]).value_or(1),
                                    .height = table_.number(row, box_[3]).value_or(1)};
        } else {
            const auto count = table_.number(row, count_).value_or(1);
            individuals = static_cast<std::size_t>(
                std::clamp(count, 1.0, static_cast<double>(most_individuals)));
        }
        observed.rows.push_back({.each = std::move(entry), .count = individuals});
    }

    std::string label_of(std::size_t row, const std::string& type) const {
        constexpr std::string_view tag = "label:";
        if (const auto& tags = table_.field(row, tags_); tags.starts_with(tag)) {
            return tags.substr(tag.size());
        }
        if (type == "human") {
            return std::string(labels::human);
        }
        if (type == "vehicle") {
            return std::string(labels::vehicle);
        }
        const auto& name = table_.field(row, name_);
        if (!name.empty()) {
            return label_of_name(name);
        }
        return std::string(type == "unknown" ? labels::unknown : labels::animal);
    }

    PackageTable table_;
    std::size_t medium_ = table_.needed_column("mediaID");
    std::size_t type_ = table_.needed_column("observationType");
    std::size_t name_ = table_.column("scientificName");
    std::size_t count_ = table_.column("count");
    std::size_t probability_ = table_.column("classificationProbability");
    std::size_t tags_ = table_.column("observationTags");
    std::size_t box_[4] = {table_.column("bboxX"), table_.column("bboxY"),
                           table_.column("bboxWidth"), table_.column("bboxHeight")};
    std::map<std::string, Observed> by_medium_;
};

std::string lower_first(std::string text) {
    text.front() = lower_case(text.substr(0, 1)).front();
    return text;
}

}  // namespace

fs::path camtrap_dp_folder(const fs::path& path) {
    constexpr const char* description = "datapackage.json";
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        return fs::is_regular_file(path / description, ignored) ? path : fs::path();
    }
    if (path.filename() != description) {
        return {};
    }
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string label_of_name(const std::string& scientific_name) {
    const auto name = strip(scientific_name);
    const auto blank = name.find(' ');
    if (name.empty() || name.find(';') != std::string::npos) {
        return name;
    }
    if (blank == std::string::npos) {
        return name.ends_with("idae") ? ";;;" + lower_first(name) + ";;;" : name;
    }
    return name.find(' ', blank + 1) == std::string::npos
               ? ";;;;" + lower_first(name.substr(0, blank)) + ';' + name.substr(blank + 1) + ';'
               : name;
}

void read_camtrap_dp(const fs::path& folder, const std::function<void(const Prediction&)>& visit) {
    try {
        const auto locations = read_locations(folder);
        const Observations observations(folder);
        const PackageTable media(folder, "media.csv");
        const auto id = media.needed_column("mediaID");
        const auto path = media.needed_column("filePath");
        const auto deployment = media.column("deploymentID");
        const auto comments = media.column("mediaComments");
        for (std::size_t row = 0; row < media.size(); ++row) {
            Prediction prediction{.filepath = media.field(row, path)};
            const auto place = locations.find(media.field(row, deployment));
            if (place != locations.end()) {
                prediction.location = place->second;
            }
            const auto* const observed = observations.find(media.field(row, id));
            if (observed == nullptr || !observed->is_classified) {
                prediction.failures.classifier = true;
                const auto& comment = media.field(row, comments);
                prediction.failure_reason = comment.empty() ? "unclassified" : comment;
            } else {
                prediction.detections = observed->detections();
            }
            visit(prediction);
        }
    } catch (const InvalidArgument& error) {
        throw InvalidArgument(error.what(), ErrorCode::json_content);
    }
}

}  // namespace speciesnet::cli
