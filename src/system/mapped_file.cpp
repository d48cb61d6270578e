// Mapping with owners, so that no view outlives its file.
#include "system/mapped_file.hpp"

#include "speciesnet/error.hpp"

#include "system/whole_pages.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
    const auto code = error == ENOENT || error == ENOTDIR ? ErrorCode::not_found : ErrorCode::io;
    throw IoError(code,
                  "cannot read '" + path.string() + "': " + std::generic_category().message(error));
}

}  // namespace

MappedFile map_file(const std::filesystem::path& path) {
    // O_NONBLOCK: opening a named pipe must fail below, not wait for a writer.
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        fail(path, errno);
    }
    struct stat status {};
    const int error = fstat(descriptor, &status) != 0 ? errno : 0;
    if (error != 0 || !S_ISREG(status.st_mode)) {
        close(descriptor);
        fail(path, error != 0 ? error : (S_ISDIR(status.st_mode) ? EISDIR : EINVAL));
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) {
        close(descriptor);
        return {};
    }
    void* const address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int map_error = errno;
    close(descriptor);
    if (address == MAP_FAILED) {
        fail(path, map_error);
    }
    const std::shared_ptr<const void> owner(address,
                                            [size](void* mapped) { munmap(mapped, size); });
    return {{static_cast<const char*>(address), size}, owner};
}

void release_pages(std::string_view content) noexcept {
    // The system's functions take pointers to mutable memory; nothing is written.
    const auto pages = whole_pages(const_cast<char*>(content.data()), content.size(),
                                   static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
    if (!pages.empty()) {
        madvise(pages.data(), pages.size(), MADV_DONTNEED);
    }
}

}  // namespace speciesnet
