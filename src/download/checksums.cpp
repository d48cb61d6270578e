// SPDX-License-Identifier: Apache-2.0
// Writes the model's name in the first line, a comment that sha256sum skips.
#include "download/checksums.hpp"

#include "speciesnet/error.hpp"

#include "download/archive.hpp"
#include "download/digest.hpp"

#include <algorithm>

namespace speciesnet {
namespace {

constexpr std::string_view comment = "# ";
constexpr std::string_view separator = "  ";
constexpr std::size_t digest_length = 64;

RecordedFile parse_line(std::string_view line, std::string_view origin) {
    const auto digest = line.substr(0, digest_length);
    const auto rest = line.substr(digest.size());
    if (digest.size() != digest_length ||
        digest.find_first_not_of("0123456789abcdef") != std::string_view::npos ||
        !rest.starts_with(separator) || !is_safe_path(rest.substr(separator.size()))) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + std::string(origin) + "' is not a list of checksums");
    }
    return {std::string(rest.substr(separator.size())), std::string(digest)};
}

}  // namespace

Checksums compute_checksums(const std::filesystem::path& folder, const std::string& model) {
    Checksums checksums{model, {}};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const auto relative = entry.path().lexically_relative(folder).generic_u8string();
        const std::string path(relative.begin(), relative.end());
        if (entry.is_regular_file() && path != checksums_name) {
            checksums.files.push_back(
                {path, digest_of_file(entry.path(), DigestAlgorithm::sha256)});
        }
    }
    std::sort(checksums.files.begin(), checksums.files.end(),
              [](const auto& left, const auto& right) { return left.path < right.path; });
    return checksums;
}

std::string format_checksums(const Checksums& checksums) {
    std::string text = std::string(comment) + checksums.model + "\n";
    for (const auto& file : checksums.files) {
        text += file.sha256 + std::string(separator) + file.path + "\n";
    }
    return text;
}

Checksums parse_checksums(std::string_view text, std::string_view origin) {
    Checksums checksums;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        if (line.starts_with(comment)) {
            checksums.model = line.substr(comment.size());
        } else {
            checksums.files.push_back(parse_line(line, origin));
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return checksums;
}

}  // namespace speciesnet
