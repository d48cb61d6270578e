// SPDX-License-Identifier: Apache-2.0
// Converts flags to instances, as the reference's prepare_instances_dict().
#include "inputs.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/text_file.hpp"
#include "flags/flag_checks.hpp"
#include "flags/naming_flag.hpp"
#include "folder_scan.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace speciesnet::cli {

std::vector<std::string> split_list(const std::vector<std::string>& values) {
    std::vector<std::string> items;
    for (const auto& value : values) {
        std::string item;
        bool quoted = false;
        for (const char character : value) {
            if (character == '"') {
                quoted = !quoted;
            } else if (character == ',' && !quoted) {
                items.push_back(strip(std::exchange(item, {})));
            } else {
                item += character;
            }
        }
        items.push_back(strip(item));
    }
    std::erase(items, std::string());
    return items;
}

namespace {

std::vector<Instance> instances_of(std::vector<std::string> filepaths) {
    std::vector<Instance> instances;
    instances.reserve(filepaths.size());
    for (auto& filepath : filepaths) {
        instances.push_back({.filepath = std::move(filepath), .location = {}});
    }
    return instances;
}

void check_one_input(const InputArguments& arguments) {
    const std::size_t given =
        (arguments.instances_json.empty() ? 0 : 1) + (arguments.filepaths.empty() ? 0 : 1) +
        (arguments.filepaths_txt.empty() ? 0 : 1) + (arguments.folders.empty() ? 0 : 1) +
        (arguments.folders_txt.empty() ? 0 : 1);
    if (given != 1) {
        throw InvalidArgument(
            "expected exactly one of --instances_json, --filepaths, --filepaths_txt, --folders, "
            "--folders_txt; got " +
            std::to_string(given));
    }
}

void override_location(const Location& place, std::vector<Instance>& instances) {
    // As in the reference, a region is ignored without its country.
    if (!place.country) {
        return;
    }
    for (auto& instance : instances) {
        instance.location.country = place.country;
        if (place.admin1_region) {
            instance.location.admin1_region = place.admin1_region;
        }
    }
}

/// Reads a location, or only checks it if it must not be changed.
Location read_place(Location place, bool as_given) {
    if (!as_given) {
        return normalize_location(std::move(place));
    }
    check_location(place);
    return place;
}

void read_places(std::vector<Instance>& instances, bool as_given) {
    std::size_t number = 0;
    for (auto& instance : instances) {
        try {
            instance.location = read_place(std::move(instance.location), as_given);
        } catch (const InvalidArgument& error) {
            throw InvalidArgument("instances[" + std::to_string(number) + "] ('" +
                                  instance.filepath + "'): " + error.what());
        }
        ++number;
    }
}

FrameSampling sampling_of(const InputArguments& arguments) {
    if (arguments.frames_per_second && arguments.every_nth_frame) {
        throw InvalidArgument("--frames_per_second and --every_nth_frame exclude each other");
    }
    return {.frames_per_second =
                arguments.frames_per_second.value_or(FrameSampling().frames_per_second),
            .every_nth_frame = arguments.every_nth_frame};
}

void leave_out_excluded(const std::vector<std::string>& patterns, Inputs& inputs) {
    std::erase_if(inputs.instances, [&](const Instance& instance) {
        const bool excluded = is_excluded(instance.filepath, patterns);
        if (excluded) {
            inputs.not_taken.add("excluded file", "excluded files");
        }
        return excluded;
    });
}

void check_any(const Inputs& inputs) {
    if (!inputs.instances.empty()) {
        return;
    }
    std::string message = "there are no photos";
    for (const auto& folder : inputs.folders) {
        message += (&folder == inputs.folders.data() ? " in '" : ", '") +
                   (folder.empty() ? "." : folder) + '\'';
    }
    if (!inputs.not_taken.empty()) {
        message += "; skipped: " + inputs.not_taken.text();
    }
    for (const auto& folder : inputs.unreadable_folders) {
        message += "; cannot be read: " + folder;
    }
    throw InvalidArgument(message + ". Photos are *.jpg, *.jpeg, *.png, *.tif, *.tiff and *.webp" +
                          (can_decode(MediaType::heic) ? ", *.heic and *.avif" : "") +
                          " in folders" + (can_read_videos() ? ", videos with --videos" : "") +
                          ", and any file in a list");
}

}  // namespace

