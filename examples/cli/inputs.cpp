// Flags to instances, as the reference's prepare_instances_dict() does it.
#include "inputs.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include "folder_scan.hpp"
#include "naming_flag.hpp"
#include "text_file.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace speciesnet::cli {
namespace {

/// Splits values of a list flag at commas; a value in double quotes keeps its commas, as in the
/// reference's flag library.
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

void override_location(const InputArguments& arguments, std::vector<Instance>& instances) {
    // As in the reference, a region means nothing without its country.
    if (arguments.country.empty()) {
        return;
    }
    for (auto& instance : instances) {
        instance.location.country = arguments.country;
        if (!arguments.admin1_region.empty()) {
            instance.location.admin1_region = arguments.admin1_region;
        }
    }
}

}  // namespace

void add_input_flags(CLI::App& command, InputArguments& arguments) {
    const std::string inputs = "Photos (exactly one of these)";
    command.add_option("--filepaths", arguments.filepaths, "Photos, separated by commas or blanks")
        ->type_name("FILE,...")
        ->group(inputs);
    command
        .add_option("--filepaths_txt", arguments.filepaths_txt, "A file with one photo per line")
        ->type_name("FILE")
        ->group(inputs);
    command
        .add_option("--folders", arguments.folders,
                    "Folders to search for photos, with the folders below them")
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
    const std::string place = "Place (overrides that of all photos)";
    command.add_option("--country", arguments.country, "ISO 3166-1 alpha-3 code, for instance KEN")
        ->type_name("CODE")
        ->group(place);
    command
        .add_option("--admin1_region", arguments.admin1_region,
                    "First-level region within the country, for instance CA")
        ->type_name("CODE")
        ->group(place);
}

Inputs collect_inputs(const InputArguments& arguments) {
    check_one_input(arguments);
    if (!arguments.country.empty()) {
        naming_flag("--country",
                    [&] { check_location({.country = arguments.country, .admin1_region = {}}); });
    }
    if (!arguments.admin1_region.empty()) {
        naming_flag("--admin1_region", [&] {
            check_location({.country = {}, .admin1_region = arguments.admin1_region});
        });
    }

    Inputs inputs;
    const auto scan = [&](const std::vector<std::string>& folders) {
        auto found = scan_folders(folders);
        inputs.instances = instances_of(std::move(found.files));
        inputs.unreadable_folders = std::move(found.unreadable);
    };
    if (!arguments.instances_json.empty()) {
        naming_flag("--instances_json", [&] {
            inputs.instances = instances_from_json(read_text_file(arguments.instances_json));
        });
    } else if (!arguments.filepaths.empty()) {
        inputs.instances = instances_of(split_list(arguments.filepaths));
    } else if (!arguments.filepaths_txt.empty()) {
        naming_flag("--filepaths_txt",
                    [&] { inputs.instances = instances_of(read_lines(arguments.filepaths_txt)); });
    } else if (!arguments.folders.empty()) {
        naming_flag("--folders", [&] { scan(split_list(arguments.folders)); });
    } else {
        naming_flag("--folders_txt", [&] { scan(read_lines(arguments.folders_txt)); });
    }
    override_location(arguments, inputs.instances);
    return inputs;
}

}  // namespace speciesnet::cli
