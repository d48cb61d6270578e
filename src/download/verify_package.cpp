// SPDX-License-Identifier: Apache-2.0
// Compares each file of a package with its SHA256SUMS.
#include "speciesnet/compile.hpp"
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download/checksums.hpp"
#include "system/memory.hpp"

#include <map>

namespace speciesnet {

std::vector<VerifiedFile> verify_package(const std::filesystem::path& folder) {
    const auto file = folder / checksums_name;
    const auto content = map_file(file);
    const auto recorded = parse_checksums(content.content, utf8_text(file));
    std::map<std::string, std::string> actual;
    for (auto& found : compute_checksums(folder, {}).files) {
        actual.emplace(std::move(found.path), std::move(found.sha256));
    }
    std::vector<VerifiedFile> files;
    for (const auto& [path, sha256] : recorded.files) {
        const auto found = actual.extract(path);
        const auto condition = found.empty()              ? FileCondition::missing
                               : found.mapped() == sha256 ? FileCondition::intact
                                                          : FileCondition::changed;
        files.push_back({path, condition, sha256});
    }
    for (const auto& [path, sha256] : actual) {
        // Compiled on this machine, not downloaded.
        if (path.ends_with(compiled_extension)) {
            continue;
        }
        files.push_back({path, FileCondition::unrecorded, sha256});
    }
    return files;
}

}  // namespace speciesnet
