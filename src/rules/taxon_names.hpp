// SPDX-License-Identifier: Apache-2.0
// Finds taxa by common and scientific names.
#pragma once

#include "rules/string_map.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// An index of the labels of a taxonomy by all their names.
class TaxonNames {
public:
    /// @param label must outlive this object; has seven parts
    void add(std::string_view label);

    /// @return the labels with this name; "puma" is a genus and a species
    std::vector<std::string_view> find(std::string_view name) const;

    /// Returns the known name most similar to an unknown one; empty if none is similar.
    std::string nearest(std::string_view name) const;

private:
    void add_name(std::string_view name, std::string_view label);

    struct Entry {
        std::string_view name;  ///< As in the taxonomy.
        std::vector<std::string_view> labels;
    };
    StringMap<Entry> by_name_;  ///< By folded name.
};

}  // namespace speciesnet
