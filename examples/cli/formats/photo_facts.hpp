// SPDX-License-Identifier: Apache-2.0
// Reads what photos say of themselves beside their pixels.
#pragma once

#include "photo_record.hpp"

#include <string>

namespace speciesnet::cli {

/// What was read of one photo.
struct ReadFacts {
    PhotoFacts facts;    ///< Without a station.
    std::string camera;  ///< As Station::camera.
    bool readable = true;
};

/// Never fails: of a file that is gone or no photo there are no facts.
ReadFacts read_facts(const std::string& file);

}  // namespace speciesnet::cli
