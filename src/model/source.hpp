// SPDX-License-Identifier: Apache-2.0
// The sources of a package's files.
#pragma once

#include "speciesnet/model.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace speciesnet {

class Package::Source {
public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    /// @return nothing if the package lacks the file
    virtual std::optional<PackageFile> find(const std::string& file) const = 0;
    /// Returns the path, or "demo:NAME", for messages.
    virtual std::string origin(const std::string& file) const = 0;
};

/// A folder of the file system.
class Package::FolderSource final : public Package::Source {
public:
    /// @throws IoError (not_found) if there is no such folder
    explicit FolderSource(std::filesystem::path folder);
    std::optional<PackageFile> find(const std::string& file) const override;
    std::string origin(const std::string& file) const override;

private:
    std::filesystem::path folder_;
};

/// The demonstration model that this library contains.
class Package::DemoSource final : public Package::Source {
public:
    std::optional<PackageFile> find(const std::string& file) const override;
    std::string origin(const std::string& file) const override;
};

/// A package whose detector is another file.
class Package::DetectorSource final : public Package::Source {
public:
    /// @throws IoError (not_found)
    DetectorSource(std::shared_ptr<const Source> package, const std::filesystem::path& file);
    std::optional<PackageFile> find(const std::string& file) const override;
    std::string origin(const std::string& file) const override;

private:
    /// Returns whether `file` is the detector or a compiled form of it.
    bool is_of_detector(const std::string& file) const;

    std::shared_ptr<const Source> package_;
    FolderSource folder_;
    std::string name_;
};

/// Files that a caller's function returns.
class Package::ReaderSource final : public Package::Source {
public:
    ReaderSource(Reader reader, std::string origin)
        : reader_(std::move(reader)), origin_(std::move(origin)) {}
    std::optional<PackageFile> find(const std::string& file) const override;
    std::string origin(const std::string& file) const override { return origin_ + ":" + file; }

private:
    mutable std::mutex mutex_;  ///< Networks are loaded concurrently.
    Reader reader_;
    std::string origin_;
};

}  // namespace speciesnet
