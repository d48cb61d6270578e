// SPDX-License-Identifier: Apache-2.0
// The object behind a list of predictions: the C++ values, and the arrays that C reads.
#pragma once

#include "speciesnet/prediction.hpp"

#include "capi/answer.hpp"
#include "capi/speciesnet.h"

#include <memory>
#include <optional>
#include <vector>

/// One prediction as C structs, whose pointers refer to `value`.
struct speciesnet_prediction {
    explicit speciesnet_prediction(const speciesnet::Prediction& prediction);

    struct Entry {
        std::optional<std::vector<speciesnet_scored_label>> classes;
        std::optional<std::vector<speciesnet_scored_label>> targets;
        std::unique_ptr<const speciesnet_answer> answer;  ///< Null if there is none.
    };

    const speciesnet::Prediction* value;
    std::optional<std::vector<speciesnet_detection>> detections;
    std::vector<Entry> entries;  ///< One for each detection.
};

struct speciesnet_predictions {
    explicit speciesnet_predictions(std::vector<speciesnet::Prediction> predictions);
    speciesnet_predictions(const speciesnet_predictions&) = delete;
    speciesnet_predictions& operator=(const speciesnet_predictions&) = delete;

    const std::vector<speciesnet::Prediction> values;
    const std::vector<speciesnet_prediction> views;
};
