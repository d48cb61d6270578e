// SPDX-License-Identifier: Apache-2.0
// Writes photos, detections, sequences and events, each as CSV or all in a workbook.
#include "speciesnet/taxonomy.hpp"

#include "csv_table.hpp"
#include "formats.hpp"
#include "label_names.hpp"
#include "results/photo_answers.hpp"
#include "time_text.hpp"
#include "video/frame_name.hpp"
#include "video/frames_together.hpp"
#include "workbook.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::cli {
namespace {

/// About ten centimetres.
constexpr int coordinate_decimals = 6;
constexpr int second_decimals = 3;

std::string failures_text(const Failures& failures) {
    std::string names;
    for (const auto& name : failure_names(failures)) {
        names += (names.empty() ? "" : " ") + std::string(name);
    }
    return names;
}

/// Adds five fields: label, readable and scientific name, score, source.
void add_answer(Table& table, const std::optional<Answer>& answer) {
    if (!answer) {
        table.blank_fields(5);
        return;
    }
    // An image without detections has no score.
    const bool scored = answer->score > 0 || answer->label != labels::blank;
    table.field(answer->label)
        .field(readable_name(answer->label))
        .field(scientific_name(answer->label))
        .field(scored ? std::optional(answer->score) : std::nullopt, saved_decimals)
        .field(answer->source);
}

/// Returns the names of the other answers that count in a photo.
std::string other_names(const Prediction& prediction, const std::optional<Answer>& answer,
                        double threshold) {
    std::string names;
    for (const auto& other : answers_of(prediction, threshold)) {
        if (answer && other.label != answer->label) {
            names += (names.empty() ? "" : "; ") + readable_name(other.label);
        }
    }
    return names;
}

/// Adds four fields: time, camera, station and sequence.
void add_facts(Table& table, const PhotoRecord& record) {
    table.field(record.facts.taken)
        .field(record.station.camera)
        .field(record.station.place())
        .field(record.sequence == nullptr ? std::string() : record.sequence->id);
}

/// Adds four fields: country, region, coordinates.
void add_place(Table& table, const PhotoRecord& record) {
    const auto where = record.coordinates();
    table.field(record.country()).field(record.admin1_region());
    table.field(where ? std::optional(where->latitude) : std::nullopt, coordinate_decimals);
    table.field(where ? std::optional(where->longitude) : std::nullopt, coordinate_decimals);
}

/// Adds two fields for a category: the number of detections that count, and the maximum confidence
/// of all.
void add_category(Table& table, const Prediction& prediction, Category category, double threshold) {
    std::size_t count = 0;
    std::optional<double> greatest;
    if (prediction.detections) {
        for (const auto& [detection, classification, answer, explanation] :
             *prediction.detections) {
            // A negative confidence means that the detection is suppressed.
            if (detection.category == category && detection.conf >= 0) {
                count += detection.conf >= threshold ? 1 : 0;
                greatest = std::max(greatest.value_or(0), detection.conf);
            }
        }
    }
    table.field(count).field(greatest, saved_decimals);
}

/// Adds two fields: who decided, and when.
void add_review(Table& table, const Review* review) {
    if (review == nullptr) {
        table.blank_fields(2);
    } else {
        table.field(review->by).field(utc(review->at));
    }
}

/// A human without a classification still counts as a human.
std::optional<Answer> shown_answer(const ClassifiedDetection& entry) {
    auto answer = entry.answer;
    if (answer && answer->label != shown_label(entry)) {
        answer = Answer{
            .label = shown_label(entry), .score = entry.detection.conf, .source = "detector"};
    }
    return answer;
}

void add_detection(Table& table, const ClassifiedDetection& entry) {
    const auto& [category, conf, box] = entry.detection;
    table.field(category_label(category)).field(conf, saved_decimals);
    for (const double edge : {box.xmin, box.ymin, box.width, box.height}) {
        table.field(edge, saved_decimals);
    }
    add_answer(table, shown_answer(entry));
    const auto& classification = entry.classification;
    if (classification && !classification->classes.empty()) {
        table.field(classification->classes.front())
            .field(classification->scores.front(), saved_decimals);
    } else {
        table.blank_fields(2);
    }
}

/// Documents of a single stage have no version for each photo.
std::string version_of(const PhotoRecords& records, const Prediction& prediction) {
    return prediction.model_version.empty() ? records.model().version() : prediction.model_version;
}

const Columns photo_columns{"filepath",    "failures",       "failure_reason",  "truncated",
                            "taken",       "camera",         "station",         "sequence",
                            "country",     "admin1_region",  "latitude",        "longitude",
                            "prediction",  "name",           "scientific_name", "score",
                            "source",      "other_names",    "animals",         "max_animal_conf",
                            "humans",      "max_human_conf", "vehicles",        "max_vehicle_conf",
                            "reviewed_by", "reviewed_at",    "model",           "model_version"};

void add_photos(Table& table, const PhotoRecords& records, double threshold) {
    records.for_each([&](const PhotoRecord& record) {
        const auto& prediction = record.prediction;
        table.field(records.relative(prediction.filepath))
            .field(failures_text(prediction.failures))
            .field(prediction.failure_reason)
            .field(prediction.truncated ? "true" : "");
        add_facts(table, record);
        add_place(table, record);
        const auto answer = photo_answer(prediction, threshold);
        add_answer(table, answer);
        table.field(other_names(prediction, answer, threshold));
        for (const auto category : {Category::animal, Category::human, Category::vehicle}) {
            add_category(table, prediction, category, threshold);
        }
        add_review(table, record.review);
        table.field(records.model().text()).field(version_of(records, prediction)).end_row();
    });
}

const Columns detection_columns{"filepath", "truncated",    "taken",     "camera",
                                "station",  "sequence",     "detection", "category",
                                "conf",     "xmin",         "ymin",      "width",
                                "height",   "prediction",   "name",      "scientific_name",
                                "score",    "source",       "top_class", "top_score",
                                "model",    "model_version"};

void add_detections(Table& table, const PhotoRecords& records) {
    records.for_each([&](const PhotoRecord& record) {
        if (!record.prediction.detections) {
            return;
        }
        std::size_t number = 0;
        for (const auto& entry : *record.prediction.detections) {
            table.field(records.relative(record.prediction.filepath))
                .field(record.prediction.truncated ? "true" : "");
            add_facts(table, record);
            table.field(++number);
            add_detection(table, entry);
            table.field(records.model().text())
                .field(version_of(records, record.prediction))
                .end_row();
        }
    });
}

const Columns sequence_columns{"sequence",     "start",           "end",   "photos", "prediction",
                               "name",         "scientific_name", "score", "source", "model",
                               "model_version"};

void add_sequences(Table& table, const PhotoRecords& records) {
    for (const auto& sequence : records.sequences()) {
        table.field(sequence.id).field(sequence.start).field(sequence.end).field(sequence.photos);
        add_answer(table, sequence.answer);
        table.field(records.model().text()).field(records.model().version()).end_row();
    }
}

const Columns video_columns{
    "filepath",   "taken",     "camera",          "station",    "country", "admin1_region",
    "latitude",   "longitude", "seconds",         "frame_rate", "frames",  "frames_failed",
    "prediction", "name",      "scientific_name", "score",      "source",  "other_names",
    "best_frame", "animals",   "humans",          "vehicles",   "model",   "model_version"};

/// Returns the index of the frame that shows the answer best.
std::optional<std::size_t> best_frame(std::span<const Prediction> frames,
                                      const std::optional<Answer>& answer, double threshold) {
    std::optional<std::size_t> best;
    double score = -1;
    for (const auto& frame : frames) {
        const auto here = photo_answer(frame, threshold);
        if (answer && here && here->label == answer->label && here->score > score) {
            score = here->score;
            best = parse_frame_name(frame.filepath)->number;
        }
    }
    return best;
}

std::size_t most_in_a_frame(std::span<const Prediction> frames, Category category,
                            double threshold) {
    std::size_t most = 0;
    for (const auto& frame : frames) {
        const auto found = frame.found();
        most = std::max(most, static_cast<std::size_t>(
                                  std::count_if(found.begin(), found.end(), [&](const auto& entry) {
                                      return entry.detection.category == category &&
                                             entry.detection.conf >= threshold;
                                  })));
    }
    return most;
}

void add_video(Table& table, const PhotoRecords& records, const std::string& file,
               std::span<const PhotoRecord> of_file, double threshold) {
    std::vector<Prediction> frames;
    for (const auto& record : of_file) {
        frames.push_back(record.prediction);
    }
    const auto& first = of_file.front();
    const auto* const video = first.video;
    const auto failed = std::count_if(frames.begin(), frames.end(),
                                      [](const Prediction& frame) { return frame.failures.any(); });
    table.field(records.relative(file)).field(first.facts.taken);
    table.field(first.station.camera).field(first.station.place());
    add_place(table, first);
    table
        .field(video == nullptr
                   ? std::nullopt
                   : std::optional(static_cast<double>(video->frames) / video->frame_rate),
               second_decimals)
        .field(video == nullptr ? std::nullopt : std::optional(video->frame_rate), saved_decimals)
        .field(frames.size())
        .field(static_cast<std::size_t>(failed));
    const auto answer = file_answer(frames, threshold);
    add_answer(table, answer);
    table.field(other_names(merged(file, frames), answer, threshold));
    table.field(best_frame(frames, answer, threshold));
    for (const auto category : {Category::animal, Category::human, Category::vehicle}) {
        table.field(most_in_a_frame(frames, category, threshold));
    }
    table.field(records.model().text()).field(version_of(records, frames.front())).end_row();
}

void add_videos(Table& table, const PhotoRecords& records, double threshold) {
    records.for_each_file([&](const std::string& file, std::span<const PhotoRecord> of_file) {
        if (parse_frame_name(of_file.front().prediction.filepath)) {
            add_video(table, records, file, of_file, threshold);
        }
    });
}

const Columns event_columns{"event",           "station",     "start",      "end",
                            "photos",          "individuals", "prediction", "name",
                            "scientific_name", "score",       "model",      "model_version"};

void add_events(Table& table, const PhotoRecords& records) {
    for (const auto& event : records.events()->all()) {
        table.field(event.id)
            .field(event.place)
            .field(event.start)
            .field(event.end)
            .field(event.photos)
            .field(event.individuals)
            .field(event.label)
            .field(readable_name(event.label))
            .field(scientific_name(event.label))
            .field(event.score, saved_decimals)
            .field(records.model().text())
            .field(records.model().version())
            .end_row();
    }
}

}  // namespace

