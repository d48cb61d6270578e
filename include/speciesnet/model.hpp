// SPDX-License-Identifier: Apache-2.0
// Model packages: the folder with info.json, or the demonstration model inside the library.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/geofence.hpp"
#include "speciesnet/taxonomy.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Input of a classifier.
enum class ModelType : std::int32_t {
    always_crop = 1,  ///< Crops around detections.
    full_image = 2,   ///< The image without its top and bottom.
};

/// The content of info.json.
struct ModelInfo {
    std::string version;  ///< For instance "4.0.1a"; reported as model_version.
    ModelType type = ModelType::always_crop;
    std::string classifier;         ///< File name of the classifier.
    std::string classifier_labels;  ///< File name of the classifier's labels, one per line.
    std::string detector;           ///< File name of the detector, or a URL in published packages.
    std::string taxonomy;           ///< File name of the taxonomy.
    std::string geofence;           ///< File name of the geofence.
    bool demo = false;              ///< Set only by the demonstration model.
    std::string description;        ///< Readable description; may be empty.
};

/// The bytes of one file of a package, mapped or embedded, so weights are not copied.
class SPECIESNET_EXPORT PackageFile {
public:
    /// Returns the bytes, valid as long as any copy of this object lives.
    std::string_view content() const noexcept { return content_; }
    /// Returns the name for messages: the path, or "demo:NAME".
    const std::string& origin() const noexcept { return origin_; }

    /// @param content the bytes
    /// @param origin  name for messages
    /// @param owner   keeps `content` alive; may be null
    PackageFile(std::string_view content, std::string origin, std::shared_ptr<const void> owner);

private:
    std::string_view content_;
    std::string origin_;
    std::shared_ptr<const void> owner_;
};

/// A readable model package. Immutable, cheap to copy, thread-safe.
class SPECIESNET_EXPORT Package {
public:
    /// Opens a package and reads its info.json. Other files are opened by read().
    /// @param name a folder, or "demo" for the demonstration model inside this library; "./demo"
    ///             opens a folder of that name
    /// @throws IoError (not_found) if the folder does not exist, ModelError if its info.json is
    /// missing or invalid
    static Package open(const std::string& name);

    /// Returns a file of a package, or nothing if it does not exist.
    using Reader = std::function<std::optional<PackageFile>(const std::string& file)>;
    /// Opens a package whose files a program has in memory, or in its own archive.
    /// @param reader kept; never called concurrently; its files must stay valid as long as copies
    /// of them exist
    /// @param origin the package's name, for messages
    /// @throws ModelError if its info.json is missing or invalid; exceptions of the reader
    /// propagate
    static Package from(Reader reader, const std::string& origin);

    /// Returns the package with another detector, such as a release of MegaDetector. Its compiled
    /// networks are searched beside the file. info().detector is the file's name, and
    /// info().version identifies the combination: "4.0.1a+md_v1000.0.0-spruce".
    /// @param file read when a component is loaded
    /// @throws IoError (not_found) if the file does not exist; InvalidArgument if it has the name
    /// of another file of the package
    /// @since 0.1.0
    Package with_detector(const std::filesystem::path& file) const;

    const ModelInfo& info() const noexcept { return *info_; }

    /// Reads a file of the package.
    /// @param file a name from info(); paths that leave the folder are refused
    /// @throws ModelError (model_incomplete) naming the missing file; IoError
    PackageFile read(const std::string& file) const;
    /// Reads an optional file. @return nothing if it does not exist
    std::optional<PackageFile> find(const std::string& file) const;

    /// Reads the package's taxonomy or geofence; the network files may be absent.
    /// @throws as read(), ModelError (model_invalid)
    Taxonomy taxonomy() const;
    /// @copydoc taxonomy
    Geofence geofence() const;

private:
    class Source;
    class FolderSource;
    class DemoSource;
    class ReaderSource;
    class DetectorSource;
    static Package open(std::shared_ptr<const Source> source);
    Package(std::shared_ptr<const Source> source, std::shared_ptr<const ModelInfo> info);
    static PackageFile read(const Source& source, const std::string& file);
    std::shared_ptr<const Source> source_;
    std::shared_ptr<const ModelInfo> info_;
};

/// Name of the demonstration model inside the library.
inline constexpr std::string_view demo_model_name = "demo";

}  // namespace speciesnet
