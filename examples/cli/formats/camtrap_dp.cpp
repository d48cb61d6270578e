// SPDX-License-Identifier: Apache-2.0
// Source of the format: Camtrap DP 1.0.2, https://camtrap-dp.tdwg.org: three tables with these
// columns in this order, and a description of the package. Fields that only the project knows stay
// empty.
#include "speciesnet/error.hpp"

#include "csv_table.hpp"
#include "deployments.hpp"
#include "formats.hpp"
#include "label_names.hpp"
#include "observations.hpp"
#include "package_id.hpp"
#include "results/photo_answers.hpp"
#include "time_text.hpp"
#include "video/frame_name.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr int probability_decimals = 4;
/// Boxes are relative; six digits are precise to a hundredth of a pixel.
constexpr int box_decimals = 6;

struct MediaType {
    std::string_view extension;
    const char* name;
};
constexpr MediaType media_types[] = {
    {".png", "image/png"},        {".tif", "image/tiff"},      {".tiff", "image/tiff"},
    {".webp", "image/webp"},      {".heic", "image/heic"},     {".heif", "image/heic"},
    {".hif", "image/heic"},       {".avif", "image/avif"},     {".mp4", "video/mp4"},
    {".m4v", "video/mp4"},        {".avi", "video/x-msvideo"}, {".mov", "video/quicktime"},
    {".mkv", "video/x-matroska"}, {".webm", "video/webm"},     {".mpg", "video/mpeg"},
    {".mpeg", "video/mpeg"},      {".mts", "video/mp2t"},      {".m2ts", "video/mp2t"},
    {".wmv", "video/x-ms-wmv"},   {".asf", "video/x-ms-asf"},  {".3gp", "video/3gpp"}};

const char* media_type_of(std::string_view path) {
    std::string name(path);
    std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    for (const auto& [extension, type] : media_types) {
        if (name.ends_with(extension)) {
            return type;
        }
    }
    return "image/jpeg";
}

/// Returns a path for use in the package: relative, and not outside it.
std::string package_path(std::string_view path) {
    path.remove_prefix(std::min(path.find_first_not_of("./~"), path.size()));
    return std::string(path);
}

std::string comment_of(const Prediction& prediction) {
    const std::string truncated = prediction.truncated ? std::string(truncated_text) : "";
    const bool both = !truncated.empty() && !prediction.failure_reason.empty();
    return prediction.failure_reason + (both ? "; " : "") + truncated;
}

class CamtrapPackage {
public:
    CamtrapPackage(const PhotoRecords& records, const FormatOptions& options,
                   const fs::path& folder)
        : records_(records),
          options_(options),
          id_(PackageId::of(records, folder)),
          deployments_(records.stations(), id_),
          media_(folder / "media.csv",
                 {"mediaID", "deploymentID", "captureMethod", "timestamp", "filePath", "filePublic",
                  "fileName", "fileMediatype", "exifData", "favorite", "mediaComments"}),
          observations_(folder / "observations.csv", {"observationID",
                                                      "deploymentID",
                                                      "mediaID",
                                                      "eventID",
                                                      "eventStart",
                                                      "eventEnd",
                                                      "observationLevel",
                                                      "observationType",
                                                      "cameraSetupType",
                                                      "scientificName",
                                                      "count",
                                                      "lifeStage",
                                                      "sex",
                                                      "behavior",
                                                      "individualID",
                                                      "individualPositionRadius",
                                                      "individualPositionAngle",
                                                      "individualSpeed",
                                                      "bboxX",
                                                      "bboxY",
                                                      "bboxWidth",
                                                      "bboxHeight",
                                                      "classificationMethod",
                                                      "classifiedBy",
                                                      "classificationTimestamp",
                                                      "classificationProbability",
                                                      "observationTags",
                                                      "observationComments"}) {}

