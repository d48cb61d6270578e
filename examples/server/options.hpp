// SPDX-License-Identifier: Apache-2.0
// Options of the server, from flags, environment variables or defaults.
#pragma once

#include "speciesnet/ensemble.hpp"
#include "speciesnet/location.hpp"
#include "speciesnet/media.hpp"

#include "access.hpp"
#include "http_server.hpp"
#include "upload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace server {

/// The result of parse_options(). options/options.toml defines the defaults.
struct Options {
    std::string model;
    bool lazy = false;  ///< Whether the model is loaded when the first photo arrives.
    std::string host;
    int port = 0;

    /// For photos whose request names no location.
    speciesnet::Location location;
    /// Its geofence applies to photos whose request does not set it.
    speciesnet::EnsembleOptions load;
    speciesnet::PredictOptions predict;
    /// Files; empty if there are none.
    std::filesystem::path species_list;
    std::filesystem::path geofence_overlay;

    std::string precision;
    std::string device;
    int workers = 0;
    std::size_t queue = 0;
    std::chrono::seconds drain{};
    std::chrono::seconds load_deadline{};
    ServerLimits server;
    UploadLimits upload;
    /// For a photo, uploaded or named.
    speciesnet::DecodeLimits decode{.max_work = 1'000'000'000};
    AccessOptions access;
    std::filesystem::path temporary_folder;
    /// Folder of the files that /predict may name; empty to disable /predict.
    std::filesystem::path allowed_root;
    std::chrono::seconds deadline() const noexcept { return server.conversation.work; }
    /// Web sites that may show the page in a frame, as in Content-Security-Policy.
    std::string frame_ancestors;
};

/// Reads the command line and the environment; flags take precedence.
/// @param exit_code set if the program must end at once: after printing help, the version, or an
/// error
/// @return nothing if the program must end
std::optional<Options> parse_options(std::vector<std::string> arguments, int& exit_code);

}  // namespace server
