// SPDX-License-Identifier: Apache-2.0
// A document of results on disk: of this program, the reference or MegaDetector's tools, or a
// Camtrap DP package.
#pragma once

#include "file_descriptor.hpp"
#include "results.hpp"

#include <filesystem>
#include <string>

namespace speciesnet::cli {

/// Its predictions, of which only one at a time is in memory. If the file is replaced meanwhile,
/// the old content is read. A document from a pipe can also be read repeatedly.
class PredictionsFile final : public Results {
public:
    /// @param flag also names the document in errors, unless it is empty
    /// @throws IoError
    explicit PredictionsFile(std::string file, const std::string& flag = {});

    /// Reads the whole document, so that an error may come after some of its predictions.
    /// @throws InvalidArgument (json_syntax, json_content) naming flag and file; IoError
    void for_each(const std::function<void(const Prediction&)>& visit) const override;

    /// Known after the whole document has been read, because it is at its end.
    const std::optional<RunInfo>& run() const override { return run_; }

private:
    void keep_what_comes();

    std::string file_;
    std::string origin_;             ///< For errors.
    std::filesystem::path package_;  ///< Folder of a Camtrap DP package; empty if it is a document.
    FileDescriptor descriptor_;
    mutable std::optional<RunInfo> run_;  ///< Set while the document is read.
};

}  // namespace speciesnet::cli
