// SPDX-License-Identifier: Apache-2.0
// Names are those of the hubs' own programs, so that settings work for both.
#include "download/environment.hpp"

#include "system/environment.hpp"
#include "system/mapped_file.hpp"

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

std::string strip(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

Credentials kaggle_credentials() {
    const auto token = environment_variable("KAGGLE_API_TOKEN");
    std::error_code ignored;
    if (!token.empty()) {
        return {{},
                strip(std::filesystem::is_regular_file(token, ignored)
                          ? std::string(map_file(token).content)
                          : token)};
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
            {{}, strip(environment_variable("HF_TOKEN"))}};
}

bool offline_by_environment() {
    const auto value = environment_variable("SPECIESNET_OFFLINE");
    return value == "1" || value == "true" || value == "yes";
}

}  // namespace speciesnet
