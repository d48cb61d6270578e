// SPDX-License-Identifier: Apache-2.0
// Does not access files: the paths may be those of another machine.
#include "relative_paths.hpp"

#include "drawing/utf8.hpp"
#include "files/text_file.hpp"

namespace speciesnet::cli {

RelativePaths::RelativePaths(const Results& results,
                             const std::optional<std::string>& base_folder) {
    results.for_each([this](const Prediction& prediction) { style_.add(prediction.filepath); });
    if (!base_folder) {
        find_base_folder(results);
        return;
    }
    paths_stay_ = base_folder->empty();
    base_folder_ = style_.with_slashes(*base_folder);
    if (!base_folder_.empty() && !base_folder_.ends_with('/')) {
        base_folder_ += '/';
    }
}

void RelativePaths::find_base_folder(const Results& results) {
    std::optional<std::string> common;
    std::optional<std::string> searched;
    const auto share = [](std::optional<std::string>& shared, std::string_view folder) {
        shared = std::string(shared ? shared_folder(*shared, folder) : folder);
    };
    results.for_each([&](const Prediction& prediction) {
        const auto path = style_.with_slashes(prediction.filepath);
        share(common, folder_part(path));
    });
    // The settings of a run are known only after its document has been read.
    if (const auto& run = results.run()) {
        for (const auto& folder : run->folders) {
            share(searched, folder.empty() || folder.ends_with('/') ? folder : folder + '/');
        }
    }
    const bool holds_all = searched && common.value_or("").starts_with(*searched);
    base_folder_ = holds_all ? *searched : common.value_or("");
}

bool RelativePaths::lies_in_base_folder(std::string_view path) const {
    const auto beginning = path.substr(0, base_folder_.size());
    return style_.is_windows() ? lower_case(beginning) == lower_case(base_folder_)
                               : beginning == base_folder_;
}

std::string RelativePaths::relative(std::string_view filepath) const {
    if (paths_stay_) {
        return valid_utf8(filepath);
    }
    auto path = style_.with_slashes(filepath);
    if (lies_in_base_folder(path)) {
        path.erase(0, base_folder_.size());
    }
    return valid_utf8(path);
}

std::string RelativePaths::camera_folder_of(std::string_view filepath) const {
    const auto path = paths_stay_ ? valid_utf8(style_.with_slashes(filepath)) : relative(filepath);
    return std::string(camera_folder(folder_part(path)));
}

}  // namespace speciesnet::cli
