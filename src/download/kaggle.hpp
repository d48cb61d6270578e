// SPDX-License-Identifier: Apache-2.0
// Uses Kaggle's public API as kagglehub and the site's own curl commands do.
#pragma once

#include "download/download_file.hpp"
#include "download/environment.hpp"
#include "download/model_name.hpp"

#include <cstdint>

namespace speciesnet {

/// Requests the newest version. @throws as HttpClient::get(); IoError if the answer is invalid
std::uint32_t newest_version(HttpClient& client, const Hub& kaggle, const KaggleModel& model);

/// Returns the archive of a version. @param model with its version
RemoteFile kaggle_archive(const Hub& kaggle, const KaggleModel& model);

}  // namespace speciesnet
