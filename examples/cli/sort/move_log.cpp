// SPDX-License-Identifier: Apache-2.0
// Quotes all fields, so that any path can be stored.
#include "move_log.hpp"

#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/text_file.hpp"
#include "formats/csv_table.hpp"

#include <string>
#include <utility>

namespace speciesnet::cli {
namespace {

constexpr std::string_view header = "\"from\",\"to\"\n";

}  // namespace

MoveLog::MoveLog(std::filesystem::path file)
    : file_(std::move(file)), descriptor_(open_kept_file(file_, Keeping::making)) {
    if (file_size(descriptor_) == 0) {
        write_all(descriptor_, header, file_);
    }
}

void MoveLog::add(const std::vector<Move>& moves) {
    std::string lines;
    for (const auto& [from, to] : moves) {
        lines += csv_quoted(utf8_text(from)) + ',' + csv_quoted(utf8_text(to)) + '\n';
    }
    write_all(descriptor_, lines, file_);
    sync_to_disk(descriptor_, file_);
}

std::vector<MoveLog::Move> MoveLog::read(const std::filesystem::path& file) {
    auto text = read_text_file(file);
    if (!std::string_view(text).starts_with(header)) {
        throw InvalidArgument("'" + utf8_text(file) +
                              "' is not a log of moves: its first line is not " +
                              std::string(header.substr(0, header.size() - 1)));
    }
    // A line ends with a quote and a line end; a path may contain line ends, but not after a quote.
    text.resize(text.rfind("\"\n") + 2);
    std::vector<Move> moves;
    for (const auto& row : read_csv(text)) {
        if (row.fields.size() != 2) {
            throw InvalidArgument("'" + utf8_text(file) + "' is damaged: line " +
                                  std::to_string(row.line) + " has not two columns");
        }
        moves.emplace_back(utf8_path(row.fields[0]), utf8_path(row.fields[1]));
    }
    moves.erase(moves.begin());
    return moves;
}

}  // namespace speciesnet::cli
