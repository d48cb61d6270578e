// SPDX-License-Identifier: Apache-2.0
// Refuses outputs that are inputs of the same command.
#pragma once

#include "paths.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace speciesnet::cli {

/// The outputs of a command, with which its inputs are compared. Files are the same if they have
/// the same device and inode, whatever their spelling or links, or, if no file exists yet, if their
/// paths resolve to the same place.
class OutputFiles {
public:
    /// @param flag that names the output, for messages
    /// @throws InvalidArgument if an output is the same file as an earlier one
    void add(const std::string& flag, const std::filesystem::path& output);

    /// Does nothing for an empty path.
    /// @param what kind of input, for messages: a flag or "a photo"
    /// @throws InvalidArgument if the input is an output
    void check_input(const std::string& what, const std::string& input) const;

private:
    struct Output {
        std::string flag;
        std::filesystem::path path;
    };

    const Output* find(const std::filesystem::path& file) const;

    std::map<FileId, Output> present_;
    std::map<std::filesystem::path, Output> missing_;  ///< By absolute path.
    std::set<std::filesystem::path> missing_names_;    ///< The last components of these paths.
};

}  // namespace speciesnet::cli
