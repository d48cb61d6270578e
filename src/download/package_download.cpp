// SPDX-License-Identifier: Apache-2.0
// Assembles a package in the cache's folder for downloads, and publishes it with one rename.
#include "download/package_download.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download/archive.hpp"
#include "download/checksums.hpp"
#include "download/digest.hpp"
#include "download/environment.hpp"
#include "download/hugging_face.hpp"
#include "download/kaggle.hpp"
#include "model/model_info.hpp"
#include "model/network_files.hpp"
#include "system/file_lock.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"
#include "text/url.hpp"

#include <system_error>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 1000;

std::string name_of(const KaggleModel& model) {
    return "kaggle:" + model.owner + "/" + model.model + "/" + model.framework + "/" +
           model.variation + "/" + std::to_string(model.version.value());
}

/// Returns the folder with info.json: archives hold a package's files, or one folder with them.
fs::path find_package(const fs::path& folder) {
    if (fs::exists(folder / "info.json")) {
        return folder;
    }
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(folder)) {
        entries.push_back(entry.path());
    }
    if (entries.size() == 1 && fs::exists(entries.front() / "info.json")) {
        return entries.front();
    }
    throw ModelError(ErrorCode::model_incomplete, "the downloaded package has no info.json");
}

void check_complete(const fs::path& folder) {
    const auto package = Package::open(utf8_text(folder / ""));
    const auto& info = package.info();
    for (const auto& file :
         {info.detector, info.classifier, info.classifier_labels, info.taxonomy, info.geofence}) {
        package.read(file);
    }
}

}  // namespace

PackageDownload::PackageDownload(const FetchOptions& options)
    : options_(options),
      offline_(options.offline || offline_by_environment()),
      cache_(options.cache) {
    if (options.retries < 0 || options.stall_timeout < std::chrono::seconds(1)) {
        throw InvalidArgument("retries must be 0 or more, stall_timeout 1 s or more");
    }
}

HttpClient& PackageDownload::client() {
    if (offline_) {
        throw IoError(ErrorCode::not_found,
                      "the model is not in the cache, and downloads are disabled (offline)");
    }
    if (!client_) {
        client_.emplace(HttpOptions{options_.stall_timeout, options_.retries, options_.stop});
    }
    return *client_;
}

std::uint32_t PackageDownload::newest_version(const KaggleModel& model) {
    return speciesnet::newest_version(client(), kaggle_hub(), model);
}

fs::path PackageDownload::kaggle(const KaggleModel& model) {
    return download_archive(cache_key(model), name_of(model), kaggle_archive(kaggle_hub(), model));
}

fs::path PackageDownload::archive_url(const ArchiveUrl& archive) {
    return download_archive(cache_key(archive), shown_url(archive.url),
                            {archive.url, {}, std::nullopt, std::nullopt});
}

fs::path PackageDownload::download_archive(const std::string& key, const std::string& name,
                                           const RemoteFile& archive) {
    const auto fill = [&](const fs::path& downloads) {
        const auto file = downloads / "archive";
        download(archive, name, file);
        return extract(file, downloads);
    };
    return publish({key, name, is_https(archive.url), fill});
}

fs::path PackageDownload::archive_file(const ArchiveFile& archive) {
    const auto sha256 = digest_of_file(archive.path, DigestAlgorithm::sha256);
    const auto file_name = utf8_text(archive.path.filename());
    const auto fill = [&](const fs::path& downloads) { return extract(archive.path, downloads); };
    return publish(
        {cache_key(archive, sha256), is_safe_path(file_name) ? file_name : sha256, false, fill});
}

fs::path PackageDownload::extract(const fs::path& archive, const fs::path& downloads) const {
    auto folder = downloads / "extracted";
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    const auto content = map_file(archive);
    try {
        extract_archive(content.content, utf8_text(archive), folder,
                        {options_.max_bytes, most_files}, options_.stop);
    } catch (...) {
        // Also frees the disk when it is full.
        fs::remove_all(folder, ignored);
        throw;
    }
    return folder;
}

