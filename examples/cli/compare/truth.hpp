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

/// Whether a label is above another one in the taxonomy: the family of a species, "animal" of every
/// animal. No label is its own ancestor.
bool is_ancestor(std::string_view ancestor, std::string_view label);

/// How an answer relates to the truth.
enum class Verdict {
    right,    ///< The same, or below what the person said: zebra where "equidae" is the truth.
    coarser,  ///< Right as far as it goes: an ancestor of the truth.
    wrong,
};

Verdict verdict(std::string_view answer, std::string_view truth);

/// Names of labels as people write them.
class LabelNames {
public:
    /// Learns a label with seven parts; others are skipped.
    void add(std::string_view label);

    /// @param name a whole label, or a common name, a scientific name or a rank's name, in any
    /// case; "empty", "person" and "car" for blank, human and vehicle
    /// @return the label; nothing for a name that no learned label has
    std::optional<std::string> find(std::string_view name) const;

private:
    std::unordered_map<std::string, std::string> labels_;  ///< By names in lower case.
};

/// Labels of a person, by photo.
class Truth {
public:
    /// Reads a table with a header: a column `file`, `filepath`, `filename`, `path` or `image`, and
    /// one of `label`, `species`, `truth`, `prediction`, `common_name` or `name`.
    /// @throws InvalidArgument if a column is missing or a photo has two labels
    explicit Truth(std::string_view csv);

    /// The name that a person gave to a photo. The table's path may be the whole path or its end.
    std::optional<std::string> name_of(std::string_view filepath) const;

    std::size_t photos() const noexcept { return names_.size(); }

private:
    std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace speciesnet::cli
