// SPDX-License-Identifier: Apache-2.0
// Files are shared in every way: what is open can be renamed, but not replaced.
#include "system/files.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "system/file_operations.hpp"
#include "system/windows/win32.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

constexpr DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
/// One call takes 32 bits of size.
constexpr std::size_t most_at_once = std::size_t{1} << 30U;

HANDLE handle_of(NativeFile file) {
    return reinterpret_cast<HANDLE>(file);
}

[[noreturn]] void fail_to_read(const std::filesystem::path& path, ErrorCode code,
                               const std::string& why) {
    throw IoError(code, "cannot read '" + utf8_text(path) + "': " + why);
}

[[noreturn]] void fail_to_read(const std::filesystem::path& path, const std::error_code& error) {
    const bool missing = error.value() == ERROR_FILE_NOT_FOUND ||
                         error.value() == ERROR_PATH_NOT_FOUND ||
                         error.value() == ERROR_INVALID_NAME || error.value() == ERROR_BAD_NETPATH;
    fail_to_read(path, missing ? ErrorCode::not_found : ErrorCode::io, error.message());
}

NativeFile open(const std::filesystem::path& path, DWORD access, DWORD creation,
                DWORD flags = FILE_ATTRIBUTE_NORMAL) {
    return reinterpret_cast<NativeFile>(
        CreateFileW(native_path(path).c_str(), access, shared, nullptr, creation, flags, nullptr));
}

bool is_open(NativeFile file) {
    return handle_of(file) != INVALID_HANDLE_VALUE;
}

void write_all(NativeFile file, const std::filesystem::path& path, std::string_view content) {
    while (!content.empty()) {
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min(content.size(), most_at_once));
        if (WriteFile(handle_of(file), content.data(), wanted, &count, nullptr) == 0) {
            fail_with_file("cannot write", path, last_error());
        }
        content.remove_prefix(count);
    }
}

/// Of names of devices, which Windows finds in every folder, whatever follows a dot.
bool is_device(std::string_view name) {
    std::string stem(name.substr(0, name.find('.')));
    stem.resize(stem.find_last_not_of(' ') + 1);
    std::transform(stem.begin(), stem.end(), stem.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    const bool is_port = stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) &&
                         stem.back() >= '0' && stem.back() <= '9';
    return is_port || stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL" ||
           stem == "CONIN$" || stem == "CONOUT$";
}

}  // namespace

void close_file(NativeFile file) noexcept {
    CloseHandle(handle_of(file));
}

// Windows has no such call for the names in a folder: renaming waits for them itself.
void sync_to_disk(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) {
        return;
    }
    const NativeFile file = open(path, GENERIC_WRITE, OPEN_EXISTING);
    if (!is_open(file)) {
        fail_with_file("cannot open", path, last_error());
    }
    const bool written = FlushFileBuffers(handle_of(file)) != 0;
    const auto error = last_error();
    close_file(file);
    if (!written) {
        fail_with_file("cannot write", path, error);
    }
}

std::error_code replace_path(const std::filesystem::path& from, const std::filesystem::path& to) {
    // A folder is not replaced; removing fails if there is none, or if it is not empty.
    RemoveDirectoryW(native_path(to).c_str());
    return MoveFileExW(native_path(from).c_str(), native_path(to).c_str(),
                       MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0
               ? std::error_code()
               : last_error();
}

std::filesystem::path make_unique_folder(const std::filesystem::path& parent,
                                         const std::string& prefix) {
    constexpr int attempts = 100;
    std::random_device random;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        auto folder = parent / utf8_path(prefix + std::to_string(random()));
        if (CreateDirectoryW(native_path(folder).c_str(), nullptr) != 0) {
            return folder;
        }
        if (GetLastError() != ERROR_ALREADY_EXISTS) {
            break;
        }
    }
    fail_with_file("cannot write in", parent, last_error());
}

// FILE_FLAG_BACKUP_SEMANTICS opens folders, too, so that the error says what it is.
RegularFile::RegularFile(std::filesystem::path path)
    : path_(std::move(path)),
      file_(open(path_, GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS)) {
    if (!is_open(file_)) {
        fail_to_read(path_, last_error());
    }
    BY_HANDLE_FILE_INFORMATION information{};
    const bool known = GetFileType(handle_of(file_)) == FILE_TYPE_DISK &&
                       GetFileInformationByHandle(handle_of(file_), &information) != 0;
    const bool is_folder = (information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (!known || is_folder) {
        close_file(file_);
        fail_to_read(
            path_, ErrorCode::io,
            std::string("it is a ") + (is_folder ? "folder" : "device") + ", not a regular file");
    }
    size_ = std::uint64_t{information.nFileSizeHigh} << 32U | information.nFileSizeLow;
}

RegularFile::~RegularFile() {
    close_file(file_);
}

std::size_t RegularFile::read(std::span<std::byte> target) {
    std::size_t filled = 0;
    while (filled < target.size()) {
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min(target.size() - filled, most_at_once));
        if (ReadFile(handle_of(file_), target.data() + filled, wanted, &count, nullptr) == 0) {
            fail_to_read(path_, last_error());
        }
        if (count == 0) {
            break;
        }
        filled += count;
    }
    return filled;
}

// CREATE_NEW: two files of one name in a package must not overwrite each other unnoticed.
NewFile::NewFile(std::filesystem::path path)
    : path_(std::move(path)), file_(open(path_, GENERIC_WRITE, CREATE_NEW)) {
    if (!is_open(file_)) {
        fail_with_file("cannot make", path_, last_error());
    }
}

NewFile::~NewFile() {
    if (is_open(file_)) {
        close_file(file_);
    }
}

void NewFile::write(std::string_view content) {
    write_all(file_, path_, content);
}

void NewFile::close() {
    if (CloseHandle(handle_of(
            std::exchange(file_, reinterpret_cast<NativeFile>(INVALID_HANDLE_VALUE)))) == 0) {
        fail_with_file("cannot write", path_, last_error());
    }
}

GrowingFile::GrowingFile(std::filesystem::path path)
    : path_(std::move(path)), file_(open(path_, GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS)) {
    if (!is_open(file_)) {
        fail_with_file("cannot write", path_, last_error());
    }
    LARGE_INTEGER end{};
    if (SetFilePointerEx(handle_of(file_), {}, &end, FILE_END) == 0) {
        const auto error = last_error();
        close_file(file_);
        fail_with_file("cannot write", path_, error);
    }
    size_ = static_cast<std::uint64_t>(end.QuadPart);
}

GrowingFile::~GrowingFile() {
    close_file(file_);
}

void GrowingFile::append(std::string_view content) {
    write_all(file_, path_, content);
    size_ += content.size();
}

void GrowingFile::clear() {
    if (SetFilePointerEx(handle_of(file_), {}, nullptr, FILE_BEGIN) == 0 ||
        SetEndOfFile(handle_of(file_)) == 0) {
        fail_with_file("cannot write", path_, last_error());
    }
    size_ = 0;
}

void GrowingFile::sync() {
    if (FlushFileBuffers(handle_of(file_)) == 0) {
        fail_with_file("cannot write", path_, last_error());
    }
}

bool is_file_name(std::string_view name) noexcept {
    static constexpr std::string_view reserved = "<>:\"/\\|?*";
    // Windows cuts dots and blanks off the end, "." and ".." among them.
    return !name.empty() && name.back() != '.' && name.back() != ' ' && !is_device(name) &&
           std::none_of(name.begin(), name.end(), [](char letter) {
               return static_cast<unsigned char>(letter) < ' ' ||
                      reserved.find(letter) != std::string_view::npos;
           });
}

}  // namespace speciesnet
