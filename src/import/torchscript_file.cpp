// SPDX-License-Identifier: Apache-2.0
// Distinguishes TorchScript from the pickle of a module.
#include "import/invalid_model.hpp"
#include "import/published_network.hpp"
#include "import/zip_archive.hpp"

#include <algorithm>

namespace speciesnet {

bool is_torchscript(const PackageFile& file) {
    if (!ZipArchive::has_signature(file.content())) {
        return false;
    }
    return naming_file(file, [&] {
        const ZipArchive archive(file.content());
        return std::ranges::any_of(archive.entries(), [](const auto& entry) {
            return entry.first.ends_with("/constants.pkl");
        });
    });
}

}  // namespace speciesnet
