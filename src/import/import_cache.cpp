// Imported copies of packages, one for each published folder, beside a note of what it was made
// from.
#include "speciesnet/error.hpp"
#include "speciesnet/import.hpp"

#include "import/network_import.hpp"
#include "import/package_import.hpp"
#include "system/environment.hpp"
#include "system/file_lock.hpp"
#include "system/mapped_file.hpp"
#include "system/new_file.hpp"
#include "system/pending_path.hpp"
#include "system/remove_folder.hpp"

#include <cstdint>
#include <string>
#include <system_error>

namespace speciesnet {
namespace {

constexpr const char* source_name = "imported_from.txt";
/// Changes when this library imports the same files in another way, so that older copies are made
/// anew.
constexpr int import_version = 1;

/// The package's files with their sizes and times.
std::string describe(const std::filesystem::path& package, const ModelInfo& info) {
    std::string text = "import " + std::to_string(import_version) + "\n" + package.string() + "\n";
    for (const auto& name : {std::string("info.json"), info.detector, info.classifier,
                             info.classifier_labels, info.taxonomy, info.geofence}) {
        const auto file = package / name;
        std::error_code error;
        const auto size = std::filesystem::file_size(file, error);
        const auto time = std::filesystem::last_write_time(file, error);
        if (error) {
            throw ModelError(ErrorCode::model_incomplete,
                             "the model package has no '" + file.string() + "'");
        }
        text += name + " " + std::to_string(size) + " " +
                std::to_string(time.time_since_epoch().count()) + "\n";
    }
    return text;
}

/// FNV-1a, 64 bits. Two folders that share a hash would replace each other's copy, not be taken for
/// each other.
std::string hash_of(const std::string& text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char letter : text) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
    }
    constexpr const char* digits = "0123456789abcdef";
    std::string name;
    for (int shift = 60; shift >= 0; shift -= 4) {
        name += digits[(hash >> static_cast<unsigned>(shift)) & 0xfU];
    }
    return name;
}

/// @param folder canonical
std::filesystem::path copy_of(const std::filesystem::path& folder,
                              const std::filesystem::path& cache) {
    return cache / "imported" / (folder.filename().string() + "-" + hash_of(folder.string()));
}

bool is_made_from(const std::filesystem::path& copy, const std::string& description) {
    try {
        return map_file(copy / source_name).content == description;
    } catch (const IoError&) {
        return false;
    }
}

bool is_pickled(const Package& package, const std::string& name) {
    return !is_torchscript(package.read(name).content());
}

bool needs_import(const Package& package) {
    return is_pickled(package, package.info().detector) ||
           is_pickled(package, package.info().classifier);
}

}  // namespace

bool needs_import(const std::filesystem::path& package) {
    return needs_import(open_folder(package));
}

std::filesystem::path imported_folder_for(const std::filesystem::path& package,
                                          const std::filesystem::path& cache,
                                          const ImportOptions& options) {
    const Package published = open_folder(package);
    if (!needs_import(published)) {
        return package;
    }
    const auto folder = std::filesystem::canonical(package);
    auto copy = copy_of(folder, cache);
    const auto description = describe(folder, published.info());
    if (is_made_from(copy, description)) {
        return copy;
    }
    std::error_code error;
    std::filesystem::create_directories(copy.parent_path(), error);
    if (error) {
        throw IoError(ErrorCode::io,
                      "cannot make '" + copy.parent_path().string() + "': " + error.message());
    }
    const FileLock lock(copy.string() + ".lock", {options.waiting, options.stop});
    if (is_made_from(copy, description)) {
        return copy;
    }
    PendingPath::remove_leftovers(copy);
    remove_folder(copy);
    PendingPath pending(copy);
    write_package(published, pending.path(), options);
    write_new_file(pending.path() / source_name, description);
    pending.publish();
    return copy;
}

std::filesystem::path imported_folder_for(const std::filesystem::path& package) {
    return imported_folder_for(package, default_cache_folder());
}

void remove_imported_copy(const std::filesystem::path& package,
                          const std::filesystem::path& cache) {
    const auto copy = copy_of(std::filesystem::canonical(package), cache);
    std::error_code error;
    if (!std::filesystem::exists(copy, error)) {
        return;
    }
    const FileLock lock(copy.string() + ".lock");
    remove_folder(copy);
}

std::filesystem::path default_cache_folder() {
    if (const auto own = environment_variable("SPECIESNET_CACHE"); !own.empty()) {
        return own;
    }
    // The XDG base directory specification ignores relative paths.
    if (const std::filesystem::path base = environment_variable("XDG_CACHE_HOME");
        base.is_absolute()) {
        return base / "speciesnet";
    }
    if (const auto home = environment_variable("HOME"); !home.empty()) {
        return std::filesystem::path(home) / ".cache" / "speciesnet";
    }
    throw IoError(ErrorCode::not_found,
                  "there is no place for a cache: set SPECIESNET_CACHE to a folder");
}

}  // namespace speciesnet
