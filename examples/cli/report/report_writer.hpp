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

/// A photo as the report shows it. All text may hold anything.
struct ReportedPhoto {
    std::string filepath;
    std::vector<PhotoAnswer> answers;
    std::string failure;            ///< Why it failed; empty if it did not.
    bool truncated = false;         ///< Prediction::truncated
    std::string taken;              ///< ISO 8601, local; empty if not known.
    std::string station;            ///< Where the camera stood.
    std::string video;              ///< The file that a frame is of; empty for a photo.
    std::optional<double> seconds;  ///< Of a frame, from the video's beginning.
    std::string original;           ///< Its relative path from the report; empty to leave it out.
    std::string copy;            ///< Relative path of its annotated copy; empty if there is none.
    std::string thumbnail_jpeg;  ///< Empty if there is none.
};

/// Writes the page piece by piece, so that memory does not grow with the photos. Texts are data for
/// the page's script, which never makes markup of them; the page's content security policy allows
/// its own style and script alone, named by a random number that no text can know.
class ReportWriter {
public:
    /// Takes pieces of the page, in order.
    using Sink = std::function<void(std::string_view)>;

    /// @param title what the page is about, for instance the name of the results file
    ReportWriter(std::string_view title, Names names, Sink sink);

    void add(const ReportedPhoto& photo);
    /// To be called once, after the last photo.
    void finish();

private:
    void flush();

    Names names_;
    Sink sink_;
    std::string nonce_;
    std::vector<ReportedPhoto> waiting_;
};

}  // namespace speciesnet::cli
