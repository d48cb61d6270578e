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

/// Adds the checksum and the line end.
/// @param content without a line end
std::string seal_line(std::string_view content);

/// Returns the content of a line if its checksum is right.
/// @param line without its line end
std::optional<std::string_view> open_line(std::string_view line);

/// Reads up to the size of a buffer; returns 0 at the end of the file.
using ReadBytes = std::function<std::size_t(std::span<char> target)>;

/// Splits input into lines and keeps one line at a time.
class LineSplitter {
public:
    /// Maximum length of a line that is returned. Results have a few kilobytes; a file without line
    /// ends must not fill the memory.
    static constexpr std::size_t longest_line = std::size_t{64} << 20U;

    struct Line {
        std::uint64_t offset;   ///< Start of the line.
        std::uint64_t length;   ///< Without the line end.
        std::string_view text;  ///< Empty if the line is too long. Valid until the next call.
        bool ended;             ///< False for a last line without a line end.
    };

    explicit LineSplitter(ReadBytes read);

    /// Returns nothing at the end of the file.
    std::optional<Line> next();

private:
    bool read_more();
    std::optional<Line> hand_out(std::size_t length, bool ended);

    ReadBytes read_;
    std::string buffer_;
    std::size_t begin_ = 0;      ///< Start of the next line in the buffer.
    std::uint64_t offset_ = 0;   ///< Position of the next line in the file.
    std::uint64_t dropped_ = 0;  ///< Discarded bytes of an overlong line.
};

}  // namespace speciesnet::cli
