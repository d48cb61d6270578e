// SPDX-License-Identifier: Apache-2.0
// Decisions about photos, one line each, in an append-only file.
#pragma once

#include "file_descriptor.hpp"
#include "review.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// A line: a decision about a photo, or its withdrawal.
struct ReviewEntry {
    std::string filepath;          ///< As the document spells it.
    std::optional<Review> review;  ///< Nothing takes back the last one.

    friend bool operator==(const ReviewEntry&, const ReviewEntry&) = default;
};

/// The line with its end: a checksum, then fields that are separated by tabs.
std::string review_line(const ReviewEntry& entry);
/// @return nothing for a line that is damaged or cut off @param line without its end
std::optional<ReviewEntry> parse_review_line(std::string_view line);

/// The decisions that hold after some lines.
class Reviews {
public:
    void apply(ReviewEntry entry);

    /// Null if nothing was decided. Lives until the next apply().
    const Review* find(const std::string& filepath) const;
    std::size_t size() const noexcept { return by_photo_.size(); }
    bool empty() const noexcept { return by_photo_.empty(); }

    /// Reads a journal; a file that is not there has no decisions.
    /// @param damaged set to the number of lines that were skipped
    /// @throws IoError; InvalidArgument if it is something else
    static Reviews read(const std::filesystem::path& journal, std::size_t* damaged = nullptr);

private:
    /// Decisions that were made, of which the last holds; never empty.
    std::map<std::string, std::vector<Review>, std::less<>> by_photo_;
};

/// Where the decisions about a document are.
std::filesystem::path review_journal_of(const std::filesystem::path& document);

/// Adds decisions to a journal.
class ReviewJournal {
public:
    /// Opens it, or begins one; cuts off a last line that a crash has left half written. Locks it:
    /// two programs cannot decide at once. Links are not followed.
    /// @throws IoError; InvalidArgument if another program holds it, or it is something else
    explicit ReviewJournal(std::filesystem::path file);

    /// Brings decisions to the disk, all or none. @throws IoError
    void add(std::span<const ReviewEntry> entries);

private:
    std::filesystem::path file_;
    FileDescriptor descriptor_;
};

}  // namespace speciesnet::cli
