// SPDX-License-Identifier: Apache-2.0
// A document of results on disk: of this program, the reference or MegaDetector's tools, or a
// package of Camtrap DP.
#pragma once

#include "file_descriptor.hpp"
#include "results.hpp"

#include <filesystem>
#include <string>

namespace speciesnet::cli {

/// Its predictions, of which one at a time is in memory. A document that is replaced meanwhile
/// stays what it was; one that comes through a pipe can be walked through as often as a file.
class PredictionsFile final : public Results {
public:
    /// @param flag names the document in errors, too, if it is not empty
    /// @throws IoError
    explicit PredictionsFile(std::string file, const std::string& flag = {});

    /// Reads the whole document to its end, so that an error may come after some of its
    /// predictions.
    /// @throws InvalidArgument (json_syntax, json_content) naming flag and file; IoError
    void for_each(const std::function<void(const Prediction&)>& visit) const override;

    /// Known once the document has been walked through: it stands at its end.
    const std::optional<RunInfo>& run() const override { return run_; }

private:
    void keep_what_comes();

    std::string file_;
    std::string origin_;             ///< In errors.
    std::filesystem::path package_;  ///< Of Camtrap DP; empty if it is a document.
    FileDescriptor descriptor_;
    mutable std::optional<RunInfo> run_;  ///< Found on the way.
};

}  // namespace speciesnet::cli
