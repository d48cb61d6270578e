// SPDX-License-Identifier: Apache-2.0
// The reference's documents: instances in, predictions in and out, in both result formats.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/prediction.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet {

/// Which run a document comes from; decides which fields it has.
enum class Stage : std::int32_t { ensemble = 1, detector = 2, classifier = 3 };

/// How a document was made. The reference's documents do not record it.
struct RunInfo {
    std::string model_version;  ///< `version` of the package.
    bool demo = false;          ///< Whether the answers are of the demonstration model.
    /// Settings that affect the answers: flags and their values, as their writer names them.
    std::vector<std::pair<std::string, std::string>> settings = {};
    /// Folders that were searched for photos, spelled as the photos' paths begin.
    std::vector<std::string> folders = {};

    friend bool operator==(const RunInfo&, const RunInfo&) = default;
};

/// How predictions are written.
struct JsonOptions {
    // <options cpp json> by scripts/generate_options
    /// Format of the document: that of speciesnet 5.0.6, or of 5.0.5 and earlier.
    ResultFormat format = ResultFormat::per_detection;
    /// Stage that produced the document; determines its fields.
    Stage stage = Stage::ensemble;
    /// Number of decimals of all numbers; the reference saves files with 4; nothing for the
    /// shortest text that reads back as the same number.
    std::optional<int> decimals = std::nullopt;
    /// Spaces per level; 0 for one line; 0 to 16.
    int indent = 1;
    /// Whether to write the reason of a failure, as "failure_reason".
    bool failure_reasons = false;
    /// Added to each prediction as "model" if not empty, for documents whose elements are read
    /// separately.
    std::string model = {};
    /// Added to documents as "run_info", after the predictions.
    std::optional<RunInfo> run = std::nullopt;
    // </options>
};

/// Writes `{"info": …, "predictions": […]}` (per_detection) or `{"predictions": […]}` (per_image),
/// fields in the reference's order, absent when unknown. Text is as Python's `json.dump(…,
/// ensure_ascii=False, indent=1)` writes it. An answer's explanation, if it has one, follows it as
/// "explanation"; a photo that is truncated has "truncated": true at its end, which the reference
/// does not say. Bytes of a file path that are no UTF-8 are written as escapes of U+DC80 to
/// U+DCFF, as Python's os.fsdecode() and json have them; a number that is not finite is written as
/// null.
/// @throws InvalidArgument for a negative indentation or decimals outside 0 to 17
SPECIESNET_EXPORT std::string to_json(std::span<const Prediction> predictions,
                                      const JsonOptions& options = {});

/// Writes one prediction as an element of such a list.
SPECIESNET_EXPORT std::string to_json(const Prediction& prediction,
                                      const JsonOptions& options = {});

class JsonWriter;

/// Writes the document of to_json() prediction by prediction, for those that do not fit into memory
/// together. For one thread at a time.
class SPECIESNET_EXPORT PredictionsWriter {
public:
    /// @throws as to_json()
    explicit PredictionsWriter(const JsonOptions& options = {});
    PredictionsWriter(PredictionsWriter&&) noexcept;
    PredictionsWriter& operator=(PredictionsWriter&&) noexcept;
    ~PredictionsWriter();

    void add(const Prediction& prediction);
    /// To be called once, after the last prediction.
    void end();

    /// What has been written since the last call.
    std::string take();

private:
    std::unique_ptr<JsonWriter> json_;
    JsonOptions options_;
};

/// Reads a predictions document of either format and any stage, undoing what to_json() does. What
/// a per-image document says of its image becomes an entry whole_image_detection(), as such a
/// document does not say which detection was classified. Fields without a meaning here are ignored.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Prediction> predictions_from_json(std::string_view document);

/// The same without keeping the predictions.
/// @param receiver gets them in the order of the document, also those before the entry that is
/// wrong; what it throws ends the reading
SPECIESNET_EXPORT void predictions_from_json(std::string_view document,
                                             const std::function<void(Prediction&&)>& receiver);

class ListSplitter;

/// Reads the document of predictions_from_json() while it comes in, for those that do not fit into
/// memory: only one prediction is there at a time. For one thread at a time.
class SPECIESNET_EXPORT PredictionsReader {
public:
    /// @param receiver gets the predictions in the order of the document; what it throws ends the
    /// reading
    explicit PredictionsReader(std::function<void(Prediction&&)> receiver);
    PredictionsReader(const PredictionsReader&) = delete;
    PredictionsReader& operator=(const PredictionsReader&) = delete;
    ~PredictionsReader();

    /// The next piece of the document, cut anywhere.
    /// @throws as predictions_from_json(), as soon as an entry is known to be wrong, and
    /// InvalidArgument (json_content) for an entry of more than 256 MiB
    void add(std::string_view piece);
    /// To be called once, after the last piece: only now is it known that the document was one.
    /// @throws as predictions_from_json()
    void end();

    /// What the document says of how it came about; known after end().
    const std::optional<RunInfo>& run() const noexcept { return run_; }

private:
    std::optional<RunInfo> run_;
    std::function<void(Prediction&&)> receiver_;
    std::size_t predictions_ = 0;
    std::unique_ptr<ListSplitter> splitter_;
};

/// Reads one element of such a document's list.
/// @throws as predictions_from_json()
SPECIESNET_EXPORT Prediction prediction_from_json(std::string_view element);

/// Reads `{"instances": [{"filepath": …, "country": …, "admin1_region": …, "latitude": …,
/// "longitude": …}]}`.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Instance> instances_from_json(std::string_view document);

}  // namespace speciesnet
