// SPDX-License-Identifier: Apache-2.0
// Source of the format:
// https://github.com/microsoft/CameraTraps/blob/main/data_management/README.md, as checked by
// megadetector 10 in integrity_check_json_db.py.

#include "files/atomic_file.hpp"
#include "formats.hpp"
#include "label_names.hpp"
#include "observations.hpp"
#include "package_id.hpp"
#include "text/json_writer.hpp"
#include "time_text.hpp"

#include <set>
#include <string>

namespace speciesnet::cli {
namespace {

/// By convention, 0 is "empty"; labels follow.
constexpr std::size_t empty_category = 0;

class CocoDocument {
public:
    CocoDocument(const PhotoRecords& records, const FormatOptions& options)
        : records_(records), options_(options), id_(PackageId::of(records)) {}

    void write(const std::filesystem::path& path) {
        AtomicFile file(path);
        json_.begin_object();
        add_info();
        json_.key("images").begin_array();
        std::size_t number = 0;
        records_.for_each([&](const PhotoRecord& record) {
            add_image(record, number++);
            file.write(json_.take());
        });
        json_.end_array();
        json_.key("annotations").begin_array();
        number = 0;
        records_.for_each([&](const PhotoRecord& record) {
            add_annotations(record, number++);
            file.write(json_.take());
        });
        json_.end_array();
        add_categories();
        json_.end_object();
        file.write(json_.take());
        file.publish();
    }

private:
    void add_info() {
        json_.key("info").begin_object();
        json_.key("id").value(id_.uuid());
        json_.key("version").value("1.0");
        json_.key("description").value("Answers of " + records_.model().text() + ", not reviewed");
        json_.key("date_created").value(plain_text(utc(options_.now)));
        json_.end_object();
    }

    /// Uses numbers, because paths may occur twice.
    std::string image_id(std::size_t number) const { return id_.unique(std::to_string(number)); }

    void add_image(const PhotoRecord& record, std::size_t number) {
        const auto& facts = record.facts;
        json_.begin_object();
        json_.key("id").value(image_id(number));
        json_.key("file_name").value(records_.relative(record.prediction.filepath));
        if (facts.width > 0) {
            json_.key("width").value(static_cast<std::size_t>(facts.width));
            json_.key("height").value(static_cast<std::size_t>(facts.height));
        }
        json_.key("location").value(record.station.place());
        if (facts.taken) {
            json_.key("datetime").value(plain_text(*facts.taken));
        }
        if (record.sequence != nullptr) {
            json_.key("seq_id").value(id_.unique(record.sequence->id));
            json_.key("seq_num_frames").value(record.sequence->photos);
            json_.key("frame_num").value(record.frame);
        }
        if (record.prediction.failures.any()) {
            json_.key("failure").value(record.prediction.failure_reason);
        }
        if (record.prediction.truncated) {
            json_.key("truncated").value(true);
        }
        json_.end_object();
    }

    void add_annotations(const PhotoRecord& record, std::size_t number) {
        std::size_t annotation = 0;
        for (const auto& observation :
             observations_of(record.prediction, options_.observation_threshold)) {
            if (observation.kind == ObservationKind::unclassified) {
                continue;
            }
            json_.begin_object();
            json_.key("id").value(image_id(number) + '.' + std::to_string(annotation++));
            json_.key("image_id").value(image_id(number));
            json_.key("category_id").value(category_of(observation));
            json_.key("score").value(observation.score);
            json_.key("sequence_level_annotation").value(false);
            add_box(observation, record.facts);
            json_.end_object();
        }
    }

    std::size_t category_of(const Observation& observation) {
        return observation.kind == ObservationKind::blank ? empty_category
                                                          : 1 + labels_.of(observation.label);
    }

    /// In pixels, and therefore only if the size of the image is known.
    void add_box(const Observation& observation, const PhotoFacts& facts) {
        if (!observation.bbox || facts.width == 0) {
            return;
        }
        const auto& box = *observation.bbox;
        json_.key("bbox").begin_array();
        json_.value(box.xmin * facts.width).value(box.ymin * facts.height);
        json_.value(box.width * facts.width).value(box.height * facts.height);
        json_.end_array();
    }

    /// Names must be unique: a second label with the same name is written in full.
    void add_categories() {
        std::set<std::string> taken{"empty"};
        json_.key("categories").begin_array();
        const auto add = [this](std::size_t number, const std::string& name) {
            json_.begin_object();
            json_.key("id").value(number);
            json_.key("name").value(name);
        };
        add(empty_category, "empty");
        json_.end_object();
        for (std::size_t number = 0; number < labels_.labels().size(); ++number) {
            const auto& label = labels_.labels()[number];
            auto name = readable_name(label);
            if (!taken.insert(name).second) {
                name = label;
                taken.insert(name);
            }
            add(1 + number, name);
            json_.key("label").value(label);
            json_.end_object();
        }
        json_.end_array();
    }

    const PhotoRecords& records_;
    const FormatOptions& options_;
    PackageId id_;
    JsonWriter json_{1, saved_decimals};
    LabelNumbers labels_;
};

}  // namespace

void write_coco_camera_traps(const PhotoRecords& records, const FormatOptions& options,
                             const std::filesystem::path& file) {
    CocoDocument(records, options).write(file);
}

}  // namespace speciesnet::cli
