// SPDX-License-Identifier: Apache-2.0
// Opens the journal. Two runs may use the same file, and its content is untrusted.
#include "journal.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds sync_interval{1};

}  // namespace

Journal::Journal(fs::path file, Earlier earlier, std::vector<JournalSetting> settings)
    : file_(std::move(file)), named_(true), settings_(std::move(settings)) {
    if (!open_and_lock(Keeping::adding)) {
        return;
    }
    const auto head = journal_head(settings_);
    std::string present(head.size(), '\0');
    present.resize(read_at(descriptor_, present, 0, file_));
    // A run that ended while writing the head has left nothing else.
    if (present.size() < head.size() && head.starts_with(present)) {
        return;
    }
    reader_ = std::make_unique<JournalReader>(bytes_from_the_start(), utf8_text(file_));
    if (earlier == Earlier::discarded) {
        reader_.reset();
        return;
    }
    settings_ = reader_->settings();
    begun_ = true;
}

Journal::Journal(std::vector<JournalSetting> settings)
    : file_(fs::temp_directory_path()),
      named_(false),
      descriptor_(open_unnamed_file("journal")),
      settings_(std::move(settings)) {}

/// @return false if there is no file and none may be created
bool Journal::open_and_lock(Keeping keeping) {
    do {
        descriptor_ = open_kept_file(file_, keeping);
        if (!descriptor_.is_open()) {
            return false;
        }
        if (!try_lock(descriptor_)) {
            throw InvalidArgument("another run is writing '" + utf8_text(file_) +
                                  "'; wait until it ends, or name another output file");
        }
        // The previous holder of the lock may have removed the file after it was opened here.
    } while (is_removed(descriptor_));
    return true;
}

/// Writes the head to an empty file together with the first result, so that a run that fails before
/// its first result leaves nothing behind.
void Journal::begin() {
    if (!descriptor_.is_open()) {
        open_and_lock(Keeping::making);
        if (file_size(descriptor_) > 0) {
            throw InvalidArgument("another run has started to write '" + utf8_text(file_) +
                                  "' in the meantime; repeat the command to continue that run, or "
                                  "name another output file");
        }
    }
    cut_off(descriptor_, 0, file_);
    begun_ = true;
    const auto head = journal_head(settings_);
    write_all(descriptor_, head, file_);
    end_ = head.size();
    sync();
}

ReadBytes Journal::bytes_from_the_start() const {
    return [this, offset = std::uint64_t{0}](std::span<char> target) mutable {
        const auto count = read_at(descriptor_, target, offset, file_);
        offset += count;
        return count;
    };
}

std::size_t Journal::count_results() const {
    JournalReader reader(bytes_from_the_start(), utf8_text(file_));
    std::size_t count = 0;
    while (reader.next()) {
        ++count;
    }
    return count;
}

std::size_t Journal::recover(const std::function<void(JournalReader::Entry&&)>& found) {
    if (!reader_) {
        return 0;
    }
    while (auto entry = reader_->next()) {
        found(std::move(*entry));
    }
    end_ = reader_->end();
    cut_off(descriptor_, end_, file_);
    const auto damaged = reader_->damaged_lines();
    reader_.reset();
    return damaged;
}

JournalPlace Journal::append(const JournalResult& result) {
    if (!begun_) {
        begin();
    }
    const auto line = journal_line(result);
    try {
        write_all(descriptor_, line, file_);
    } catch (const IoError&) {
        // A partial line would be skipped later, but on a full disk its space is needed now.
        try_to_cut_off(descriptor_, end_);
        throw;
    }
    const JournalPlace place{.offset = end_, .length = static_cast<std::uint32_t>(line.size() - 1)};
    end_ += line.size();
    if (std::chrono::steady_clock::now() - synced_ >= sync_interval) {
        sync();
    }
    return place;
}

JournalResult Journal::read(const JournalPlace& place) const {
    std::string line(place.length, '\0');
    std::size_t filled = 0;
    while (filled < line.size()) {
        const auto count =
            read_at(descriptor_, std::span(line).subspan(filled), place.offset + filled, file_);
        if (count == 0) {
            break;
        }
        filled += count;
    }
    auto result = parse_journal_line(line);
    if (!result) {
        throw IoError(ErrorCode::io, "'" + utf8_text(file_) + "' was changed by another program");
    }
    return std::move(*result);
}

void Journal::sync() {
    sync_to_disk(descriptor_, file_);
    synced_ = std::chrono::steady_clock::now();
}

void Journal::remove() {
    if (named_ && descriptor_.is_open()) {
        std::error_code ignored;
        fs::remove(file_, ignored);
    }
}

}  // namespace speciesnet::cli
