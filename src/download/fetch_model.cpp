// SPDX-License-Identifier: Apache-2.0
// Resolves a name to a folder: selects the version; unless it is cached, downloads, extracts,
// verifies and publishes it.
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"

#include "download/package_download.hpp"

#include <variant>

namespace speciesnet {
namespace {

namespace fs = std::filesystem;

class Fetch {
public:
    Fetch(const std::string& name, const FetchOptions& options)
        : name_(name), options_(options), download_(options) {}

    fs::path operator()(const KaggleModel& model) {
        if (!model.version) {
            if (const auto folder = any_version()) {
                return *folder;
            }
            auto newest = model;
            newest.version = download_.newest_version(model);
            return download_.kaggle(newest);
        }
        return download_.kaggle(model);
    }

    fs::path operator()(const HuggingFaceModel& model) {
        if (const auto folder = any_version()) {
            return *folder;
        }
        return download_.hugging_face(model);
    }

    fs::path operator()(const ArchiveUrl& archive) { return download_.archive_url(archive); }
    fs::path operator()(const ArchiveFile& archive) { return download_.archive_file(archive); }
    fs::path operator()(const ModelFolder& folder) {
        return download_.complete_folder(folder.path);
    }
    fs::path operator()(const DemoModel&) {
        throw InvalidArgument("the model 'demo' is part of the library and has no folder");
    }

private:
    /// Returns the cached package if a name without a version allows any version.
    std::optional<fs::path> any_version() const {
        if ((options_.newest || options_.force) && !download_.offline()) {
            return std::nullopt;
        }
        const auto cached = find_cached_model(name_, options_.cache);
        return cached ? std::optional(cached->folder) : std::nullopt;
    }

    const std::string& name_;
    const FetchOptions& options_;
    PackageDownload download_;
};

}  // namespace

fs::path fetch_model(const std::string& name, const FetchOptions& options) {
    return std::visit(Fetch(name, options), parse_model_name(name));
}

}  // namespace speciesnet