    void write(const fs::path& folder) {
        std::size_t number = 0;
        records_.for_each_file([&](const std::string& file, std::span<const PhotoRecord> of_file) {
            const auto id = id_.unique("photo-" + std::to_string(++number));
            for (const auto& record : of_file) {
                deployments_.add(record);
            }
            add_media(of_file.front(), file, id);
            if (parse_frame_name(of_file.front().prediction.filepath)) {
                add_observations_of_video(of_file, id);
            } else {
                add_observations(of_file.front(), id);
            }
        });
        add_events();
        deployments_.write(folder / "deployments.csv", options_.zone);
        media_.publish();
        observations_.publish();
        deployments_.write_description(folder / "datapackage.json", taxa_, records_, options_);
    }

private:
    std::string time_of(const std::optional<CaptureTime>& time) const {
        return time ? zoned_text(*time, options_.zone) : std::string();
    }

    void add_media(const PhotoRecord& record, const std::string& file, const std::string& id) {
        const auto path = package_path(records_.relative(file));
        media_.field(id).field(id_.unique(record.station.name)).blank_fields(1);
        media_.field(time_of(record.facts.taken)).field(path).field("false");
        media_.field(path.substr(path.rfind('/') + 1)).field(media_type_of(path));
        media_.blank_fields(2).field(comment_of(record.prediction)).end_row();
    }

    void add_observations(const PhotoRecord& record, const std::string& media) {
        const auto taken = time_of(record.facts.taken);
        std::size_t number = 0;
        for (const auto& observation :
             observations_of(record.prediction, options_.observation_threshold)) {
            observations_.field(media + '.' + std::to_string(++number))
                .field(id_.unique(record.station.name))
                .field(media);
            if (const auto event = event_of(record, observation)) {
                add_event_fields(*event);
            } else {
                observations_.blank_fields(1).field(taken).field(taken);
            }
            observations_.field("media");
            const bool is_one = observation.bbox.has_value();
            add_what(observation, is_one ? std::optional(std::size_t{1}) : std::nullopt);
            add_how(observation, record.review);
        }
    }

    /// The observations of a video: each label once, with the maximum number of individuals in a
    /// frame.
    struct Seen {
        Observation observation;
        std::size_t first_frame = 0;
        std::size_t individuals = 0;
    };

    std::vector<Seen> seen_in(std::span<const PhotoRecord> frames) const {
        std::map<std::pair<ObservationKind, std::string>, Seen> seen;
        for (std::size_t frame = 0; frame < frames.size(); ++frame) {
            std::map<std::pair<ObservationKind, std::string>, std::size_t> individuals;
            for (const auto& observation :
                 observations_of(frames[frame].prediction, options_.observation_threshold)) {
                const std::pair key(observation.kind, observation.label);
                auto& known = seen.try_emplace(key, Seen{observation, frame}).first->second;
                known.observation.score = std::max(known.observation.score, observation.score);
                known.observation.bbox.reset();
                known.individuals = std::max(
                    known.individuals, individuals[key] += observation.bbox.has_value() ? 1 : 0);
            }
        }
        // Blank frames and failed ones count only if there are no others.
        const auto says_much = [](const auto& entry) {
            return entry.first.first != ObservationKind::blank &&
                   entry.first.first != ObservationKind::unclassified;
        };
        const bool any = std::any_of(seen.begin(), seen.end(), says_much);
        const bool any_blank = std::any_of(seen.begin(), seen.end(), [](const auto& entry) {
            return entry.first.first == ObservationKind::blank;
        });
        std::vector<Seen> all;
        for (const auto& entry : seen) {
            const bool counts =
                any ? says_much(entry) : !any_blank || entry.first.first == ObservationKind::blank;
            if (counts) {
                all.push_back(entry.second);
            }
        }
        return all;
    }

    void add_observations_of_video(std::span<const PhotoRecord> frames, const std::string& media) {
        const auto& first = frames.front();
        std::size_t number = 0;
        for (const auto& [observation, first_frame, individuals] : seen_in(frames)) {
            observations_.field(media + '.' + std::to_string(++number))
                .field(id_.unique(first.station.name))
                .field(media);
            if (const auto event = event_of(frames[first_frame], observation)) {
                add_event_fields(*event);
            } else {
                observations_.blank_fields(1)
                    .field(time_of(first.facts.taken))
                    .field(time_of(frames.back().facts.taken));
            }
            observations_.field("media");
            add_what(observation, individuals > 0 ? std::optional(individuals) : std::nullopt);
            add_how(observation, first.review);
        }
    }

