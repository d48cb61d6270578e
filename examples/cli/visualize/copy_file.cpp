// SPDX-License-Identifier: Apache-2.0
// Images of this program have a comment near their start, after the tables of the format.
#include "copy_file.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/jpeg_writer.hpp"
#include "files/atomic_file.hpp"
#include "files/text_file.hpp"

#include <cstddef>
#include <string_view>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// More than the bytes that encode_jpeg() writes up to the end of the comment.
constexpr std::size_t marked_bytes = 256;

}  // namespace

bool is_annotated_copy(const fs::path& file) {
    try {
        const auto bytes = read_beginning(file, marked_bytes);
        const std::string_view start(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return start.find(jpeg_mark) != std::string_view::npos;
    } catch (const IoError&) {
        return false;
    }
}

void write_copy(const fs::path& file, const std::string& jpeg) {
    make_folder(file.parent_path());
    if (fs::exists(fs::symlink_status(file)) && !is_annotated_copy(file)) {
        throw IoError(ErrorCode::io, "'" + utf8_text(file) +
                                         "' exists and was not drawn by this program; it is kept. "
                                         "Name another folder");
    }
    write_text_file(file, jpeg);
}

}  // namespace speciesnet::cli
