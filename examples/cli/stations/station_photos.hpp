// SPDX-License-Identifier: Apache-2.0
// Matches photos to rows of a table of stations.
#pragma once

#include "speciesnet/prediction.hpp"

#include "formats/photo_facts.hpp"
#include "results/results.hpp"
#include "station_table.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Counts mismatches, so that a misspelt folder is noticed.
class StationFit {
public:
    /// @param table must outlive this object
    explicit StationFit(const StationTable& table) : table_(table) {}

    /// @param folder of the photo
    void add(std::string_view folder, const StationMatch& match);

    /// Reports rows without photos, and the number of photos without a row or outside the period of
    /// their row.
    void note(const std::function<void(const std::string&)>& note) const;

private:
    struct Photos {
        std::size_t without_row = 0;
        std::size_t outside_period = 0;
    };

    const StationTable& table_;
    std::map<std::size_t, std::size_t> matched_;  ///< Number of photos by the line of their row.
    std::map<std::string, Photos, std::less<>> folders_;
};

/// Returns the row of a photo. Reads the photo's file only if the table requires camera or time.
/// @param path of the photo, with slashes, as in the table's folders
StationMatch match_photo(const StationTable& table, const std::string& file, std::string_view path,
                         FactsReader& reader);

/// Assigns stations to photos, and adds country, region and coordinates of their rows if the photos
/// have none.
/// @return how well table and photos match
StationFit fill_locations(const StationTable& table, std::vector<Instance>& photos);

/// Returns how well a table and the photos of results match.
StationFit fit_of(const StationTable& table, const Results& results);

}  // namespace speciesnet::cli
