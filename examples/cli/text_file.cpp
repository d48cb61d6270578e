// Reading whole files; writing by temporary name, fsync, rename, fsync of the folder.
#include "text_file.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_io_error(const std::string& what, const fs::path& file, int error) {
    const auto code = error == ENOENT ? ErrorCode::not_found : ErrorCode::io;
    throw IoError(code,
                  what + " '" + file.native() + "': " + std::generic_category().message(error));
}

/// An open file; closed at the end.
class Descriptor {
public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    ~Descriptor() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

/// A new file that is removed unless it is given its final name.
class TemporaryFile {
public:
    explicit TemporaryFile(const fs::path& final_name)
        : final_name_(final_name),
          suffix_(final_name.extension().native()),
          name_((folder_of(final_name) / final_name.stem()).native() + ".tmp.XXXXXX" + suffix_),
          descriptor_(::mkstemps(name_.data(), static_cast<int>(suffix_.size()))) {
        if (descriptor_.get() < 0) {
            throw_io_error("cannot write", final_name_, errno);
        }
        // mkstemps() makes files private; results are as public as the user's other files.
        const mode_t mask = ::umask(0);
        ::umask(mask);
        ::fchmod(descriptor_.get(), 0666 & ~mask);
    }
    ~TemporaryFile() {
        if (!name_.empty()) {
            ::unlink(name_.c_str());
        }
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    static fs::path folder_of(const fs::path& file) {
        return file.has_parent_path() ? file.parent_path() : fs::path(".");
    }

    void write(std::string_view content) {
        while (!content.empty()) {
            const ssize_t written = ::write(descriptor_.get(), content.data(), content.size());
            if (written < 0 && errno != EINTR) {
                throw_io_error("cannot write", final_name_, errno);
            }
            content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
        }
    }

    void publish() {
        if (::fsync(descriptor_.get()) != 0 || ::rename(name_.c_str(), final_name_.c_str()) != 0) {
            throw_io_error("cannot write", final_name_, errno);
        }
        name_.clear();
        const Descriptor folder(::open(folder_of(final_name_).c_str(), O_RDONLY | O_DIRECTORY));
        if (folder.get() >= 0) {
            ::fsync(folder.get());
        }
    }

private:
    fs::path final_name_;
    std::string suffix_;
    std::string name_;
    Descriptor descriptor_;
};

}  // namespace

std::string read_text_file(const fs::path& file) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) {
        throw_io_error("cannot read", file, errno);
    }
    std::string content;
    std::array<char, 65536> block;
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
    if (::access(TemporaryFile::folder_of(file).c_str(), W_OK | X_OK) != 0) {
        throw_io_error("cannot write", file, errno);
    }
}

void write_text_file(const fs::path& file, std::string_view content) {
    TemporaryFile temporary(file);
    temporary.write(content);
    temporary.publish();
}

}  // namespace speciesnet::cli
