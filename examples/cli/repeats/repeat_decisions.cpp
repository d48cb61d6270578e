// SPDX-License-Identifier: Apache-2.0
// Spreadsheets may have sorted the rows, added columns, and changed the spelling of "no".
#include "repeat_decisions.hpp"

#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/text_file.hpp"
#include "formats/csv_table.hpp"
#include "text/json_writer.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>

namespace speciesnet::cli {
namespace {

constexpr int edge_decimals = 6;
/// Minimum confidence of a detection that can determine the answer for an image: the threshold for
/// classification.
constexpr double whole_picture_threshold = 0.1;

/// The positions of the relevant columns.
struct ColumnPlaces {
    std::size_t folder, category, xmin, ymin, width, height, tolerance, suppress;

    explicit ColumnPlaces(const CsvRow& header)
        : folder(find(header, "folder")),
          category(find(header, "category")),
          xmin(find(header, "xmin")),
          ymin(find(header, "ymin")),
          width(find(header, "width")),
          height(find(header, "height")),
          tolerance(find(header, "tolerance")),
          suppress(find(header, "suppress")) {}

    static std::size_t find(const CsvRow& header, std::string_view name) {
        const auto found =
            std::find_if(header.fields.begin(), header.fields.end(),
                         [name](const auto& field) { return lower_case(strip(field)) == name; });
        if (found == header.fields.end()) {
            throw InvalidArgument("the first line has no column '" + std::string(name) +
                                  "'; `speciesnet repeats` writes such a table");
        }
        return static_cast<std::size_t>(found - header.fields.begin());
    }
};

class RepeatRow {
public:
    explicit RepeatRow(const CsvRow& row) : row_(row) {}

    const std::string& text(std::size_t column) const {
        if (column >= row_.fields.size()) {
            throw InvalidArgument("there are too few fields");
        }
        return row_.fields[column];
    }

    double number(std::size_t column) const {
        const auto field = strip(text(column));
        const auto number = parse_number(field);
        if (!number) {
            throw InvalidArgument("'" + field + "' is not a number with a decimal point");
        }
        return *number;
    }

    Category category(std::size_t column) const {
        const auto name = lower_case(strip(text(column)));
        for (const auto category : {Category::animal, Category::human, Category::vehicle}) {
            if (name == category_label(category)) {
                return category;
            }
        }
        throw InvalidArgument("'" + name + "' is not one of animal, human, vehicle");
    }

    bool truth(std::size_t column) const {
        const auto word = lower_case(strip(text(column)));
        constexpr std::array<std::string_view, 4> yes{"yes", "true", "1", "y"};
        constexpr std::array<std::string_view, 4> no{"no", "false", "0", "n"};
        if (std::find(yes.begin(), yes.end(), word) != yes.end()) {
            return true;
        }
        if (std::find(no.begin(), no.end(), word) != no.end()) {
            return false;
        }
        throw InvalidArgument("suppress is '" + word + "'; write yes or no");
    }

private:
    const CsvRow& row_;
};

std::string number_text(double number, int decimals) {
    JsonWriter json(0, decimals);
    json.value(number);
    return json.take();
}

}  // namespace

std::string repeats_csv(std::span<const Repeat> repeats, double tolerance) {
    std::string text = std::string(repeat_columns) + '\n';
    for (const auto& repeat : repeats) {
        const auto& box = repeat.bbox;
        text += csv_quoted(repeat.folder) + ',' + std::string(category_label(repeat.category));
        for (const double number : {box.xmin, box.ymin, box.width, box.height, tolerance}) {
            text += ',' + number_text(number, edge_decimals);
        }
        text += ',' + std::to_string(repeat.detections) + ',' +
                number_text(repeat.greatest_conf, edge_decimals) +
                (repeat.suppress ? ",yes\n" : ",no\n");
    }
    return text;
}

RepeatDecisions RepeatDecisions::parse(std::string_view csv) {
    const auto rows = read_csv(csv);
    if (rows.empty()) {
        throw InvalidArgument("the table is empty");
    }
    const ColumnPlaces columns(rows.front());
    RepeatDecisions decisions;
    std::optional<double> tolerance;
    for (const auto& fields : std::span(rows).subspan(1)) {
        try {
            const RepeatRow row(fields);
            const double here = row.number(columns.tolerance);
            if (!(here >= BoxGrid::least_tolerance && here <= BoxGrid::greatest_tolerance)) {
                throw InvalidArgument("the tolerance is not between 0.5 and 0.99");
            }
            if (here != tolerance.value_or(here)) {
                throw InvalidArgument("the tolerance differs from that of the rows above");
            }
            tolerance = here;
            const BoundingBox box{.xmin = row.number(columns.xmin),
                                  .ymin = row.number(columns.ymin),
                                  .width = row.number(columns.width),
                                  .height = row.number(columns.height)};
            if (!BoxGrid::takes(box)) {
                throw InvalidArgument("its box is not within the image");
            }
            const auto category = row.category(columns.category);
            auto& camera =
                decisions.cameras_.try_emplace(row.text(columns.folder), here).first->second;
            camera.suppress.push_back(row.truth(columns.suppress));
            camera.grid.add(category, box);
        } catch (const InvalidArgument& error) {
            throw InvalidArgument("line " + std::to_string(fields.line) + ": " + error.what());
        }
    }
    return decisions;
}

RepeatDecisions RepeatDecisions::load(const std::filesystem::path& file) {
    const auto bytes = read_beginning(file, largest_file + 1);
    if (bytes.size() > largest_file) {
        throw InvalidArgument("'" + utf8_text(file) + "' is larger than 64 MiB");
    }
    try {
        return parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    } catch (const InvalidArgument& error) {
        throw InvalidArgument("'" + utf8_text(file) + "', " + error.what());
    }
}

std::optional<bool> RepeatDecisions::decision(const std::string& folder,
                                              const Detection& detection) const {
    const auto camera = cameras_.find(folder);
    if (camera == cameras_.end() || !(detection.conf > 0) || !BoxGrid::takes(detection.bbox)) {
        return std::nullopt;
    }
    const auto repeat = camera->second.grid.find(detection.category, detection.bbox);
    return repeat ? std::optional<bool>(camera->second.suppress[*repeat]) : std::nullopt;
}

void ResultsWithoutRepeats::for_each(const std::function<void(const Prediction&)>& visit) const {
    if (!paths_) {
        paths_.emplace(results_, std::nullopt);
    }
    results_.for_each([&](const Prediction& prediction) {
        if (!prediction.detections || results_.review_of(prediction.filepath) != nullptr) {
            visit(prediction);
            return;
        }
        const auto folder = paths_->camera_folder_of(prediction.filepath);
        auto marked = prediction;
        bool any_left = false;
        bool any_suppressed = false;
        for (auto& [detection, classification, answer, explanation] : *marked.detections) {
            if (detection.category == Category::whole_image) {
                continue;
            }
            if (decisions_.decision(folder, detection).value_or(false)) {
                detection.conf = -detection.conf;
                any_suppressed = true;
            } else {
                any_left = any_left || detection.conf >= whole_picture_threshold;
            }
        }
        auto& entries = *marked.detections;
        if (any_suppressed && !any_left && !entries.empty() &&
            entries.front().detection.category == Category::whole_image) {
            entries.front().detection.conf = -entries.front().detection.conf;
        }
        visit(marked);
    });
}

}  // namespace speciesnet::cli
