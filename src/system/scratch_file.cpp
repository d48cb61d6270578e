// SPDX-License-Identifier: Apache-2.0
// The pages are shared with the file, so release_pages() frees memory without losing content.
#include "system/scratch_file.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace speciesnet {

ScratchFile::ScratchFile(const std::filesystem::path& folder, std::size_t size) : size_(size) {
    if (size == 0) {
        return;
    }
    std::string name = (folder / ".scratch-XXXXXX").string();
    const int descriptor = mkostemp(name.data(), O_CLOEXEC);
    int error = descriptor < 0 ? errno : 0;
    if (error == 0) {
        unlink(name.c_str());
        // Allocates the space on disk: a full disk is an error here, and not a signal later.
        error = posix_fallocate(descriptor, 0, static_cast<off_t>(size));
    }
    if (error == 0) {
        void* const address =
            mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        error = address == MAP_FAILED ? errno : 0;
        data_ = error == 0 ? static_cast<char*>(address) : nullptr;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (error != 0) {
        throw IoError(ErrorCode::io, "cannot use " + std::to_string(size) + " bytes in '" +
                                         folder.string() +
                                         "': " + std::generic_category().message(error));
    }
}

ScratchFile::~ScratchFile() {
    if (data_ != nullptr) {
        munmap(data_, size_);
    }
}

}  // namespace speciesnet
