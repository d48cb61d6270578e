// SPDX-License-Identifier: Apache-2.0
#include "media/magic.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "system/memory.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <magic.h>

namespace speciesnet {
namespace {

/// libmagic receives only the start of the file: enough for every signature, and bounded work.
constexpr std::size_t magic_bytes = 4096;

using Magic = std::unique_ptr<magic_set, decltype(&magic_close)>;

/// Maps libmagic's compiled database from the paths that libmagic itself would use. libmagic's own
/// loader silently skips files that it cannot open at the moment, and would then recognise no
/// format.
/// @throws IoError
std::vector<MappedFile> map_databases() {
    static constexpr std::string_view compiled = ".mgc";
    std::vector<MappedFile> databases;
    std::istringstream names(magic_getpath(nullptr, 0));
    for (std::string name; std::getline(names, name, ':');) {
        name += name.ends_with(compiled) ? std::string_view() : compiled;
        try {
            databases.push_back(map_file(utf8_path(name)));
        } catch (const IoError& error) {
            if (error.code() != ErrorCode::not_found) {
                throw;
            }
        }
    }
    if (databases.empty()) {
        throw IoError(ErrorCode::not_found, std::string("libmagic's database is missing: ") +
                                                magic_getpath(nullptr, 0) + " (.mgc)");
    }
    return databases;
}

[[noreturn]] void throw_magic_error(magic_set* magic) {
    if (magic_errno(magic) == ENOMEM) {
        throw std::bad_alloc();
    }
    throw Error(ErrorCode::internal, std::string("libmagic: ") + magic_error(magic));
}

Magic open_magic() {
    static constexpr int flags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                                 MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_TEXT |
                                 MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_ENCODING |
                                 MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_APPTYPE;
    static const auto databases = map_databases();
    Magic magic(magic_open(flags), magic_close);
    if (!magic) {
        throw std::bad_alloc();
    }
    std::vector<void*> contents;
    std::vector<std::size_t> sizes;
    for (const auto& database : databases) {
        // libmagic does not write to it: the mapping is read-only.
        contents.push_back(const_cast<char*>(database.content.data()));
        sizes.push_back(database.content.size());
    }
    if (magic_load_buffers(magic.get(), contents.data(), sizes.data(), contents.size()) != 0) {
        throw_magic_error(magic.get());
    }
    return magic;
}

}  // namespace

// libmagic's state must not be shared between threads, so each thread has its own over the same
// database.
bool is_image_by_magic(Bytes bytes) {
    static thread_local const Magic magic = open_magic();
    const char* const found =
        magic_buffer(magic.get(), bytes.data(), std::min(bytes.size(), magic_bytes));
    if (found == nullptr) {
        throw_magic_error(magic.get());
    }
    return std::string_view(found).starts_with("image/");
}

}  // namespace speciesnet
