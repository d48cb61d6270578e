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

/// Counts what does not fit, so that a misspelt folder does not go unnoticed.
class StationFit {
public:
    /// @param table must outlive this object
    explicit StationFit(const StationTable& table) : table_(table) {}

    /// @param folder of the photo
    void add(std::string_view folder, const StationMatch& match);

    /// Says which rows have no photo, how many photos have no row, and how many were taken outside
    /// the time of theirs.
    void note(const std::function<void(const std::string&)>& note) const;

private:
    struct Photos {
        std::size_t without_row = 0;
        std::size_t outside_period = 0;
    };

    const StationTable& table_;
    std::map<std::size_t, std::size_t> matched_;  ///< Photos by the lines of their rows.
    std::map<std::string, Photos, std::less<>> folders_;
};

/// The row of a photo. Looks into the photo's file only if the table asks for camera or time.
/// @param path the photo's, with slashes, as the table knows its folders
StationMatch match_photo(const StationTable& table, const std::string& file, std::string_view path,
                         FactsReader& reader);

/// Gives photos the station, and the country, region and coordinates that they do not have, of
/// their rows.
/// @return how table and photos fit
StationFit fill_locations(const StationTable& table, std::vector<Instance>& photos);

/// How table and the photos of results fit.
StationFit fit_of(const StationTable& table, const Results& results);

}  // namespace speciesnet::cli
