// SPDX-License-Identifier: Apache-2.0
// Source of the format: megadetector 10, https://lila.science/megadetector-output-format 1.6.
// Source of the conversion: its wi_taxonomy_utils.py, generate_md_results_from_predictions_json.
#include "speciesnet/taxonomy.hpp"

#include "files/atomic_file.hpp"
#include "formats.hpp"
#include "label_names.hpp"
#include "text/json_writer.hpp"
#include "time_text.hpp"
#include "video/frame_name.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

constexpr const char* format_version = "1.6";
/// Category of the classification of an image without detections.
constexpr const char* whole_image_category = "4";
constexpr std::array<std::pair<const char*, const char*>, 4> detection_categories{
    {{"1", "animal"}, {"2", "person"}, {"3", "vehicle"}, {whole_image_category, "unknown"}}};

std::string detector_name(const ModelNames& model) {
    if (const auto detector = model.detector(); !detector.empty()) {
        return detector;
    }
    if (!model.text().starts_with("SpeciesNet") && !model.demo()) {
        return model.text();
    }
    return (model.demo() ? "detector of the " : "MegaDetector v5a of ") + model.text();
}

class MegaDetectorDocument {
public:
    explicit MegaDetectorDocument(const PhotoRecords& records) : records_(records) {}

    void write(const std::filesystem::path& path) {
        AtomicFile file(path);
        begin();
        records_.for_each_file([&](const std::string& name, std::span<const PhotoRecord> of_file) {
            if (parse_frame_name(of_file.front().prediction.filepath)) {
                add_video(name, of_file);
            } else {
                add(of_file.front());
            }
            file.write(json_.take());
        });
        end();
        file.write(json_.take());
        file.publish();
    }

private:
    void begin() {
        json_.begin_object();
        json_.key("info").begin_object();
        json_.key("format_version").value(format_version);
        json_.key("detector").value(detector_name(records_.model()));
        json_.key("classifier").value(records_.model().text());
        json_.end_object();
        json_.key("detection_categories").begin_object();
        for (const auto& [number, name] : detection_categories) {
            json_.key(number).value(name);
        }
        json_.end_object();
        json_.key("images").begin_array();
    }

    /// Written last, because only then all labels are known.
    void end() {
        json_.end_array();
        const auto write_labels = [this](const char* key, const auto& text_of) {
            json_.key(key).begin_object();
            for (std::size_t number = 0; number < labels_.labels().size(); ++number) {
                json_.key(std::to_string(number)).value(text_of(labels_.labels()[number]));
            }
            json_.end_object();
        };
        write_labels("classification_categories", readable_name);
        write_labels("classification_category_descriptions",
                     [](const std::string& label) { return label; });
        json_.end_object();
    }

    void add(const PhotoRecord& record) {
        const auto& prediction = record.prediction;
        json_.begin_object();
        json_.key("file").value(records_.relative(prediction.filepath));
        if (failed(prediction)) {
            json_.key("failure").value(failure_text(prediction));
            json_.key("detections").null();
        } else {
            json_.key("detections").begin_array();
            add_detections(*prediction.detections, std::nullopt);
            json_.end_array();
        }
        if (record.facts.taken) {
            json_.key("datetime").value(exif_text(*record.facts.taken));
        }
        if (prediction.truncated) {
            json_.key("truncated").value(true);
        }
        json_.end_object();
    }

    void add_video(const std::string& file, std::span<const PhotoRecord> frames) {
        json_.begin_object();
        json_.key("file").value(records_.relative(file));
        if (const auto* const video = frames.front().video) {
            json_.key("frame_rate").value(video->frame_rate);
        }
        json_.key("frames_processed").begin_array();
        for (const auto& frame : frames) {
            if (!failed(frame.prediction)) {
                json_.value(number_of(frame));
            }
        }
        json_.end_array();
        if (std::all_of(frames.begin(), frames.end(),
                        [](const auto& frame) { return failed(frame.prediction); })) {
            json_.key("failure").value(failure_text(frames.front().prediction));
            json_.key("detections").null();
        } else {
            json_.key("detections").begin_array();
            for (const auto& frame : frames) {
                if (!failed(frame.prediction)) {
                    add_detections(*frame.prediction.detections, number_of(frame));
                }
            }
            json_.end_array();
        }
        if (const auto& begin = frames.front().facts.taken) {
            json_.key("datetime").value(exif_text(*begin));
        }
        json_.end_object();
    }

    static std::size_t number_of(const PhotoRecord& frame) {
        return parse_frame_name(frame.prediction.filepath)->number;
    }

    static bool failed(const Prediction& prediction) {
        return prediction.failures.any() || !prediction.detections;
    }

    static std::string failure_text(const Prediction& prediction) {
        return prediction.failure_reason.empty() ? "failed" : prediction.failure_reason;
    }

    /// The classification of the whole image is repeated for each of its detections.
    /// @param frame number in a video
    void add_detections(const std::vector<ClassifiedDetection>& entries,
                        std::optional<std::size_t> frame) {
        const auto whole = std::find_if(entries.begin(), entries.end(), [](const auto& entry) {
            return entry.detection.category == Category::whole_image;
        });
        const ClassifiedDetection* const of_picture = whole == entries.end() ? nullptr : &*whole;
        bool detected = false;
        for (const auto& entry : entries) {
            if (&entry != of_picture) {
                const auto category = std::to_string(static_cast<int>(entry.detection.category));
                // Suppressed detections have a negative confidence, and their own answers.
                const bool counts = entry.detection.conf >= 0;
                add_detection(category, entry.detection,
                              of_picture != nullptr && counts ? *of_picture : entry, frame);
                detected = detected || counts;
            }
        }
        if (of_picture != nullptr && !detected && says_something(*of_picture)) {
            auto detection = of_picture->detection;
            detection.conf = of_picture->answer->score;
            add_detection(whole_image_category, detection, *of_picture, frame);
        }
    }

    static bool says_something(const ClassifiedDetection& entry) {
        return entry.answer && entry.answer->label != labels::blank;
    }

    void add_detection(const std::string& category, const Detection& detection,
                       const ClassifiedDetection& classified, std::optional<std::size_t> frame) {
        const auto& box = detection.bbox;
        json_.begin_object();
        json_.key("category").value(category);
        json_.key("conf").value(detection.conf);
        json_.key("bbox").begin_array();
        json_.value(box.xmin).value(box.ymin).value(box.width).value(box.height);
        json_.end_array();
        if (frame) {
            json_.key("frame_number").value(*frame);
        }
        if (classified.answer) {
            json_.key("classifications").begin_array();
            add_class(classified.answer->label, classified.answer->score);
            json_.end_array();
        }
        if (classified.classification) {
            const auto& [classes, scores, _, logits] = *classified.classification;
            json_.key(classified.answer ? "raw_classifications" : "classifications").begin_array();
            for (std::size_t index = 0; index < classes.size(); ++index) {
                add_class(classes[index], scores[index]);
            }
            json_.end_array();
        }
        json_.end_object();
    }

    void add_class(const std::string& label, double score) {
        json_.begin_array();
        json_.value(std::to_string(labels_.of(label))).value(score);
        json_.end_array();
    }

    const PhotoRecords& records_;
    JsonWriter json_{1, saved_decimals};
    LabelNumbers labels_;
};

}  // namespace

void write_megadetector_json(const PhotoRecords& records, const std::filesystem::path& file) {
    MegaDetectorDocument(records).write(file);
}

}  // namespace speciesnet::cli
