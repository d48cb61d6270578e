// SPDX-License-Identifier: Apache-2.0
// Reads environment variables about hubs and the network.
#pragma once

#include "download/http_client.hpp"

#include <string>

namespace speciesnet {

/// Address and credentials of a hub.
struct Hub {
    std::string endpoint;  ///< Without a trailing slash.
    Credentials credentials;
};

/// KAGGLE_API_ENDPOINT, else https://www.kaggle.com; KAGGLE_API_TOKEN (a token, or a file that
/// holds it), else KAGGLE_USERNAME and KAGGLE_KEY. Source: kagglehub, config.py and clients.py.
Hub kaggle_hub();

/// HF_ENDPOINT, else https://huggingface.co; HF_TOKEN. Source: huggingface_hub, constants.py.
Hub hugging_face_hub();

/// Returns whether SPECIESNET_OFFLINE is 1, true or yes.
bool offline_by_environment();

}  // namespace speciesnet
