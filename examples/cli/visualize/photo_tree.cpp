// SPDX-License-Identifier: Apache-2.0
// Compares paths by component, as text: photos need not exist.
#include "photo_tree.hpp"

#include "speciesnet/utf8_path.hpp"

#include <algorithm>
#include <cctype>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

fs::path shared_part(const fs::path& a, const fs::path& b) {
    fs::path shared;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end() && *i == *j; ++i, ++j) {
        shared /= *i;
    }
    return shared;
}

bool is_jpeg_name(const fs::path& file) {
    auto extension = utf8_text(file.extension());
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".jpg" || extension == ".jpeg";
}

}  // namespace

PhotoTree::PhotoTree(const fs::path& base)
    : base_(base.empty() ? fs::current_path() : fs::absolute(base)) {}

// The interpretation of backslashes is known only after the last photo.
void PhotoTree::add(const std::string& filepath) {
    style_.add(filepath);
    const auto share = [&](std::optional<fs::path>& shared, const fs::path& path) {
        const auto folder = (base_ / path).lexically_normal().parent_path();
        shared = shared ? shared_part(*shared, folder) : folder;
    };
    share(shared_as_given_, utf8_path(filepath));
    share(shared_with_slashes_, utf8_path(cli::with_slashes(filepath)));
}

const fs::path& PhotoTree::shared_folder() const {
    return style_.is_windows() ? shared_with_slashes_.value() : shared_as_given_.value();
}

std::string PhotoTree::with_slashes(const std::string& filepath) const {
    return style_.with_slashes(filepath);
}

fs::path PhotoTree::photo(const std::string& filepath) const {
    return (base_ / utf8_path(with_slashes(filepath))).lexically_normal();
}

fs::path PhotoTree::relative(const std::string& filepath) const {
    return photo(filepath).lexically_relative(shared_folder());
}

fs::path PhotoTree::copy_name(const std::string& filepath) const {
    auto name = relative(filepath);
    if (!is_jpeg_name(name)) {
        name += ".jpg";
    }
    return name;
}

bool PhotoTree::is_copy_of_another(const fs::path& photo, const fs::path& folder) const {
    std::error_code problem;
    const auto inside = fs::weakly_canonical(photo.parent_path(), problem)
                            .lexically_relative(fs::weakly_canonical(folder, problem));
    if (problem || inside.empty() || *inside.begin() == "..") {
        return false;
    }
    auto original = shared_folder() / inside / photo.filename();
    if (fs::is_regular_file(original, problem)) {
        return true;
    }
    // Copies of other types have ".jpg" appended to their names.
    return fs::is_regular_file(original.replace_extension(), problem);
}

}  // namespace speciesnet::cli
