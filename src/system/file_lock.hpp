// A lock that processes and threads share by the name of a file.
#pragma once

#include <filesystem>

namespace speciesnet {

/// Held from construction to destruction; the operating system frees it if the process dies.
class FileLock {
public:
    /// Waits until nobody else holds it. The file is made if need be, and stays.
    /// @throws IoError
    explicit FileLock(const std::filesystem::path& file);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

}  // namespace speciesnet
