// SPDX-License-Identifier: Apache-2.0
// Reads info.json.
#pragma once

#include "speciesnet/model.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Parses the content of an info.json.
/// @param origin name used in messages
/// @throws ModelError (model_invalid) naming the key that is missing or wrong
ModelInfo parse_model_info(std::string_view json, std::string_view origin);

/// Returns the URL of the detector in info.json, or nothing if the detector is a file of the
/// package. @throws as parse_model_info()
std::optional<std::string> detector_url(std::string_view json, std::string_view origin);

/// Returns the local name of a file that info.json gives as a URL: without the query, ':' and '/'
/// replaced by '_'. Other names are returned unchanged. Source: utils.py,
/// ModelInfo._url_to_filename.
std::string local_file_name(std::string_view file_or_url);

}  // namespace speciesnet
