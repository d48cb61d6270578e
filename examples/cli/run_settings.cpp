// One table of flags and values; threads and batches are not among them, as they change no result.
#include "run_settings.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/json_writer.hpp"

#include "naming_flag.hpp"
#include "text_file.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <zlib.h>

namespace speciesnet::cli {
namespace {

/// How the run treats its output, not what it finds.
constexpr std::string_view treatment = "--ignore_existing_predictions";

/// Collects settings, each value as JSON.
class Settings {
public:
    template <typename Value>
    void add(std::string name, const Value& value) {
        JsonWriter json;
        json.value(value);
        list_.push_back({.name = std::move(name), .value = json.take()});
    }
    void add(std::string name, const std::vector<std::string>& values) {
        JsonWriter json;
        json.begin_array();
        for (const auto& value : values) {
            json.value(value);
        }
        json.end_array();
        list_.push_back({.name = std::move(name), .value = json.take()});
    }
    void add(std::string name, int number) {
        list_.push_back({.name = std::move(name), .value = std::to_string(number)});
    }

    std::vector<JournalSetting> take() { return std::move(list_); }

private:
    std::vector<JournalSetting> list_;
};

void add_inputs(Settings& settings, const InputArguments& inputs) {
    settings.add("--filepaths", inputs.filepaths);
    settings.add("--filepaths_txt", inputs.filepaths_txt);
    settings.add("--folders", inputs.folders);
    settings.add("--folders_txt", inputs.folders_txt);
    settings.add("--instances_json", inputs.instances_json);
    settings.add("--country", inputs.country);
    settings.add("--admin1_region", inputs.admin1_region);
}

void add_networks(Settings& settings, const Package& package, Components components) {
    settings.add("model", package.info().version);
    const auto add_size = [&](const char* name, const std::string& file) {
        settings.add(name, package.read(file).content().size());
    };
    if (components == Components::all || components == Components::detector) {
        add_size("detector-bytes", package.info().detector);
    }
    if (components == Components::all || components == Components::classifier) {
        add_size("classifier-bytes", package.info().classifier);
    }
}

/// A list of thousands of species is known by its checksum.
std::string fingerprint(const std::string& file) {
    if (file.empty()) {
        return {};
    }
    const auto text = naming_flag("--target_species_txt", [&file] { return read_text_file(file); });
    const auto* const bytes = reinterpret_cast<const Bytef*>(text.data());
    return file + " with CRC-32 " + std::to_string(::crc32_z(0, bytes, text.size()));
}

std::string_view name_of(Components components) {
    switch (components) {
        case Components::detector:
            return "--detector_only";
        case Components::classifier:
            return "--classifier_only";
        case Components::rules:
            return "--ensemble_only";
        case Components::all:
            break;
    }
    return "all";
}

std::optional<std::string> value_of(const std::vector<JournalSetting>& settings,
                                    std::string_view name) {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [name](const auto& setting) { return setting.name == name; });
    return found == settings.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace

std::vector<JournalSetting> run_settings(const PredictArguments& arguments,
                                         const Package& package) {
    Settings settings;
    const auto components = components_of(arguments);
    const auto& options = arguments.predict;
    add_networks(settings, package, components);
    settings.add("--precision", arguments.precision);
    settings.add("stages", name_of(components));
    add_inputs(settings, arguments.inputs);
    settings.add("--detections_json", arguments.detections_json);
    settings.add("--classifications_json", arguments.classifications_json);
    settings.add("--geofence", arguments.geofence);
    settings.add("--coordinates_from_exif", options.geolocation.coordinates_from_exif);
    settings.add("--country_from_coordinates", options.geolocation.country_from_coordinates);
    settings.add("--target_species_txt", fingerprint(arguments.target_species_txt));
    settings.add("--result_format",
                 options.format == ResultFormat::per_image ? "image" : "detection");
    settings.add("--detection_threshold_for_classification", options.detection_threshold);
    settings.add("--max_classifications_per_image", arguments.max_classifications_per_image);
    settings.add("--max_classifications_per_detection",
                 arguments.max_classifications_per_detection);
    settings.add("--explain", options.explain);
    settings.add(std::string(treatment), arguments.ignore_existing_predictions);
    return settings.take();
}

void check_same_settings(const std::vector<JournalSetting>& present,
                         const std::vector<JournalSetting>& wanted, const std::string& journal) {
    std::string differences;
    for (const auto& [name, value] : wanted) {
        const auto then = value_of(present, name);
        if (name != treatment && then != value) {
            differences +=
                "\n  " + name + " is " + value + " and was " + then.value_or("not there");
        }
    }
    for (const auto& [name, value] : present) {
        if (!value_of(wanted, name)) {
            differences += "\n  " + name + " is not there and was " + value;
        }
    }
    if (!differences.empty()) {
        throw InvalidArgument(
            "'" + journal +
            "' holds the results of an interrupted run with other settings:" + differences +
            "\nFinish that run with its own settings, name another output file, "
            "or discard its results with --ignore_existing_predictions");
    }
}

bool ignores_existing(const std::vector<JournalSetting>& settings) {
    return value_of(settings, treatment) == "true";
}

}  // namespace speciesnet::cli
