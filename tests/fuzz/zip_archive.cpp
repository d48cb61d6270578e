// SPDX-License-Identifier: Apache-2.0
// Fuzzes ZipArchive and read_detector_info(). Input: a zip file. Checks that names and contents of
// entries lie within the file, and that the information appended by MegaDetector is read or
// refused.
#include "import/zip_archive.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"
#include "import/megadetector_info.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    const auto bytes = fuzz::text(data, size);
    try {
        const ZipArchive archive(bytes);
        for (const auto& [name, entry] : archive.entries()) {
            fuzz::require(fuzz::is_within(name, bytes), "a name lies within the file");
            fuzz::require(fuzz::is_within(entry.content, bytes), "an entry lies within the file");
            try {
                fuzz::require(archive.read(name) == entry.content, "read() returns the content");
            } catch (const ModelError&) {
                // The checksum is wrong.
                continue;
            }
        }
        (void)read_detector_info({bytes, "network.pt", nullptr});
    } catch (const ModelError&) {
        return 0;
    }
    return 0;
}