void write_photos_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file) {
    CsvTable table(file, photo_columns, options.byte_order_mark);
    add_photos(table, records, options.observation_threshold);
    table.publish();
}

void write_detections_csv(const PhotoRecords& records, const FormatOptions& options,
                          const std::filesystem::path& file) {
    CsvTable table(file, detection_columns, options.byte_order_mark);
    add_detections(table, records);
    table.publish();
}

void write_sequences_csv(const PhotoRecords& records, const FormatOptions& options,
                         const std::filesystem::path& file) {
    CsvTable table(file, sequence_columns, options.byte_order_mark);
    add_sequences(table, records);
    table.publish();
}

void write_events_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file) {
    CsvTable table(file, event_columns, options.byte_order_mark);
    add_events(table, records);
    table.publish();
}

void write_videos_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file) {
    CsvTable table(file, video_columns, options.byte_order_mark);
    add_videos(table, records, options.observation_threshold);
    table.publish();
}

void write_workbook(const PhotoRecords& records, const FormatOptions& options,
                    const std::filesystem::path& file) {
    const auto workbook = Workbook::create(file);
    add_photos(workbook->add_sheet("Photos", photo_columns), records,
               options.observation_threshold);
    add_detections(workbook->add_sheet("Detections", detection_columns), records);
    if (!records.sequences().empty()) {
        add_sequences(workbook->add_sheet("Bursts", sequence_columns), records);
    }
    if (records.events()) {
        add_events(workbook->add_sheet("Events", event_columns), records);
    }
    if (records.has_videos()) {
        add_videos(workbook->add_sheet("Videos", video_columns), records,
                   options.observation_threshold);
    }
    workbook->publish();
}

}  // namespace speciesnet::cli
