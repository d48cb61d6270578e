// flock() locks belong to the open file, so that threads of one process exclude each other, too.
#include "system/file_lock.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace speciesnet {

FileLock::FileLock(const std::filesystem::path& file)
    : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    int error = descriptor_ < 0 ? errno : 0;
    while (error == 0 && flock(descriptor_, LOCK_EX) != 0) {
        error = errno == EINTR ? 0 : errno;
    }
    if (error != 0) {
        if (descriptor_ >= 0) {
            close(descriptor_);
        }
        throw IoError(ErrorCode::io, "cannot lock '" + file.string() +
                                         "': " + std::generic_category().message(error));
    }
}

FileLock::~FileLock() {
    close(descriptor_);
}

}  // namespace speciesnet
