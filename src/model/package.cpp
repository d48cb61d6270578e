// SPDX-License-Identifier: Apache-2.0
// Opens a package and reads its small files.
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "model/model_info.hpp"
#include "model/network_files.hpp"
#include "model/source.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace speciesnet {

PackageFile::PackageFile(std::string_view content, std::string origin,
                         std::shared_ptr<const void> owner)
    : content_(content), origin_(std::move(origin)), owner_(std::move(owner)) {}

Package::Package(std::shared_ptr<const Source> source, std::shared_ptr<const ModelInfo> info)
    : source_(std::move(source)), info_(std::move(info)) {}

std::optional<PackageFile> Package::ReaderSource::find(const std::string& file) const {
    const std::lock_guard lock(mutex_);
    return reader_(file);
}

Package Package::open(const std::string& name) {
    if (name == demo_model_name) {
        return open(std::make_shared<DemoSource>());
    }
    return open(std::make_shared<FolderSource>(utf8_path(name)));
}

Package Package::from(Reader reader, const std::string& origin) {
    return open(std::make_shared<ReaderSource>(std::move(reader), origin));
}

Package::DetectorSource::DetectorSource(std::shared_ptr<const Source> package,
                                        const std::filesystem::path& file)
    : package_(std::move(package)),
      folder_(std::filesystem::absolute(file).parent_path()),
      name_(utf8_text(file.filename())) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
        throw IoError(ErrorCode::not_found,
                      "the detector does not exist: '" + utf8_text(file) + "'");
    }
}

bool Package::DetectorSource::is_of_detector(const std::string& file) const {
    return file == name_ || is_compiled_of(file, name_);
}

std::optional<PackageFile> Package::DetectorSource::find(const std::string& file) const {
    return is_of_detector(file) ? folder_.find(file) : package_->find(file);
}

std::string Package::DetectorSource::origin(const std::string& file) const {
    return is_of_detector(file) ? folder_.origin(file) : package_->origin(file);
}

Package Package::with_detector(const std::filesystem::path& file) const {
    auto source = std::make_shared<const DetectorSource>(source_, file);
    auto info = std::make_shared<ModelInfo>(*info_);
    info->detector = utf8_text(file.filename());
    for (const auto& other :
         {info->classifier, info->classifier_labels, info->taxonomy, info->geofence}) {
        if (other == info->detector) {
            throw InvalidArgument("the detector '" + utf8_text(file) +
                                  "' has the name of another file of the model; rename it");
        }
    }
    info->version += '+' + utf8_text(file.stem());
    return {std::move(source), std::move(info)};
}

Package Package::open(std::shared_ptr<const Source> source) {
    const auto file = read(*source, "info.json");
    auto info = std::make_shared<ModelInfo>(parse_model_info(file.content(), file.origin()));
    return {std::move(source), std::move(info)};
}

PackageFile Package::read(const Source& source, const std::string& file) {
    if (auto found = source.find(file)) {
        return std::move(*found);
    }
    throw ModelError(ErrorCode::model_incomplete,
                     "the model package has no '" + source.origin(file) + "'");
}

PackageFile Package::read(const std::string& file) const {
    return read(*source_, file);
}

std::optional<PackageFile> Package::find(const std::string& file) const {
    return source_->find(file);
}

Taxonomy Package::taxonomy() const {
    const auto file = read(info_->taxonomy);
    return Taxonomy::parse(file.content(), file.origin());
}

Geofence Package::geofence() const {
    const auto file = read(info_->geofence);
    return Geofence::parse(file.content(), file.origin());
}

}  // namespace speciesnet