fs::path PackageDownload::hugging_face(const HuggingFaceModel& model) {
    const auto hub = hugging_face_hub();
    const auto commit = newest_commit(client(), hub, model);
    const auto fill = [&](const fs::path& downloads) {
        auto folder = downloads / utf8_path(commit);
        auto bytes_left = options_.max_bytes;
        for (const auto& file : repository_files(client(), hub, model, commit, most_files)) {
            const auto size = file.remote.size.value_or(0);
            if (size > bytes_left) {
                throw ModelError(ErrorCode::model_invalid,
                                 "hf:" + model.owner + "/" + model.repository + " is larger than " +
                                     std::to_string(options_.max_bytes) + " bytes, the limit");
            }
            bytes_left -= size;
            const auto target = folder / utf8_path(file.path);
            fs::create_directories(target.parent_path());
            download(file.remote, file.path, target);
        }
        return folder;
    };
    return publish({cache_key(model, commit), "hf:" + model.owner + "/" + model.repository,
                    is_https(hub.endpoint), fill});
}

fs::path PackageDownload::complete_folder(const fs::path& folder) {
    if (!fs::is_directory(folder)) {
        throw IoError(ErrorCode::not_found,
                      "the model folder does not exist: '" + utf8_text(folder) + "'");
    }
    // Opening the package reports whether it is valid.
    if (options_.networks && fs::exists(folder / "info.json")) {
        add_detector(folder, false);
    }
    return folder;
}

fs::path PackageDownload::publish(const Incoming& incoming) {
    const auto is_there = [&] { return !options_.force && cache_.at(incoming.key).has_value(); };
    auto folder = cache_.package_folder(incoming.key);
    if (is_there()) {
        return folder;
    }
    const FileLock lock(cache_.lock_file(incoming.key), wait_for(incoming.name));
    if (is_there()) {
        return folder;
    }
    try {
        make_package(incoming, folder);
    } catch (const ModelError&) {
        // The data is complete but invalid, so the next call must not continue it.
        cache_.remove_downloads(incoming.key);
        throw;
    }
    cache_.remove_downloads(incoming.key);
    return folder;
}

void PackageDownload::make_package(const Incoming& incoming, const fs::path& folder) {
    const auto downloads = cache_.download_folder(incoming.key);
    // All slow work precedes the move, so that an interrupted call does not lose it.
    const auto package = find_package(incoming.fill(downloads));
    add_detector(package, incoming.only_https);
    check_complete(package);
    PendingPath::remove_leftovers(folder);
    PendingPath pending(folder);
    move_path(package, pending.path());
    write_new_file(pending.path() / checksums_name,
                   format_checksums(compute_checksums(pending.path(), incoming.name)));
    cache_.remove_package(incoming.key);
    pending.publish();
}

void PackageDownload::add_detector(const fs::path& package, bool only_https) {
    const auto info = package / "info.json";
    const auto content = map_file(info);
    const auto url = detector_url(content.content, utf8_text(info));
    if (!url) {
        return;
    }
    const auto name = local_file_name(*url);
    if (!is_safe_path(name)) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + utf8_text(info) + "': the detector's URL yields no safe file name");
    }
    if (has_network(package, name)) {
        return;
    }
    if (only_https && !is_https(*url)) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + utf8_text(info) +
                             "' was downloaded over https, but gives an http URL for its detector");
    }
    const auto key = "detector+" + digest_of(*url, DigestAlgorithm::sha256);
    const FileLock lock(cache_.lock_file(key), wait_for(name));
    if (fs::exists(package / utf8_path(name))) {
        return;
    }
    const auto downloads = cache_.download_folder(key);
    download({*url, {}, std::nullopt, std::nullopt}, name, downloads / "detector");
    PendingPath pending(package / utf8_path(name));
    std::error_code error;
    fs::copy_file(downloads / "detector", pending.path(), error);
    if (error) {
        throw IoError(ErrorCode::io,
                      "cannot write '" + utf8_text(pending.path()) + "': " + error.message());
    }
    pending.publish();
    cache_.remove_downloads(key);
}

LockWait PackageDownload::wait_for(const std::string& label) const {
    LockWait wait{.stop = options_.stop};
    if (options_.progress) {
        wait.waiting = [this, label] { options_.progress({.file = label, .waiting = true}); };
    }
    return wait;
}

void PackageDownload::download(const RemoteFile& file, const std::string& label,
                               const fs::path& destination) {
    ByteProgress progress;
    if (options_.progress) {
        progress = [&](std::uint64_t bytes, std::optional<std::uint64_t> total) {
            options_.progress({label, bytes, total});
        };
    }
    download_file(client(), file, destination, options_.max_bytes, progress);
}

}  // namespace speciesnet
