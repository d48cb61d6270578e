// SPDX-License-Identifier: Apache-2.0
// Source of the format: https://lila.science/megadetector-output-format 1.0 to 1.6. Source of the
// tools' interpretation: megadetector 10, process_video.py, wi_taxonomy_utils.py.
#include "megadetector_document.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "files/text_file.hpp"
#include "video/frame_name.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace speciesnet::cli {
namespace {

using Json = nlohmann::json;

/// The format has seven levels: a class of a detection of an image in a list of the document.
constexpr int most_levels = 64;
/// Of one entry, and of everything except the images: some hundred megabytes of memory.
constexpr std::size_t most_values = 10'000'000;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
    throw InvalidArgument(where + ": " + what, ErrorCode::json_content);
}

/// Returns a member of an entry; nullptr if it is missing or null.
const Json* member(const Json& entry, const char* name) {
    const auto found = entry.find(name);
    return found == entry.end() || found->is_null() ? nullptr : &*found;
}

std::string text_of(const Json& entry, const char* name, const std::string& where) {
    const auto* const value = member(entry, name);
    if (value == nullptr) {
        return {};
    }
    if (!value->is_string()) {
        refuse(where, std::string("\"") + name + "\" is not a string");
    }
    return value->get<std::string>();
}

/// Some documents use numbers instead of texts.
std::string category_number(const Json& value, const std::string& where) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (!value.is_number_integer()) {
        refuse(where, "a category is not a string");
    }
    return std::to_string(value.get<std::int64_t>());
}

double number_of(const Json& value, const std::string& where, const char* what) {
    if (!value.is_number()) {
        refuse(where, std::string(what) + " is not a number");
    }
    return value.get<double>();
}

/// The document's names, which are next to its images.
class Names {
public:
    explicit Names(const Json& frame) {
        const auto* const info = frame.is_object() ? member(frame, "info") : nullptr;
        if (info != nullptr && info->is_object()) {
            model_ = text_of(*info, "classifier", "info");
            model_ = model_.empty() ? text_of(*info, "detector", "info") : model_;
        }
        read(frame, "detection_categories", categories_);
        read(frame, "classification_categories", labels_);
        // Labels of seven parts, in documents of SpeciesNet.
        std::map<std::string, std::string, std::less<>> descriptions;
        read(frame, "classification_category_descriptions", descriptions);
        for (auto& [number, description] : descriptions) {
            if (std::count(description.begin(), description.end(), ';') == 6) {
                labels_[number] = std::move(description);
            }
        }
    }

    /// Returns the version for a prediction, without the text that this program's documents add.
    std::string model_version() const {
        constexpr std::string_view ours = "SpeciesNet ";
        constexpr std::string_view demo = "demonstration model ";
        for (const auto begin : {ours, demo}) {
            if (model_.starts_with(begin)) {
                const auto version = model_.substr(begin.size());
                return version.substr(0, version.find(' '));
            }
        }
        return model_;
    }

    /// Returns the name of a category, or its number if the document does not name it.
    std::string category(const std::string& number) const {
        const auto found = categories_.find(number);
        return found != categories_.end() ? lower_case(found->second) : usual_category(number);
    }

    std::string label(const std::string& number) const {
        const auto found = labels_.find(number);
        return found == labels_.end() ? number : found->second;
    }

private:
    using Table = std::map<std::string, std::string, std::less<>>;

    static std::string usual_category(const std::string& number) {
        return number == "1"   ? "animal"
               : number == "2" ? "person"
               : number == "3" ? "vehicle"
                               : number;
    }

    static void read(const Json& frame, const char* name, Table& table) {
        const auto* const entries = frame.is_object() ? member(frame, name) : nullptr;
        if (entries == nullptr) {
            return;
        }
        if (!entries->is_object()) {
            refuse(name, "is not an object");
        }
        for (const auto& [number, value] : entries->items()) {
            if (!value.is_string()) {
                refuse(name, "\"" + number + "\" is not a string");
            }
            table[number] = value.get<std::string>();
        }
    }

    std::string model_;
    Table categories_;
    Table labels_;
};

/// Reads entries of "images".
class Images {
public:
    Images(const Names& names, const std::function<void(const Prediction&)>& visit)
        : names_(names), model_version_(names.model_version()), visit_(visit) {}

    void add(const Json& entry) {
        where_ = "images[" + std::to_string(number_++) + "]";
        if (!entry.is_object()) {
            refuse(where_, "is not an object");
        }
        Prediction prediction{.filepath = text_of(entry, "file", where_),
                              .model_version = model_version_};
        if (prediction.filepath.empty()) {
            refuse(where_, "has no \"file\"");
        }
        const auto* const truncated = member(entry, "truncated");
        prediction.truncated =
            truncated != nullptr && truncated->is_boolean() && truncated->get<bool>();
        prediction.failure_reason = text_of(entry, "failure", where_);
        const auto* const detections = member(entry, "detections");
        if (!prediction.failure_reason.empty() || detections == nullptr) {
            prediction.failures.detector = true;
            visit_(prediction);
            return;
        }
        if (!detections->is_array()) {
            refuse(where_, "\"detections\" is not a list");
        }
        if (is_video(entry, *detections)) {
            add_frames(entry, *detections, prediction);
            return;
        }
        prediction.detections.emplace();
        for (const auto& detection : *detections) {
            prediction.detections->push_back(read(detection));
        }
        finish(prediction);
    }

private:
    static bool is_video(const Json& entry, const Json& detections) {
        return entry.contains("frames_processed") || entry.contains("frame_rate") ||
               std::any_of(detections.begin(), detections.end(), [](const Json& detection) {
                   return detection.is_object() && detection.contains("frame_number");
               });
    }

