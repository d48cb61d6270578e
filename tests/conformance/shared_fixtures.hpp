// SPDX-License-Identifier: Apache-2.0
// Where the reference's own outputs are: ../shared beside the project, or $SPECIESNET_SHARED.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>

namespace speciesnet::conformance {

/// Exit code by which a test tells ctest that it was skipped.
inline constexpr int skipped = 77;

/// The folder of the fixtures. It need not exist: see main.cpp.
inline std::filesystem::path shared_fixtures() {
    const char* const shared = std::getenv("SPECIESNET_SHARED");
    return std::filesystem::path(shared != nullptr ? shared : SPECIESNET_SOURCE_DIR "/../shared") /
           "fixtures";
}

/// A JSON file of the fixtures, for instance "goldens/preprocess_hashes.json".
inline nlohmann::ordered_json shared_json(const std::filesystem::path& name) {
    std::ifstream file(shared_fixtures() / name);
    return nlohmann::ordered_json::parse(file);
}

/// The bytes of a file of the fixtures.
inline std::string shared_bytes(const std::filesystem::path& name) {
    std::ifstream file(shared_fixtures() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace speciesnet::conformance
