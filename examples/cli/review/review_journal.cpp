// SPDX-License-Identifier: Apache-2.0
// Lines have checksums as in a run's journal. An incomplete line was never acknowledged.
#include "review_journal.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "clock/clock_text.hpp"
#include "formats/time_text.hpp"
#include "journal/journal_lines.hpp"

#include <array>
#include <utility>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// The content of the first line.
constexpr std::string_view head = "speciesnet reviews 1";
constexpr std::string_view digits = "0123456789ABCDEF";

/// Escapes tabs, line ends and percent signs as %09, %0A, %25.
std::string escaped(std::string_view text) {
    std::string field;
    for (const char character : text) {
        if (static_cast<unsigned char>(character) < ' ' || character == '%') {
            const auto value = static_cast<unsigned char>(character);
            field += {'%', digits[value >> 4U], digits[value & 0xFU]};
        } else {
            field += character;
        }
    }
    return field;
}

std::optional<std::string> unescaped(std::string_view field) {
    std::string text;
    for (std::size_t at = 0; at < field.size(); ++at) {
        if (field[at] != '%') {
            text += field[at];
            continue;
        }
        if (at + 2 >= field.size()) {
            return std::nullopt;
        }
        const auto high = digits.find(field[at + 1]);
        const auto low = digits.find(field[at + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        text += static_cast<char>(high << 4U | low);
        at += 2;
    }
    return text;
}

constexpr std::string_view confirmed = "confirmed";
constexpr std::string_view labelled = "labelled";
constexpr std::string_view undone = "undone";

/// Parses "2026-11-25 06:12:09", in UTC.
std::optional<std::chrono::sys_seconds> read_moment(std::string_view text) {
    const auto time = parse_written_time(text);
    return time ? std::optional(std::chrono::sys_seconds(time->begin.time_since_epoch()))
                : std::nullopt;
}

ReadBytes bytes_of(const FileDescriptor& descriptor, const fs::path& file) {
    return [&, offset = std::uint64_t{0}](std::span<char> target) mutable {
        const auto count = read_at(descriptor, target, offset, file);
        offset += count;
        return count;
    };
}

/// The result of reading all lines: the end of the last complete one, and the number skipped.
struct Walk {
    std::uint64_t end = 0;
    std::size_t damaged = 0;
};
Walk walk(const FileDescriptor& descriptor, const fs::path& file,
          const std::function<void(ReviewEntry&&)>& visit) {
    LineSplitter lines(bytes_of(descriptor, file));
    Walk walked;
    bool first = true;
    while (const auto line = lines.next()) {
        // A crash leaves the beginning of a journal; any other content is an unrelated file.
        const bool may_be_head =
            line->ended ? open_line(line->text) == head : seal_line(head).starts_with(line->text);
        if (first && !may_be_head) {
            throw InvalidArgument("'" + utf8_text(file) +
                                  "' is not a journal of `speciesnet review`; move it away");
        }
        if (!line->ended) {
            ++walked.damaged;
            break;
        }
        walked.end = line->offset + line->length + 1;
        if (std::exchange(first, false)) {
            continue;
        }
        if (auto entry = parse_review_line(line->text)) {
            visit(std::move(*entry));
        } else {
            ++walked.damaged;
        }
    }
    return walked;
}

}  // namespace

std::string review_line(const ReviewEntry& entry) {
    std::string content = escaped(entry.filepath) + '\t';
    if (entry.review) {
        const auto& [kind, label, by, at] = *entry.review;
        content += std::string(kind == Review::Kind::confirmed ? confirmed : labelled) + '\t' +
                   escaped(label) + '\t' + escaped(by) + '\t' + plain_text(utc(at));
    } else {
        content += std::string(undone) + "\t\t\t";
    }
    return seal_line(content);
}

std::optional<ReviewEntry> parse_review_line(std::string_view line) {
    const auto content = open_line(line);
    if (!content) {
        return std::nullopt;
    }
    std::array<std::string, 5> fields;
    std::string_view rest = *content;
    for (std::size_t field = 0; field < fields.size(); ++field) {
        const auto end = rest.find('\t');
        const bool is_last = field + 1 == fields.size();
        if (is_last != (end == std::string_view::npos)) {
            return std::nullopt;
        }
        auto text = unescaped(rest.substr(0, end));
        if (!text) {
            return std::nullopt;
        }
        fields[field] = std::move(*text);
        rest.remove_prefix(is_last ? rest.size() : end + 1);
    }
    const auto& [filepath, kind, label, by, at] = fields;
    if (kind == undone) {
        return ReviewEntry{.filepath = filepath, .review = std::nullopt};
    }
    const auto moment = read_moment(at);
    const bool is_label = kind == labelled;
    if (!moment || by.empty() || (!is_label && kind != confirmed) || label.empty() == is_label) {
        return std::nullopt;
    }
    return ReviewEntry{
        .filepath = filepath,
        .review = Review{.kind = is_label ? Review::Kind::labelled : Review::Kind::confirmed,
                         .label = label,
                         .by = by,
                         .at = *moment}};
}

void Reviews::apply(ReviewEntry entry) {
    if (entry.review) {
        by_photo_[std::move(entry.filepath)].push_back(std::move(*entry.review));
        return;
    }
    const auto found = by_photo_.find(entry.filepath);
    if (found != by_photo_.end()) {
        found->second.pop_back();
        if (found->second.empty()) {
            by_photo_.erase(found);
        }
    }
}

const Review* Reviews::find(const std::string& filepath) const {
    const auto found = by_photo_.find(filepath);
    return found == by_photo_.end() ? nullptr : &found->second.back();
}

Reviews Reviews::read(const fs::path& journal, std::size_t* damaged) {
    Reviews reviews;
    const auto descriptor = open_kept_file(journal, Keeping::reading);
    if (!descriptor.is_open()) {
        return reviews;
    }
    const auto walked =
        walk(descriptor, journal, [&](ReviewEntry&& entry) { reviews.apply(std::move(entry)); });
    if (damaged != nullptr) {
        *damaged = walked.damaged;
    }
    return reviews;
}

fs::path review_journal_of(const fs::path& document) {
    return utf8_path(utf8_text(document) + ".reviews");
}

ReviewJournal::ReviewJournal(fs::path file)
    : file_(std::move(file)), descriptor_(open_kept_file(file_, Keeping::making)) {
    if (!try_lock(descriptor_)) {
        throw InvalidArgument("another `speciesnet review` has '" + utf8_text(file_) +
                              "' open; use its page, or stop it");
    }
    const auto walked = walk(descriptor_, file_, [](ReviewEntry&&) {});
    cut_off(descriptor_, walked.end, file_);
    if (walked.end == 0) {
        write_all(descriptor_, seal_line(head), file_);
    }
}

void ReviewJournal::add(std::span<const ReviewEntry> entries) {
    std::string lines;
    for (const auto& entry : entries) {
        lines += review_line(entry);
    }
    const auto end = file_size(descriptor_);
    try {
        write_all(descriptor_, lines, file_);
        sync_to_disk(descriptor_, file_);
    } catch (const IoError&) {
        // A decision that was not acknowledged must not reappear.
        try_to_cut_off(descriptor_, end);
        throw;
    }
}

}  // namespace speciesnet::cli
