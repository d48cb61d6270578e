// SPDX-License-Identifier: Apache-2.0
// The log of moves, for --undo.
#pragma once

#include "file_descriptor.hpp"

#include <cstddef>
#include <filesystem>
#include <utility>
#include <vector>

namespace speciesnet::cli {

/// An append-only table `from,to` of absolute paths. Moves are synced to disk before they are made:
/// after a crash, there is at most a line about a move that was not made.
class MoveLog {
public:
    using Move = std::pair<std::filesystem::path, std::filesystem::path>;

    /// Opens or creates the log. @throws IoError
    explicit MoveLog(std::filesystem::path file);

    /// Syncs moves to disk. @throws IoError
    void add(const std::vector<Move>& moves);

    /// Reads a log; skips a last line that a crash truncated.
    /// @throws IoError; InvalidArgument if it is not a log
    static std::vector<Move> read(const std::filesystem::path& file);

private:
    std::filesystem::path file_;
    FileDescriptor descriptor_;
};

}  // namespace speciesnet::cli