void add_input_flags(CLI::App& command, InputArguments& arguments) {
    const std::string inputs = "Photos (exactly one of these)";
    command.add_option("--filepaths", arguments.filepaths, "Photos, separated by commas or spaces")
        ->type_name("FILE,...")
        ->group(inputs);
    command
        .add_option("--filepaths_txt", arguments.filepaths_txt, "A file with one photo per line")
        ->type_name("FILE")
        ->group(inputs);
    command.add_option("--folders", arguments.folders, "Folders to search for photos, recursively")
        ->type_name("FOLDER,...")
        ->group(inputs);
    command.add_option("--folders_txt", arguments.folders_txt, "A file with one folder per line")
        ->type_name("FILE")
        ->group(inputs);
    command
        .add_option("--instances_json", arguments.instances_json,
                    "Photos with their places: {\"instances\": [{\"filepath\": ..., \"country\": "
                    "..., ...}]}")
        ->type_name("FILE")
        ->group(inputs);
    add_exclude_flag(command, arguments)->group(inputs);
    add_video_flags(command, arguments);
    add_place_flags(command, arguments);
}

CLI::Option* add_exclude_flag(CLI::App& command, InputArguments& arguments) {
    return command
        .add_option("--exclude", arguments.exclude,
                    "Files and folders to skip, as shell patterns: \"*_thumb.jpg\", \"Site3\", "
                    "\"Site3/2023*\"; may be repeated")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
}

void add_video_flags(CLI::App& command, InputArguments& arguments) {
    const std::string videos = "Videos";
    command
        .add_flag("--videos,!--novideos", arguments.videos,
                  "Also search folders for videos; videos in lists are always processed")
        ->group(videos);
    command
        .add_option("--frames_per_second", arguments.frames_per_second,
                    "Number of frames to process per second of a video; 1 unless given")
        ->type_name("RATE")
        ->check(CLI::Range(1e-4, 1e3))
        ->group(videos);
    command
        .add_option("--every_nth_frame", arguments.every_nth_frame,
                    "Process frames 0, N, 2N and so on of each video instead")
        ->type_name("N")
        ->check(at_least(1))
        ->group(videos);
}

void add_place_flags(CLI::App& command, InputArguments& arguments) {
    const std::string place = "Place (overrides that of all photos)";
    command
        .add_option("--country", arguments.country,
                    "ISO 3166-1 code or English name, for instance KEN, ke or Kenya")
        ->type_name("COUNTRY")
        ->group(place);
    command
        .add_option("--admin1_region", arguments.admin1_region,
                    "First-level region within the country, for instance CA")
        ->type_name("CODE")
        ->group(place);
    command
        .add_flag("--places_as_given,!--noplaces_as_given", arguments.places_as_given,
                  "Use countries and regions literally, as the reference does: unknown ones then "
                  "exclude most animals")
        ->group(place);
}

Location place_of(const InputArguments& arguments) {
    Location place;
    if (!arguments.country.empty()) {
        place.country = arguments.country;
        place =
            naming_flag("--country", [&] { return read_place(place, arguments.places_as_given); });
    }
    if (!arguments.admin1_region.empty()) {
        place.admin1_region = arguments.admin1_region;
        place = naming_flag("--admin1_region",
                            [&] { return read_place(place, arguments.places_as_given); });
    }
    return place;
}

Inputs collect_inputs(const InputArguments& arguments) {
    check_one_input(arguments);
    const auto place = place_of(arguments);
    const auto sampling = sampling_of(arguments);

    Inputs inputs;
    const auto scan = [&](const std::vector<std::string>& folders) {
        auto found =
            scan_folders(folders, arguments.exclude,
                         arguments.videos && can_read_videos() ? Videos::taken : Videos::left);
        inputs.instances = instances_of(std::move(found.files));
        inputs.folders = std::move(found.folders);
        inputs.unreadable_folders = std::move(found.unreadable);
        inputs.not_taken = std::move(found.not_taken);
    };
    if (!arguments.instances_json.empty()) {
        naming_flag("--instances_json", [&] {
            inputs.instances =
                instances_from_json(read_text_file(utf8_path(arguments.instances_json)));
        });
    } else if (!arguments.filepaths.empty()) {
        inputs.instances = instances_of(split_list(arguments.filepaths));
    } else if (!arguments.filepaths_txt.empty()) {
        naming_flag("--filepaths_txt", [&] {
            inputs.instances = instances_of(read_lines(utf8_path(arguments.filepaths_txt)));
        });
    } else if (!arguments.folders.empty()) {
        naming_flag(arguments.folders_flag, [&] { scan(split_list(arguments.folders)); });
    } else {
        naming_flag("--folders_txt", [&] { scan(read_lines(utf8_path(arguments.folders_txt))); });
    }
    if (inputs.folders.empty()) {
        leave_out_excluded(arguments.exclude, inputs);
    }
    check_any(inputs);
    inputs.instances = with_frames(std::move(inputs.instances), sampling);
    override_location(place, inputs.instances);
    naming_flag("--instances_json",
                [&] { read_places(inputs.instances, arguments.places_as_given); });
    return inputs;
}

}  // namespace speciesnet::cli
