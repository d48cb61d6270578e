// SPDX-License-Identifier: Apache-2.0
// Names the model of documents.
#pragma once

#include "speciesnet/json.hpp"
#include "speciesnet/prediction.hpp"

#include <optional>
#include <set>
#include <string>

namespace speciesnet::cli {

/// Determines from results which model made them. The demonstration model is never named
/// SpeciesNet.
class ModelNames {
public:
    void add(const Prediction& prediction);
    void add(const std::optional<RunInfo>& run);

    /// Returns "4.0.1a"; several versions with commas; empty if unknown.
    std::string version() const;
    bool demo() const;
    /// Returns the detector that replaced the model's own, "md_v1000.0.0-spruce"; empty if there
    /// was none, or several.
    std::string detector() const;

    /// Returns "SpeciesNet 4.0.1a", or "demonstration model demo-2 (not SpeciesNet)"; for documents
    /// of other programs, the name in them.
    std::string text() const;

private:
    std::set<std::string> versions_;
    bool demo_ = false;
};

}  // namespace speciesnet::cli
