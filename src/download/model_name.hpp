// SPDX-License-Identifier: Apache-2.0
// Parses model names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace speciesnet {

/// "kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION]"
struct KaggleModel {
    std::string owner;
    std::string model;
    std::string framework;
    std::string variation;
    std::optional<std::uint32_t> version;
};

/// "hf:OWNER/REPOSITORY"
struct HuggingFaceModel {
    std::string owner;
    std::string repository;
};

/// The URL of a package archive.
struct ArchiveUrl {
    std::string url;
};

/// The file of a package archive.
struct ArchiveFile {
    std::filesystem::path path;
};

/// The folder of a package, which may not exist.
struct ModelFolder {
    std::filesystem::path path;
};

/// The demonstration model in the library.
struct DemoModel {};

using ModelName =
    std::variant<KaggleModel, HuggingFaceModel, ArchiveUrl, ArchiveFile, ModelFolder, DemoModel>;

/// @throws InvalidArgument if a hub's name does not have the form above; each part consists of 1 to
/// 96 letters, digits, '.', '-', '_'
ModelName parse_model_name(const std::string& name);

}  // namespace speciesnet
