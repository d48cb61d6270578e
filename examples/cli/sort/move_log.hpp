// SPDX-License-Identifier: Apache-2.0
// The log of moves, for --undo.
#pragma once

#include "file_descriptor.hpp"

#include <cstddef>
#include <filesystem>
#include <utility>
#include <vector>

namespace speciesnet::cli {

/// A table `from,to` of absolute paths that grows by appending. Moves are on the disk before they
/// are made: what a crash leaves is at most a line about a move that was not made.
class MoveLog {
public:
    using Move = std::pair<std::filesystem::path, std::filesystem::path>;

    /// Opens the log of earlier runs, or begins one. @throws IoError
    explicit MoveLog(std::filesystem::path file);

    /// Brings moves to the disk. @throws IoError
    void add(const std::vector<Move>& moves);

    /// Reads a log; a last line that a crash cut off is skipped.
    /// @throws IoError; InvalidArgument if it is none
    static std::vector<Move> read(const std::filesystem::path& file);

private:
    std::filesystem::path file_;
    FileDescriptor descriptor_;
};

}  // namespace speciesnet::cli
