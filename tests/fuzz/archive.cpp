// SPDX-License-Identifier: Apache-2.0
// Fuzzes extract_archive(). Input: a package archive. Checks that it creates only regular files and
// folders, with safe paths, inside the target folder and within the limits of bytes and entries.
#include "download/archive.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <system_error>

namespace {

namespace fs = std::filesystem;

constexpr speciesnet::ArchiveLimits limits{.max_bytes = 1U << 20U, .max_entries = 50};

void check_files(const fs::path& inside) {
    std::uint64_t bytes = 0;
    std::size_t files = 0;
    std::error_code missing_folder;
    for (const auto& entry : fs::recursive_directory_iterator(inside, missing_folder)) {
        const auto status = entry.symlink_status();
        speciesnet::fuzz::require(fs::is_regular_file(status) || fs::is_directory(status),
                                  "only regular files and folders are created");
        const auto path = entry.path().lexically_relative(inside).generic_string();
        speciesnet::fuzz::require(speciesnet::is_safe_path(path), "paths are safe");
        if (fs::is_regular_file(status)) {
            speciesnet::fuzz::require(entry.hard_link_count() == 1,
                                      "no file has another hard link");
            bytes += entry.file_size();
            ++files;
        }
    }
    speciesnet::fuzz::require(bytes <= limits.max_bytes, "the files are within the limit of bytes");
    speciesnet::fuzz::require(files <= limits.max_entries, "there are no more files than allowed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const speciesnet::TemporaryFolder place;
    const auto inside = fs::path(place.path()) / "inside";
    try {
        speciesnet::extract_archive(speciesnet::fuzz::text(data, size), "archive", inside, limits,
                                    {});
    } catch (const speciesnet::ModelError&) {
        // Files extracted before the error remain, and are checked too.
    }
    check_files(inside);
    for (const auto& entry : fs::directory_iterator(place.path())) {
        speciesnet::fuzz::require(entry.path() == inside, "nothing is written outside the folder");
    }
    return 0;
}
