// SPDX-License-Identifier: Apache-2.0
// Reads and writes the lines of a journal. Format: docs/reference/journal.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Adds the checksum in front and the line end behind.
/// @param content has no line end
std::string seal_line(std::string_view content);

/// What a line says, if it is as seal_line() made it.
/// @param line without its line end
std::optional<std::string_view> open_line(std::string_view line);

/// Reads up to so many bytes; 0 at the end of the file.
using ReadBytes = std::function<std::size_t(std::span<char> target)>;

/// Splits what is read into lines, holding one at a time.
class LineSplitter {
public:
    /// Longest line that is handed out. Results have a few kilobytes; a file without line ends must
    /// not fill the memory.
    static constexpr std::size_t longest_line = std::size_t{64} << 20U;

    struct Line {
        std::uint64_t offset;   ///< Where it begins.
        std::uint64_t length;   ///< Without the line end.
        std::string_view text;  ///< Empty if it is too long. Valid until the next call.
        bool ended;             ///< False for a last line without a line end.
    };

    explicit LineSplitter(ReadBytes read);

    /// Nothing at the end of the file.
    std::optional<Line> next();

private:
    bool read_more();
    std::optional<Line> hand_out(std::size_t length, bool ended);

    ReadBytes read_;
    std::string buffer_;
    std::size_t begin_ = 0;      ///< Of the next line in the buffer.
    std::uint64_t offset_ = 0;   ///< Of the next line in the file.
    std::uint64_t dropped_ = 0;  ///< Bytes of an overlong line that were let go.
};

}  // namespace speciesnet::cli
