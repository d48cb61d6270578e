// SPDX-License-Identifier: Apache-2.0
// Lists flags and values in one table. Threads and batch size are not included, because they do not
// change results.
#include "run_settings.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/text_file.hpp"
#include "flags/naming_flag.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <zlib.h>

namespace speciesnet::cli {
namespace {

/// Concerns the handling of the output, not the results.
constexpr std::string_view treatment = "--ignore_existing_predictions";
/// Suffix of settings for files: their resolved locations, independent of the spelling.
constexpr std::string_view places = ":places";
/// Settings that a finished document as a whole does not depend on: each photo in it records its
/// location, and more photos may have been added.
constexpr std::array<std::string_view, 13> of_photos{
    "--filepaths",       "--filepaths_txt", "--folders",       "--folders_txt",
    "--instances_json",  "--exclude",       "--videos",        "--frames_per_second",
    "--every_nth_frame", "--country",       "--admin1_region", "--stations",
    "--clock_offset"};

bool is_name_of_places(std::string_view name) {
    return name.ends_with(places);
}

/// Collects settings, with each value as JSON.
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

    /// For files or folders: "inc", "./inc/" and the absolute path are the same.
    void add_paths(const std::string& name, const std::vector<std::string>& paths) {
        std::set<std::string> where;
        for (const auto& path : paths) {
            where.insert(place_of(path));
        }
        add(name + std::string(places), std::vector<std::string>(where.begin(), where.end()));
    }
    void add_path(const std::string& name, const std::string& path) {
        add(name, path);
        add_paths(name, path.empty() ? std::vector<std::string>() : std::vector{path});
    }

    std::vector<JournalSetting> take() { return std::move(list_); }

private:
    static std::string place_of(const std::string& path) {
        std::error_code problem;
        const auto absolute = std::filesystem::absolute(utf8_path(path));
        const auto place = std::filesystem::weakly_canonical(absolute, problem);
        auto text = utf8_text((problem ? absolute : place).lexically_normal());
        while (text.size() > 1 && text.ends_with('/')) {
            text.pop_back();
        }
        return text;
    }

