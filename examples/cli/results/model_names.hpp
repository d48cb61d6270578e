// SPDX-License-Identifier: Apache-2.0
// The name of the model in documents.
#pragma once

#include "speciesnet/json.hpp"
#include "speciesnet/prediction.hpp"

#include <optional>
#include <set>
#include <string>

namespace speciesnet::cli {

/// Learns from results which model has made them. The demonstration model is never called
/// SpeciesNet.
class ModelNames {
public:
    void add(const Prediction& prediction);
    void add(const std::optional<RunInfo>& run);

    /// "4.0.1a"; several with commas; empty if nothing says.
    std::string version() const;
    bool demo() const;
    /// The detector that was used instead of the model's own, "md_v1000.0.0-spruce"; empty if there
    /// was none, or several.
    std::string detector() const;

    /// "SpeciesNet 4.0.1a", or "demonstration model demo-2 (not SpeciesNet)"; of documents that
    /// others have made, what they name.
    std::string text() const;

private:
    std::set<std::string> versions_;
    bool demo_ = false;
};

}  // namespace speciesnet::cli
