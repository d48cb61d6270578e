// SPDX-License-Identifier: Apache-2.0
// Paths: api/models/OWNER/REPO/revision/main, api/models/OWNER/REPO/tree/COMMIT and
// OWNER/REPO/resolve/COMMIT/FILE. Source: huggingface_hub, hf_api.py and constants.py.
#include "download/hugging_face.hpp"

#include "speciesnet/error.hpp"

#include "download/archive.hpp"
#include "text/url.hpp"

#include <string_view>

#include <simdjson.h>

namespace speciesnet {
namespace {

constexpr std::size_t commit_length = 40;
constexpr std::size_t sha256_length = 64;

bool is_hexadecimal(std::string_view text, std::size_t length) {
    return text.size() == length &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string api_url(const Hub& hub, const HuggingFaceModel& model) {
    return hub.endpoint + "/api/models/" + model.owner + "/" + model.repository;
}

RepositoryFile repository_file(const simdjson::dom::element& entry, const std::string& base,
                               const Hub& hub, const std::string& listing) {
    std::string_view path;
    std::uint64_t size = 0;
    if (entry["path"].get(path) != simdjson::SUCCESS ||
        entry["size"].get(size) != simdjson::SUCCESS) {
        throw IoError(ErrorCode::io, shown_url(listing) + " is not a list of files");
    }
    if (!is_safe_path(path)) {
        throw ModelError(ErrorCode::model_invalid,
                         shown_url(listing) + " lists a file with an unsafe name");
    }
    RepositoryFile file{std::string(path),
                        {base + escape_path(path), hub.credentials, std::nullopt, size}};
    std::string_view sha256;
    if (entry["lfs"]["oid"].get(sha256) == simdjson::SUCCESS &&
        is_hexadecimal(sha256, sha256_length)) {
        file.remote.checksum = Checksum{DigestAlgorithm::sha256, std::string(sha256)};
    }
    return file;
}

}  // namespace

std::string newest_commit(HttpClient& client, const Hub& hub, const HuggingFaceModel& model) {
    const std::string url = api_url(hub, model) + "/revision/main";
    const auto answer = client.get_text({url, hub.credentials});
    simdjson::dom::parser parser;
    std::string_view commit;
    if (parser.parse(simdjson::padded_string(answer))["sha"].get(commit) != simdjson::SUCCESS ||
        !is_hexadecimal(commit, commit_length)) {
        throw IoError(ErrorCode::io, shown_url(url) + " does not contain a commit");
    }
    return std::string(commit);
}

std::vector<RepositoryFile> repository_files(HttpClient& client, const Hub& hub,
                                             const HuggingFaceModel& model,
                                             const std::string& commit, std::size_t max_files) {
    const std::string url = api_url(hub, model) + "/tree/" + commit + "?recursive=true";
    HttpResponse head;
    const auto answer = client.get_text({url, hub.credentials}, &head);
    simdjson::dom::parser parser;
    simdjson::dom::array entries;
    if (parser.parse(simdjson::padded_string(answer)).get(entries) != simdjson::SUCCESS) {
        throw IoError(ErrorCode::io, shown_url(url) + " is not a list of files");
    }
    // A second page means more than a thousand entries, so it is not a model package.
    if (entries.size() > max_files || head.link.find("rel=\"next\"") != std::string::npos) {
        throw ModelError(ErrorCode::model_invalid, shown_url(url) + " lists too many files");
    }
    const std::string base =
        hub.endpoint + "/" + model.owner + "/" + model.repository + "/resolve/" + commit + "/";
    std::vector<RepositoryFile> files;
    for (const auto entry : entries) {
        std::string_view type;
        if (entry["type"].get(type) == simdjson::SUCCESS && type == "file") {
            files.push_back(repository_file(entry, base, hub, url));
        }
    }
    return files;
}

}  // namespace speciesnet
