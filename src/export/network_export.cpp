// SPDX-License-Identifier: Apache-2.0
#include "export/network_export.hpp"

#include "speciesnet/utf8_path.hpp"

#include "import/megadetector_info.hpp"
#include "import/published_network.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"
#include "torch_plugin/torch_plugin.hpp"

#include <chrono>
#include <utility>

namespace speciesnet {

ExportedNetwork write_torchscript_of(const PackageFile& network,
                                     const std::filesystem::path& output) {
    const auto start = std::chrono::steady_clock::now();
    if (is_torchscript(network)) {
        write_new_file(output, network.content());
    } else {
        ExtraFiles extra_files;
        if (auto info = read_megadetector_info(network)) {
            extra_files.emplace(megadetector_info_name, std::move(*info));
        }
        torch_plugin().write(read_published_network(network), extra_files, output, release_pages);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    return {.published = network.origin(),
            .exported = utf8_text(output.filename()),
            .published_bytes = network.content().size(),
            .exported_bytes = std::filesystem::file_size(output),
            .seconds = taken.count()};
}

ExportedNetwork export_network(const std::filesystem::path& published,
                               const std::filesystem::path& output) {
    auto file = map_file(published);
    PendingPath pending(output);
    auto report = write_torchscript_of({file.content, utf8_text(published), std::move(file.owner)},
                                       pending.path());
    pending.publish();
    return report;
}

}  // namespace speciesnet
