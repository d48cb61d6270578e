// Three tables for spreadsheets: photos, detections, sequences.
#include "speciesnet/rules.hpp"

#include "formats/csv_table.hpp"
#include "formats/formats.hpp"
#include "formats/label_names.hpp"
#include "formats/time_text.hpp"

#include <algorithm>
#include <string>

namespace speciesnet::cli {
namespace {

/// About ten centimetres.
constexpr int coordinate_decimals = 6;

std::string failure_names(const Failures& failures) {
    std::string names;
    const auto add = [&names](bool failed, const char* name) {
        if (failed) {
            names += (names.empty() ? "" : " ") + std::string(name);
        }
    };
    add(failures.classifier, "CLASSIFIER");
    add(failures.detector, "DETECTOR");
    add(failures.geolocation, "GEOLOCATION");
    return names;
}

/// Label, readable and scientific name, score, source: five fields.
void add_answer(CsvTable& table, const Answer* answer) {
    if (answer == nullptr) {
        table.blank_fields(5);
        return;
    }
    table.field(answer->label)
        .field(readable_name(answer->label))
        .field(scientific_name(answer->label))
        .field(answer->score, saved_decimals)
        .field(answer->source);
}

/// Time, camera and sequence: three fields.
void add_facts(CsvTable& table, const PhotoRecord& record) {
    table.field(record.facts.taken ? to_iso8601(*record.facts.taken) : "")
        .field(record.station.camera)
        .field(record.sequence == nullptr ? std::string() : record.sequence->id);
}

/// Where the inputs say that it was, else where the camera says.
void add_place(CsvTable& table, const PhotoRecord& record) {
    const auto& location = record.prediction.location;
    const auto& measured = record.facts.coordinates;
    const bool given = location.latitude && location.longitude;
    table.field(location.country).field(location.admin1_region);
    table.field(given      ? location.latitude
                : measured ? std::optional(measured->latitude)
                           : std::nullopt,
                coordinate_decimals);
    table.field(given      ? location.longitude
                : measured ? std::optional(measured->longitude)
                           : std::nullopt,
                coordinate_decimals);
}

/// The number of detections and the greatest confidence for a category: two fields.
void add_category(CsvTable& table, const Prediction& prediction, Category category) {
    std::size_t count = 0;
    double greatest = 0;
    if (prediction.detections) {
        for (const auto& entry : *prediction.detections) {
            if (entry.detection.category == category) {
                ++count;
                greatest = std::max(greatest, entry.detection.conf);
            }
        }
    }
    table.field(count).field(count > 0 ? std::optional(greatest) : std::nullopt, saved_decimals);
}

const Answer* answer_of(const Prediction& prediction) {
    const auto* const entry = image_answer(prediction);
    return entry == nullptr ? nullptr : &*entry->answer;
}

void add_detection(CsvTable& table, const ClassifiedDetection& entry) {
    const auto& [category, conf, box] = entry.detection;
    table.field(category_label(category)).field(conf, saved_decimals);
    for (const double edge : {box.xmin, box.ymin, box.width, box.height}) {
        table.field(edge, saved_decimals);
    }
    add_answer(table, entry.answer ? &*entry.answer : nullptr);
    const auto& classification = entry.classification;
    if (classification && !classification->classes.empty()) {
        table.field(classification->classes.front())
            .field(classification->scores.front(), saved_decimals);
    } else {
        table.blank_fields(2);
    }
}

}  // namespace

void write_photos_csv(const PhotoRecords& records, const std::filesystem::path& file) {
    CsvTable table(file, {"filepath",         "failures",     "failure_reason", "taken",
                          "camera",           "sequence",     "country",        "admin1_region",
                          "latitude",         "longitude",    "prediction",     "name",
                          "scientific_name",  "score",        "source",         "animals",
                          "max_animal_conf",  "humans",       "max_human_conf", "vehicles",
                          "max_vehicle_conf", "model_version"});
    records.for_each([&](const PhotoRecord& record) {
        const auto& prediction = record.prediction;
        table.field(records.relative(prediction.filepath))
            .field(failure_names(prediction.failures))
            .field(prediction.failure_reason);
        add_facts(table, record);
        add_place(table, record);
        add_answer(table, answer_of(prediction));
        for (const auto category : {Category::animal, Category::human, Category::vehicle}) {
            add_category(table, prediction, category);
        }
        table.field(prediction.model_version).end_row();
    });
    table.publish();
}

void write_detections_csv(const PhotoRecords& records, const std::filesystem::path& file) {
    CsvTable table(file, {"filepath", "taken", "camera", "sequence", "detection", "category",
                          "conf", "xmin", "ymin", "width", "height", "prediction", "name",
                          "scientific_name", "score", "source", "top_class", "top_score"});
    records.for_each([&](const PhotoRecord& record) {
        if (!record.prediction.detections) {
            return;
        }
        std::size_t number = 0;
        for (const auto& entry : *record.prediction.detections) {
            table.field(records.relative(record.prediction.filepath));
            add_facts(table, record);
            table.field(++number);
            add_detection(table, entry);
            table.end_row();
        }
    });
    table.publish();
}

void write_sequences_csv(const PhotoRecords& records, const std::filesystem::path& file) {
    CsvTable table(file, {"sequence", "start", "end", "photos", "prediction", "name",
                          "scientific_name", "score", "source"});
    for (const auto& sequence : records.sequences()) {
        table.field(sequence.id)
            .field(to_iso8601(sequence.start))
            .field(to_iso8601(sequence.end))
            .field(sequence.photos);
        add_answer(table, sequence.answer ? &*sequence.answer : nullptr);
        table.end_row();
    }
    table.publish();
}

}  // namespace speciesnet::cli
