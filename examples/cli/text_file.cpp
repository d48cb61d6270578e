// Reading whole files, and writing them in one step.
#include "text_file.hpp"

#include "atomic_file.hpp"
#include "file_descriptor.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet::cli {

namespace fs = std::filesystem;

std::string read_text_file(const fs::path& file) {
    const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.is_open()) {
        throw_io_error("cannot read", file, errno);
    }
    std::string content;
    std::array<char, 65536> block{};
    while (true) {
        const ssize_t count = ::read(descriptor.get(), block.data(), block.size());
        if (count == 0) {
            return content;
        }
        if (count > 0) {
            content.append(block.data(), static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            throw_io_error("cannot read", file, errno);
        }
    }
}

std::vector<std::string> read_lines(const fs::path& file) {
    const std::string content = read_text_file(file);
    std::string_view rest = content;
    // Some editors put a byte order mark in front of UTF-8.
    if (rest.starts_with("\xEF\xBB\xBF")) {
        rest.remove_prefix(3);
    }
    std::vector<std::string> lines;
    while (!rest.empty()) {
        const auto end = rest.find_first_of("\r\n");
        if (auto line = strip(rest.substr(0, end)); !line.empty()) {
            lines.push_back(std::move(line));
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return lines;
}

std::string strip(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

void check_writable(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        throw IoError(ErrorCode::io, "'" + file.native() + "' exists and is not a plain file");
    }
    if (::access(folder_of(file).c_str(), W_OK | X_OK) != 0) {
        throw_io_error("cannot write", file, errno);
    }
}

void write_text_file(const fs::path& file, std::string_view content) {
    AtomicFile replacement(file);
    replacement.write(content);
    replacement.publish();
}

}  // namespace speciesnet::cli
