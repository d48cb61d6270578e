// SPDX-License-Identifier: Apache-2.0
// Writes a self-contained HTML page with all photos of a results file.
#pragma once

#include "results/photo_answers.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// A photo in the report. All texts are untrusted.
struct ReportedPhoto {
    std::string filepath;
    std::vector<PhotoAnswer> answers;
    std::string failure;            ///< The reason; empty if it did not fail.
    bool truncated = false;         ///< Prediction::truncated
    std::string taken;              ///< ISO 8601, local; empty if unknown.
    std::string station;            ///< Where the camera stood.
    std::string video;              ///< The file that contains a frame; empty for a photo.
    std::optional<double> seconds;  ///< Of a frame, from the start of the video.
    std::string original;           ///< Relative path from the report; empty to omit it.
    std::string copy;            ///< Relative path of the annotated copy; empty if there is none.
    std::string thumbnail_jpeg;  ///< Empty if there is none.
};

/// Writes the page piece by piece, so that memory does not grow with the photos. Texts are data for
/// the page's script, which never interprets them as markup. The page's content security policy
/// allows only its own style and script, identified by a random value that no text can predict.
class ReportWriter {
public:
    /// Receives pieces of the page in order.
    using Sink = std::function<void(std::string_view)>;

    /// @param title of the page, for instance the name of the results file
    ReportWriter(std::string_view title, Names names, Sink sink);

    void add(const ReportedPhoto& photo);
    /// Must be called once, after the last photo.
    void finish();

private:
    void flush();

    Names names_;
    Sink sink_;
    std::string nonce_;
    std::vector<ReportedPhoto> waiting_;
};

}  // namespace speciesnet::cli
