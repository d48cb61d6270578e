// Paths are compared part by part, as text: photos need not exist.
#include "photo_tree.hpp"

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
    auto extension = file.extension().native();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".jpg" || extension == ".jpeg";
}

}  // namespace

PhotoTree::PhotoTree(const fs::path& base)
    : base_(base.empty() ? fs::current_path() : fs::absolute(base)) {}

void PhotoTree::add(const std::string& filepath) {
    const auto folder = photo(filepath).parent_path();
    shared_folder_ = shared_folder_ ? shared_part(*shared_folder_, folder) : folder;
}

fs::path PhotoTree::photo(const std::string& filepath) const {
    return (base_ / filepath).lexically_normal();
}

fs::path PhotoTree::copy_name(const std::string& filepath) const {
    auto name = photo(filepath).lexically_relative(shared_folder_.value());
    if (!is_jpeg_name(name)) {
        name += ".jpg";
    }
    return name;
}

}  // namespace speciesnet::cli
