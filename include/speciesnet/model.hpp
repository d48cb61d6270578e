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

/// How a classifier wants to see the picture.
enum class ModelType : std::int32_t {
    always_crop = 1,  ///< Crops around detections.
    full_image = 2,   ///< The whole picture without its top and bottom.
};

/// The content of info.json.
struct ModelInfo {
    std::string version;  ///< For instance "4.0.1a"; reported as model_version.
    ModelType type = ModelType::always_crop;
    std::string classifier;         ///< File name of the TorchScript classifier.
    std::string classifier_labels;  ///< File name of the classifier's labels, one per line.
    std::string detector;  ///< File name of the TorchScript detector (a URL in published packages).
    std::string taxonomy;  ///< File name of the taxonomy.
    std::string geofence;  ///< File name of the geofence.
    bool demo = false;     ///< Set only by the demonstration model.
    std::string description;  ///< In words; may be empty.
};

/// The bytes of one file of a package, mapped or embedded: no copy is made of large weights.
class SPECIESNET_EXPORT PackageFile {
public:
    /// Valid as long as any copy of this object lives.
    std::string_view content() const noexcept { return content_; }
    /// For messages: the path, or "demo:NAME".
    const std::string& origin() const noexcept { return origin_; }

    /// @param content the bytes
    /// @param origin  for messages
    /// @param owner   keeps `content` alive; null if nothing has to
    PackageFile(std::string_view content, std::string origin, std::shared_ptr<const void> owner);

private:
    std::string_view content_;
    std::string origin_;
    std::shared_ptr<const void> owner_;
};

/// A readable model package. Immutable, cheap to copy, thread-safe.
class SPECIESNET_EXPORT Package {
public:
    /// Opens a package and reads its info.json; other files are looked at when they are read.
    /// @param name a folder, or "demo" for the demonstration model that is part of this library. A
    /// folder called demo is
    ///             opened with "./demo". The demonstration model is never used unless it is asked
    ///             for.
    /// @throws IoError (not_found) if there is no such folder, ModelError if its info.json is
    /// missing or wrong
    static Package open(const std::string& name);

    /// Gives a file of a package; nothing if there is none of that name.
    using Reader = std::function<std::optional<PackageFile>(const std::string& file)>;
    /// Opens a package that is no folder: files that a program has in memory, or in an archive of
    /// its own.
    /// @param reader kept; never called by two threads at a time; its files may be looked at as
    /// long as there are copies of them
    /// @param origin the package's name, for messages
    /// @throws ModelError if its info.json is missing or wrong, and what the reader throws
    static Package from(Reader reader, const std::string& origin);

    /// The same package with another detector, such as a release of MegaDetector. Compiled forms
    /// are looked for beside the file. info().detector is the file's name, and info().version tells
    /// the answers apart: "4.0.1a+md_v1000.0.0-spruce".
    /// @param file read when a component is loaded
    /// @throws IoError (not_found) if there is no such file; InvalidArgument if it has the name of
    /// another file of the package
    /// @since 0.1.0
    Package with_detector(const std::filesystem::path& file) const;

    const ModelInfo& info() const noexcept { return *info_; }

    /// Reads a file of the package.
    /// @param file a name from info(); paths that leave the folder are refused
    /// @throws ModelError (model_incomplete) naming the file that is missing; IoError
    PackageFile read(const std::string& file) const;
    /// The same for a file that need not be there. @return nothing if it is not
    std::optional<PackageFile> find(const std::string& file) const;

    /// The package's taxonomy and geofence; neither needs the network files. @throws as read(),
    /// ModelError (model_invalid)
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

/// The name of the model that is part of the library.
inline constexpr std::string_view demo_model_name = "demo";

}  // namespace speciesnet
