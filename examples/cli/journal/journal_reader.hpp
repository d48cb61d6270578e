// SPDX-License-Identifier: Apache-2.0
// Reads a journal, which may be damaged or hostile.
#pragma once

#include "speciesnet/prediction.hpp"

#include "journal_lines.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// A setting that must be equal for a run to continue another one.
struct JournalSetting {
    std::string name;   ///< Without blanks; usually a flag.
    std::string value;  ///< JSON on one line.

    friend bool operator==(const JournalSetting&, const JournalSetting&) = default;
};

/// The position of a result in its journal.
struct JournalPlace {
    std::uint64_t offset = 0;
    std::uint32_t length = 0;  ///< Of the line without its end; 0 for no position.
};

/// The result of one photo.
struct JournalResult {
    /// Index among the inputs with this path; 0 for the first.
    std::size_t occurrence = 0;
    Prediction prediction;
};

/// Returns the first lines of a journal: the format, and the settings of its run.
std::string journal_head(const std::vector<JournalSetting>& settings);

/// Returns one line. Numbers keep all their digits.
std::string journal_line(const JournalResult& result);

/// Parses a line.
/// @return nothing if it is damaged or not a result
std::optional<JournalResult> parse_journal_line(std::string_view line);

/// Iterates over the results. Skips damaged lines, whose photos count as not processed.
class JournalReader {
public:
    /// Reads the head.
    /// @param origin name of the file in errors
    /// @throws InvalidArgument if this is not a journal, or has another version than the current
    /// one
    JournalReader(ReadBytes read, const std::string& origin);

    const std::vector<JournalSetting>& settings() const noexcept { return settings_; }

    struct Entry {
        JournalPlace place;
        JournalResult result;
    };
    /// Returns the next result; nothing at the end.
    std::optional<Entry> next();

    /// Returns the number of damaged lines skipped so far, without an incomplete last line.
    std::size_t damaged_lines() const noexcept { return damaged_lines_; }
    /// Returns the end of the last complete line, after next() has reached the end.
    std::uint64_t end() const noexcept { return end_; }

private:
    std::optional<std::string_view> next_content();

    LineSplitter lines_;
    std::vector<JournalSetting> settings_;
    std::size_t damaged_lines_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace speciesnet::cli
