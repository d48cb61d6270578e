// SPDX-License-Identifier: Apache-2.0
// Finds labels by prefixes of the words of their names.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

class LabelSearch {
public:
    /// Adds a label of seven parts; skips known and other ones.
    void add(std::string_view label);

    bool contains(const std::string& label) const { return labels_.contains(label); }
    std::size_t size() const noexcept { return labels_.size(); }

    /// Returns labels for which each word of the text is a prefix of a word in a common or
    /// scientific name, or in a wider group. Names that start with the text come first, then short
    /// ones.
    std::vector<std::string> find(std::string_view text, std::size_t most) const;

private:
    struct Entry {
        std::string label;
        std::string names;  ///< In lower case: " plains zebra equus quagga equidae …".
        std::string common_name;
    };

    std::set<std::string, std::less<>> labels_;
    std::vector<Entry> entries_;
};

}  // namespace speciesnet::cli
