// SPDX-License-Identifier: Apache-2.0
// Paths: api/v1/models/OWNER/MODEL/FRAMEWORK/VARIATION/get and …/VERSION/download.
// Source: kagglesdk, model_api_service.py.
#include "download/kaggle.hpp"

#include "speciesnet/error.hpp"

#include "text/url.hpp"

#include <limits>
#include <string>

#include <simdjson.h>

namespace speciesnet {
namespace {

std::string variation_url(const Hub& kaggle, const KaggleModel& model) {
    return kaggle.endpoint + "/api/v1/models/" + model.owner + "/" + model.model + "/" +
           model.framework + "/" + model.variation;
}

}  // namespace

std::uint32_t newest_version(HttpClient& client, const Hub& kaggle, const KaggleModel& model) {
    const std::string url = variation_url(kaggle, model) + "/get";
    const auto answer = client.get_text({url, kaggle.credentials});
    simdjson::dom::parser parser;
    std::uint64_t version = 0;
    if (parser.parse(simdjson::padded_string(answer))["versionNumber"].get(version) !=
            simdjson::SUCCESS ||
        version == 0 || version > std::numeric_limits<std::uint32_t>::max()) {
        throw IoError(ErrorCode::io, shown_url(url) + " does not contain a version number");
    }
    return static_cast<std::uint32_t>(version);
}

RemoteFile kaggle_archive(const Hub& kaggle, const KaggleModel& model) {
    return {
        variation_url(kaggle, model) + "/" + std::to_string(model.version.value()) + "/download",
        kaggle.credentials, std::nullopt, std::nullopt};
}

}  // namespace speciesnet
