// SPDX-License-Identifier: Apache-2.0
// The new info.json differs from the published one only in the names of the networks.
#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/torchscript_export.hpp"
#include "speciesnet/utf8_path.hpp"

#include "export/network_export.hpp"
#include "system/files.hpp"

#include <chrono>
#include <set>
#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

namespace speciesnet {
namespace {

constexpr const char* info_name = "info.json";
constexpr const char* detector_name = "detector.torchscript.pt";
constexpr const char* classifier_name = "classifier.torchscript.pt";

std::string exported_info(const Package& package) {
    auto info = nlohmann::ordered_json::parse(package.read(info_name).content());
    info["classifier"] = classifier_name;
    info["detector"] = detector_name;
    return info.dump(2) + "\n";
}

/// Creates a folder with the files of a package and its networks as TorchScript.
/// @param folder does not exist; incomplete until this function returns
std::vector<ExportedNetwork> write_package(const Package& package,
                                           const std::filesystem::path& folder,
                                           const ExportOptions& options) {
    const ModelInfo& info = package.info();
    std::error_code error;
    if (!std::filesystem::create_directory(folder, error)) {
        throw IoError(ErrorCode::io,
                      "cannot create '" + utf8_text(folder) + "': " + error.message());
    }
    const std::set<std::string> names{info.classifier_labels, info.taxonomy, info.geofence};
    for (const char* taken : {info_name, detector_name, classifier_name}) {
        if (names.contains(taken)) {
            throw ModelError(ErrorCode::model_invalid,
                             "the package has another file named '" + std::string(taken) + "'");
        }
    }
    for (const auto& name : names) {
        write_new_file(folder / utf8_path(name), package.read(name).content());
    }
    const auto write = [&](const std::string& name, const char* exported) {
        if (options.progress) {
            options.progress(name);
        }
        if (options.stop.stop_requested()) {
            throw Cancelled();
        }
        auto network = write_torchscript_of(package.read(name), folder / exported);
        network.published = name;
        return network;
    };
    std::vector<ExportedNetwork> networks{write(info.detector, detector_name),
                                          write(info.classifier, classifier_name)};
    write_new_file(folder / info_name, exported_info(package));
    return networks;
}

}  // namespace

ExportReport export_package(const std::filesystem::path& published,
                            const std::filesystem::path& output, const ExportOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    // The absolute path distinguishes a folder named "demo" from the demonstration model.
    const auto package = Package::open(utf8_text(std::filesystem::absolute(published)));
    // Checked before the work starts; publishing detects a folder that is created in the meantime.
    std::error_code ignored;
    if (std::filesystem::exists(output, ignored) &&
        !(std::filesystem::is_directory(output, ignored) &&
          std::filesystem::is_empty(output, ignored))) {
        throw IoError(ErrorCode::io, "'" + utf8_text(output) + "' exists already");
    }
    PendingPath pending(output);
    ExportReport report;
    report.networks = write_package(package, pending.path(), options);
    pending.publish();
    report.folder = output;
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

}  // namespace speciesnet