    std::vector<JournalSetting> list_;
};

void add_inputs(Settings& settings, const InputArguments& inputs) {
    settings.add("--filepaths", inputs.filepaths);
    settings.add_paths("--filepaths", split_list(inputs.filepaths));
    settings.add_path("--filepaths_txt", inputs.filepaths_txt);
    settings.add("--folders", inputs.folders);
    settings.add_paths("--folders", split_list(inputs.folders));
    settings.add_path("--folders_txt", inputs.folders_txt);
    settings.add_path("--instances_json", inputs.instances_json);
    settings.add("--exclude", inputs.exclude);
    settings.add("--videos", inputs.videos);
    settings.add("--frames_per_second", inputs.frames_per_second.value_or(0));
    settings.add("--every_nth_frame", static_cast<int>(inputs.every_nth_frame.value_or(0)));
    const auto place = place_of(inputs);
    settings.add("--country", place.country.value_or(""));
    settings.add("--admin1_region", place.admin1_region.value_or(""));
    settings.add("--places_as_given", inputs.places_as_given);
}

void add_networks(Settings& settings, const Package& package, Components components) {
    settings.add("model", package.info().version);
    const auto add_size = [&](const char* name, const std::string& file) {
        if (const auto network =
                package.find(file)) {  // Otherwise there is only its compiled form.
            settings.add(name, network->content().size());
        }
    };
    if (components == Components::all || components == Components::detector) {
        add_size("detector-bytes", package.info().detector);
    }
    if (components == Components::all || components == Components::classifier) {
        add_size("classifier-bytes", package.info().classifier);
    }
}

/// Identifies a list, which may contain thousands of species, by its checksum.
std::string fingerprint(const std::string& flag, const std::string& file) {
    if (file.empty()) {
        return {};
    }
    const auto text = naming_flag(flag, [&file] { return read_text_file(utf8_path(file)); });
    const auto* const bytes = reinterpret_cast<const Bytef*>(text.data());
    return file + " with CRC-32 " + std::to_string(::crc32_z(0, bytes, text.size()));
}

/// Returns the value of a flag: −1 means no limit.
int number_of(std::optional<std::size_t> limit) {
    return limit ? static_cast<int>(*limit) : -1;
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

std::vector<JournalSetting> run_settings(const PredictArguments& arguments, const Package& package,
                                         const StationTable& stations) {
    Settings settings;
    const auto components = components_of(arguments);
    const auto& options = arguments.predict;
    add_networks(settings, package, components);
    settings.add("--precision", arguments.precision);
    settings.add("stages", name_of(components));
    add_inputs(settings, arguments.inputs);
    const auto& table = arguments.outputs.stations;
    settings.add("--stations", fingerprint("--stations", table.stations));
    // Without a table, it affects only the outputs.
    settings.add("--clock_offset", table.stations.empty() ? "" : table.clock_offset);
    settings.add_path("--detections_json", arguments.detections_json);
    settings.add_path("--classifications_json", arguments.classifications_json);
    settings.add("--geofence", arguments.load.geofence);
    const auto add_list = [&](const std::string& flag, const std::string& file) {
        settings.add(flag, fingerprint(flag, file));
    };
    add_list("--species_list", arguments.local_species.species_list);
    add_list("--geofence_overlay", arguments.local_species.geofence_overlay);
    add_list("--target_species_txt", arguments.target_species_txt);
    // Unlike the table, which gives the location of photos, the lists affect the answers there.
    if (const auto lists = stations.species_lists(); !lists.empty()) {
        std::vector<std::string> fingerprints;
        fingerprints.reserve(lists.size());
        for (const auto& [station, list] : lists) {
            fingerprints.push_back(station + ": " + fingerprint("--stations", utf8_text(list)));
        }
        settings.add("species lists of --stations", fingerprints);
    }
    // clang-format off
    // <options settings predict options> by scripts/generate_options
    settings.add("--result_format", options.format == ResultFormat::per_detection ? "detection" : "image");
    settings.add("--explain", options.explain);
    settings.add("--detection_threshold", options.detection_threshold);
    settings.add("--detection_threshold_for_classification", options.classification_threshold);
    settings.add("--max_classifications_per_image", number_of(options.max_classifications_per_image));
    settings.add("--max_classifications_per_detection", number_of(options.max_classifications_per_detection));
    settings.add("--coordinates_from_exif", options.geolocation.coordinates_from_exif);
    settings.add("--country_from_coordinates", options.geolocation.country_from_coordinates);
    // </options>
    // clang-format on
    settings.add(std::string(treatment), arguments.ignore_existing_predictions);
    return settings.take();
}

std::vector<std::string> different_settings(const std::vector<JournalSetting>& present,
                                            const std::vector<JournalSetting>& wanted) {
    const auto same_places = [&](const std::string& name) {
        const auto where = name + std::string(places);
        const auto now = value_of(wanted, where);
        return now && now == value_of(present, where);
    };
    std::vector<std::string> differences;
    for (const auto& [name, value] : wanted) {
        const auto then = value_of(present, name);
        if (name != treatment && !is_name_of_places(name) && then != value && !same_places(name)) {
            differences.push_back(name + " is " + value + " and was " + then.value_or("not given"));
        }
    }
    for (const auto& [name, value] : present) {
        if (!is_name_of_places(name) && !value_of(wanted, name)) {
            differences.push_back(name + " is not given and was " + value);
        }
    }
    return differences;
}

std::vector<JournalSetting> settings_of_answers(std::vector<JournalSetting> settings) {
    std::erase_if(settings, [](const JournalSetting& setting) {
        const auto name = std::string_view(setting.name).substr(0, setting.name.find(':'));
        return name == treatment ||
               std::find(of_photos.begin(), of_photos.end(), name) != of_photos.end();
    });
    return settings;
}

bool ignores_existing(const std::vector<JournalSetting>& settings) {
    return value_of(settings, treatment) == "true";
}

}  // namespace speciesnet::cli
