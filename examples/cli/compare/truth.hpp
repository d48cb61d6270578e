// SPDX-License-Identifier: Apache-2.0
// Human labels of photos.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace speciesnet::cli {

/// Returns whether a label is above another one in the taxonomy: the family of a species, "animal"
/// for every animal. A label is not its own ancestor.
bool is_ancestor(std::string_view ancestor, std::string_view label);

/// How an answer relates to the truth.
enum class Correctness {
    right,    ///< Equal, or more precise: zebra if the truth is "equidae".
    coarser,  ///< Correct, but less precise: an ancestor of the truth.
    wrong,
};

Correctness verdict(std::string_view answer, std::string_view truth);

/// Finds labels by the names that people write.
class LabelNames {
public:
    /// Adds a label with seven parts; skips others.
    void add(std::string_view label);

    /// @param name a whole label, or a common name, a scientific name or a rank's name, in any
    /// case; "empty", "person" and "car" for blank, human and vehicle
    /// @return the label; nothing if no added label has this name
    std::optional<std::string> find(std::string_view name) const;

private:
    std::unordered_map<std::string, std::string> labels_;  ///< By name in lower case.
};

/// Human labels of photos.
class Truth {
public:
    /// Reads a table with a header: a column `file`, `filepath`, `filename`, `path` or `image`, and
    /// one of `label`, `species`, `truth`, `prediction`, `common_name` or `name`.
    /// @throws InvalidArgument if a column is missing or a photo has two labels
    explicit Truth(std::string_view csv);

    /// Returns the human label of a photo. The table may have the whole path or the end of it.
    std::optional<std::string> name_of(std::string_view filepath) const;

    std::size_t photos() const noexcept { return names_.size(); }

private:
    std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace speciesnet::cli
