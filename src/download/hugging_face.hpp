// SPDX-License-Identifier: Apache-2.0
// Uses Hugging Face's API as huggingface_hub does.
#pragma once

#include "download/download_file.hpp"
#include "download/environment.hpp"
#include "download/model_name.hpp"

#include <string>
#include <vector>

namespace speciesnet {

/// A file of a repository.
struct RepositoryFile {
    std::string path;  ///< Safe to use below a folder.
    RemoteFile remote;
};

/// Returns the newest commit on the branch main, 40 hexadecimal digits.
/// @throws as HttpClient::get(); IoError if the answer is invalid
std::string newest_commit(HttpClient& client, const Hub& hub, const HuggingFaceModel& model);

/// Returns the files of a commit, with size and, for large files, SHA-256.
/// @throws as newest_commit(); ModelError (model_invalid) if there are more than `max_files`, or if
/// one has an unsafe name
std::vector<RepositoryFile> repository_files(HttpClient& client, const Hub& hub,
                                             const HuggingFaceModel& model,
                                             const std::string& commit, std::size_t max_files);

}  // namespace speciesnet
