// SPDX-License-Identifier: Apache-2.0
// Quotes all fields, so that any path can be stored.
#include "move_log.hpp"

#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"

#include "files/atomic_file.hpp"
#include "files/text_file.hpp"
#include "formats/csv_table.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace speciesnet::cli {
namespace {

constexpr std::string_view header = "\"from\",\"to\"\n";

}  // namespace

MoveLog::MoveLog(std::filesystem::path file)
    : file_(std::move(file)),
      descriptor_(
          ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666)) {
    if (!descriptor_.is_open()) {
        throw_io_error("cannot write", file_, errno);
    }
    if (::lseek(descriptor_.get(), 0, SEEK_END) == 0) {
        write_all(descriptor_, header, file_);
    }
}

void MoveLog::add(const std::vector<Move>& moves) {
    std::string lines;
    for (const auto& [from, to] : moves) {
        lines += csv_quoted(from.native()) + ',' + csv_quoted(to.native()) + '\n';
    }
    write_all(descriptor_, lines, file_);
    if (::fsync(descriptor_.get()) != 0) {
        throw_io_error("cannot write", file_, errno);
    }
}

std::vector<MoveLog::Move> MoveLog::read(const std::filesystem::path& file) {
    auto text = read_text_file(file);
    if (!std::string_view(text).starts_with(header)) {
        throw InvalidArgument("'" + file.native() +
                              "' is not a log of moves: its first line is not " +
                              std::string(header.substr(0, header.size() - 1)));
    }
    // A line ends with a quote and a line end; a path may hold line ends, but not after a quote.
    text.resize(text.rfind("\"\n") + 2);
    std::vector<Move> moves;
    for (const auto& row : read_csv(text)) {
        if (row.fields.size() != 2) {
            throw InvalidArgument("'" + file.native() + "' is damaged: line " +
                                  std::to_string(row.line) + " has not two columns");
        }
        moves.emplace_back(row.fields[0], row.fields[1]);
    }
    moves.erase(moves.begin());
    return moves;
}

}  // namespace speciesnet::cli
