// SPDX-License-Identifier: Apache-2.0
// A line consists of eight hexadecimal digits of CRC-32, a space, and content.
#include "journal_lines.hpp"

#include <cstdio>
#include <utility>

#include <zlib.h>

namespace speciesnet::cli {
namespace {

constexpr std::size_t checksum_digits = 8;
constexpr std::size_t block_size = 65536;

/// Returns the prefix of a content: its checksum and a blank.
std::string checksum(std::string_view content) {
    const auto* const bytes = reinterpret_cast<const Bytef*>(content.data());
    char digits[checksum_digits + 2];
    std::snprintf(digits, sizeof digits, "%08x ",
                  static_cast<unsigned>(::crc32_z(0, bytes, content.size())));
    return digits;
}

}  // namespace

std::string seal_line(std::string_view content) {
    return checksum(content).append(content) + '\n';
}

std::optional<std::string_view> open_line(std::string_view line) {
    if (line.size() <= checksum_digits) {
        return std::nullopt;
    }
    const auto content = line.substr(checksum_digits + 1);
    return line.starts_with(checksum(content)) ? std::optional(content) : std::nullopt;
}

LineSplitter::LineSplitter(ReadBytes read) : read_(std::move(read)) {}

std::optional<LineSplitter::Line> LineSplitter::next() {
    std::size_t searched = begin_;
    while (true) {
        const auto end = buffer_.find('\n', searched);
        if (end != std::string::npos) {
            return hand_out(end - begin_, true);
        }
        searched = buffer_.size() - begin_;
        if (searched > longest_line) {
            dropped_ += searched;
            begin_ = buffer_.size();
            searched = 0;
        }
        if (!read_more()) {
            return buffer_.empty() && dropped_ == 0 ? std::nullopt
                                                    : hand_out(buffer_.size(), false);
        }
    }
}

/// Discards the lines that were returned; the next line then starts the buffer.
bool LineSplitter::read_more() {
    buffer_.erase(0, std::exchange(begin_, 0));
    const auto kept = buffer_.size();
    buffer_.resize(kept + block_size);
    const auto count = read_(std::span(buffer_).subspan(kept));
    buffer_.resize(kept + count);
    return count > 0;
}

std::optional<LineSplitter::Line> LineSplitter::hand_out(std::size_t length, bool ended) {
    const auto dropped = std::exchange(dropped_, 0);
    const Line line{.offset = offset_,
                    .length = dropped + length,
                    .text = dropped == 0 ? std::string_view(buffer_).substr(begin_, length)
                                         : std::string_view(),
                    .ended = ended};
    begin_ += length + (ended ? 1 : 0);
    offset_ += line.length + (ended ? 1 : 0);
    return line;
}

}  // namespace speciesnet::cli