    std::size_t frame_number(const Json& value) const {
        if (!value.is_number_unsigned()) {
            refuse(where_, "a frame number is not an integer of 0 or more");
        }
        return value.get<std::size_t>();
    }

    void add_frames(const Json& entry, const Json& detections, Prediction& prediction) const {
        const auto file = prediction.filepath;
        std::map<std::size_t, std::vector<ClassifiedDetection>> frames;
        if (const auto* const processed = member(entry, "frames_processed")) {
            if (!processed->is_array()) {
                refuse(where_, "\"frames_processed\" is not a list");
            }
            for (const auto& number : *processed) {
                frames[frame_number(number)];
            }
        }
        for (const auto& detection : detections) {
            auto read_one = read(detection);
            const auto* const number = member(detection, "frame_number");
            frames[number == nullptr ? 0 : frame_number(*number)].push_back(std::move(read_one));
        }
        if (frames.empty()) {
            frames[0];
        }
        for (auto& [number, found] : frames) {
            prediction.filepath =
                is_video_name(file) ? to_text({.video = file, .number = number}) : file;
            prediction.detections = std::move(found);
            finish(prediction);
        }
    }

    ClassifiedDetection read(const Json& entry) const {
        const auto* const bbox = entry.is_object() ? member(entry, "bbox") : nullptr;
        const auto* const category = entry.is_object() ? member(entry, "category") : nullptr;
        const auto* const conf = entry.is_object() ? member(entry, "conf") : nullptr;
        if (category == nullptr || conf == nullptr) {
            refuse(where_, "a detection has no \"category\" or no \"conf\"");
        }
        ClassifiedDetection result;
        result.detection.conf = number_of(*conf, where_, "\"conf\"");
        if (bbox != nullptr) {
            result.detection.bbox = box_of(*bbox);
        }
        const auto name = names_.category(category_number(*category, where_));
        if (name == "person" || name == "human") {
            result.detection.category = Category::human;
        } else if (name == "vehicle") {
            result.detection.category = Category::vehicle;
        } else if (name == "unknown") {
            result.detection.category = Category::whole_image;
        } else if (name != "animal") {
            result.answer =
                Answer{.label = name, .score = result.detection.conf, .source = "detector"};
        }
        const auto* const classes = member(entry, "classifications");
        const auto* const raw = member(entry, "raw_classifications");
        if (classes != nullptr) {
            const auto classification = classification_of(*classes);
            if (!classification.classes.empty()) {
                result.answer = Answer{.label = classification.classes.front(),
                                       .score = classification.scores.front(),
                                       .source = "classifier"};
                result.classification = classification;
            }
        }
        if (raw != nullptr) {
            result.classification = classification_of(*raw);
        }
        return result;
    }

    BoundingBox box_of(const Json& value) const {
        if (!value.is_array() || value.size() != 4) {
            refuse(where_, "\"bbox\" is not a list of four numbers");
        }
        const auto edge = [&](std::size_t index) {
            return number_of(value[index], where_, "an edge of a box");
        };
        return {.xmin = edge(0), .ymin = edge(1), .width = edge(2), .height = edge(3)};
    }

    Classification classification_of(const Json& value) const {
        if (!value.is_array()) {
            refuse(where_, "classifications are not a list");
        }
        Classification classification;
        for (const auto& entry : value) {
            if (!entry.is_array() || entry.size() != 2) {
                refuse(where_, "a classification is not a pair of category and score");
            }
            classification.classes.push_back(names_.label(category_number(entry[0], where_)));
            classification.scores.push_back(number_of(entry[1], where_, "a score"));
        }
        return classification;
    }

    /// Sorts the detections of a prediction.
    void finish(Prediction& prediction) const {
        std::stable_sort(prediction.detections->begin(), prediction.detections->end(),
                         [](const auto& one, const auto& other) {
                             return one.detection.conf > other.detection.conf;
                         });
        visit_(prediction);
    }

    const Names& names_;
    std::string model_version_;
    const std::function<void(const Prediction&)>& visit_;
    std::string where_;
    std::size_t number_ = 0;
};

/// Parses the document without keeping its images. @param image receives each of them
Json parse(std::istream& document, const std::function<void(const Json&)>& image) {
    document.clear();
    document.seekg(0);
    bool in_images = false;
    bool any_images = false;
    std::size_t values = 0;
    const auto select = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > most_levels || ++values > most_values) {
            refuse(in_images ? "an entry of \"images\"" : "the document",
                   depth > most_levels ? "is nested too deeply" : "has too many values");
        }
        if (depth == 1 && event == Json::parse_event_t::key) {
            in_images = parsed == "images";
            any_images = any_images || in_images;
        }
        const bool is_entry =
            in_images && depth == 2 &&
            (event == Json::parse_event_t::object_end || event == Json::parse_event_t::array_end ||
             event == Json::parse_event_t::value);
        if (is_entry) {
            image(parsed);
            values = 0;
        }
        return !is_entry;
    };
    try {
        auto frame = Json::parse(document, select);
        if (!any_images) {
            refuse("the document", "has no \"images\"");
        }
        return frame;
    } catch (const Json::exception& error) {
        throw InvalidArgument(error.what(), ErrorCode::json_syntax);
    }
}

}  // namespace

bool is_megadetector_document(std::string_view beginning) {
    const auto place = [beginning](std::string_view key) { return beginning.find(key); };
    return std::min(place("\"images\""), place("\"detection_categories\"")) <
           place("\"predictions\"");
}

void read_megadetector_document(std::istream& document,
                                const std::function<void(const Prediction&)>& visit) {
    const Names names(parse(document, [](const Json&) {}));
    Images images(names, visit);
    parse(document, [&images](const Json& image) { images.add(image); });
}

}  // namespace speciesnet::cli