    /// An event: a visit of a species or, if events were not requested, a burst.
    struct EventFields {
        const std::string& id;
        const CaptureTime& start;
        const CaptureTime& end;
    };

    std::optional<EventFields> event_of(const PhotoRecord& record,
                                        const Observation& observation) const {
        if (const auto& events = records_.events()) {
            const auto* const event = events->of(record.number, observation.label);
            return event == nullptr
                       ? std::nullopt
                       : std::optional(EventFields{event->id, event->start, event->end});
        }
        const auto* const sequence = record.sequence;
        return sequence == nullptr
                   ? std::nullopt
                   : std::optional(EventFields{sequence->id, sequence->start, sequence->end});
    }

    /// Adds eventID to eventEnd.
    void add_event_fields(const EventFields& event) {
        observations_.field(id_.unique(event.id))
            .field(time_of(event.start))
            .field(time_of(event.end));
    }

    /// Adds observations of whole events.
    void add_events() {
        std::size_t number = 0;
        const auto add = [&](const std::string& station, const EventFields& event,
                             const Observation& observation,
                             std::optional<std::size_t> individuals) {
            observations_.field(id_.unique("event-" + std::to_string(++number)))
                .field(id_.unique(station))
                .blank_fields(1);
            add_event_fields(event);
            observations_.field("event");
            add_what(observation, individuals);
            add_how(observation, nullptr);
        };
        if (const auto& events = records_.events()) {
            for (const auto& event : events->all()) {
                add(event.station, {event.id, event.start, event.end},
                    {.kind = kind_of(event.label), .label = event.label, .score = event.score},
                    event.individuals);
            }
            return;
        }
        for (const auto& sequence : records_.sequences()) {
            Observation observation{.kind = ObservationKind::unclassified, .label = {}};
            if (sequence.answer) {
                observation.label = sequence.answer->label;
                observation.kind = kind_of(observation.label);
                observation.score = sequence.answer->score;
            }
            add(sequence.station, {sequence.id, sequence.start, sequence.end}, observation,
                std::nullopt);
        }
    }

    /// Adds observationType to bboxHeight.
    void add_what(const Observation& observation, std::optional<std::size_t> individuals) {
        const auto taxon = scientific_name(observation.label);
        if (!taxon.empty()) {
            taxa_.insert(taxon);
        }
        observations_.field(observation_kind_name(observation.kind)).blank_fields(1).field(taxon);
        observations_.field(individuals).blank_fields(7);
        if (observation.bbox) {
            const auto& box = *observation.bbox;
            for (const double edge : {box.xmin, box.ymin, box.width, box.height}) {
                observations_.field(std::clamp(edge, 0.0, 1.0), box_decimals);
            }
        } else {
            observations_.blank_fields(4);
        }
    }

    /// Adds classificationMethod to observationComments.
    /// @param review null if the photo was not reviewed
    void add_how(const Observation& observation, const Review* review) {
        if (observation.kind == ObservationKind::unclassified) {
            observations_.blank_fields(6).end_row();
            return;
        }
        observations_.field(review == nullptr ? "machine" : "human")
            .field(review == nullptr ? records_.model().text() : review->by)
            .field(zoned_text(utc(review == nullptr ? options_.now : review->at), {}));
        if (observation.label.empty()) {
            observations_.blank_fields(3).end_row();
            return;
        }
        if (review == nullptr) {
            // Sums of a rollup may exceed 1 because of rounding.
            observations_.field(std::min(observation.score, 1.0), probability_decimals);
        } else {
            observations_.blank_fields(1);
        }
        observations_.field("label:" + observation.label)
            .field(readable_name(observation.label))
            .end_row();
    }

    const PhotoRecords& records_;
    const FormatOptions& options_;
    PackageId id_;
    Deployments deployments_;
    CsvTable media_;
    CsvTable observations_;
    std::set<std::string> taxa_;
};

}  // namespace

void write_camtrap_dp(const PhotoRecords& records, const FormatOptions& options,
                      const fs::path& folder) {
    make_folder(folder);
    CamtrapPackage(records, options, folder).write(folder);
}

}  // namespace speciesnet::cli
