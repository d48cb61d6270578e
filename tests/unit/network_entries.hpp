// SPDX-License-Identifier: Apache-2.0
// Published networks with more entries than torch.save writes.
#pragma once

#include "import/zip_archive.hpp"
#include "unit/stored_zip.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet {

/// Returns a zip file with the entries of a network and additional ones.
inline std::string with_entries(std::string_view network, std::vector<StoredEntry> entries) {
    const ZipArchive archive(network);
    for (const auto& [name, stored] : archive.entries()) {
        entries.push_back({std::string(name), std::string(stored.content)});
    }
    return stored_zip(entries);
}

}  // namespace speciesnet
