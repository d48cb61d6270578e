// SPDX-License-Identifier: Apache-2.0
// The names are those of the hubs' own programs, so that the same settings work for both.
#include "download/environment.hpp"

#include "speciesnet/utf8_path.hpp"

#include "system/environment.hpp"
#include "system/memory.hpp"
#include "text/spelling.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>

namespace speciesnet {
namespace {

std::string endpoint(const char* variable, std::string_view standard) {
    std::string url = environment_variable(variable);
    if (url.empty()) {
        url = standard;
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

Credentials kaggle_credentials() {
    const auto token = environment_variable("KAGGLE_API_TOKEN");
    std::error_code ignored;
    if (!token.empty()) {
        return {{},
                std::string(stripped(std::filesystem::is_regular_file(utf8_path(token), ignored)
                                         ? std::string(map_file(utf8_path(token)).content)
                                         : token))};
    }
    const auto user = environment_variable("KAGGLE_USERNAME");
    const auto key = environment_variable("KAGGLE_KEY");
    return user.empty() || key.empty() ? Credentials{} : Credentials{user, key};
}

}  // namespace

Hub kaggle_hub() {
    return {endpoint("KAGGLE_API_ENDPOINT", "https://www.kaggle.com"), kaggle_credentials()};
}

Hub hugging_face_hub() {
    return {endpoint("HF_ENDPOINT", "https://huggingface.co"),
            {{}, std::string(stripped(environment_variable("HF_TOKEN")))}};
}

bool offline_by_environment() {
    const auto value = environment_variable("SPECIESNET_OFFLINE");
    return value == "1" || value == "true" || value == "yes";
}

}  // namespace speciesnet
