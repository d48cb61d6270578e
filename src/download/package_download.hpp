// SPDX-License-Identifier: Apache-2.0
// Downloads a package into the cache, or completes a folder.
#pragma once

#include "speciesnet/download.hpp"

#include "download/download_file.hpp"
#include "download/http_client.hpp"
#include "download/model_cache.hpp"
#include "download/model_name.hpp"
#include "system/file_lock.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace speciesnet {

/// Functions that return a folder return that of a complete package. Errors: as fetch_model().
class PackageDownload {
public:
    explicit PackageDownload(const FetchOptions& options);

    bool offline() const noexcept { return offline_; }

    std::uint32_t newest_version(const KaggleModel& model);

    std::filesystem::path kaggle(const KaggleModel& model);  ///< With a version.
    std::filesystem::path hugging_face(const HuggingFaceModel& model);
    std::filesystem::path archive_url(const ArchiveUrl& archive);
    std::filesystem::path archive_file(const ArchiveFile& archive);
    /// Downloads the files that info.json names by URL and the folder lacks.
    std::filesystem::path complete_folder(const std::filesystem::path& folder);

private:
    /// Puts the files of a package into a folder for downloads, which may hold data of an
    /// interrupted call. @return the folder that contains the files, or contains their folder
    using Fill = std::function<std::filesystem::path(const std::filesystem::path& downloads)>;

    /// A package that is being downloaded.
    struct Incoming {
        std::string key;
        std::string name;  ///< The name to record.
        bool only_https;   ///< Whether plain http is forbidden.
        Fill fill;
    };

    std::filesystem::path publish(const Incoming& incoming);
    void make_package(const Incoming& incoming, const std::filesystem::path& folder);
    std::filesystem::path download_archive(const std::string& key, const std::string& name,
                                           const RemoteFile& archive);
    std::filesystem::path extract(const std::filesystem::path& archive,
                                  const std::filesystem::path& downloads) const;
    void add_detector(const std::filesystem::path& package, bool only_https);
    /// Returns how to wait for the lock of a package that another process may be downloading.
    LockWait wait_for(const std::string& label) const;
    void download(const RemoteFile& file, const std::string& label,
                  const std::filesystem::path& destination);
    /// @throws IoError (not_found) if offline
    HttpClient& client();

    const FetchOptions& options_;
    bool offline_;
    ModelCache cache_;
    std::optional<HttpClient> client_;
};

}  // namespace speciesnet
