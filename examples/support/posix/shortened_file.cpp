// SPDX-License-Identifier: Apache-2.0
// A signal handler may use only system calls: reads /proc/self/maps byte by byte, without
// allocating.
#include "shortened_file.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <linux/limits.h>
#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>

namespace speciesnet {
namespace {

struct Message {
    const char* before;
    const char* after;
    int exit_code;
};
/// Set before the handler is installed.
Message message{};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// One line of /proc/self/maps: "begin-end permissions offset device inode path".
class MapsLine {
public:
    void take(char c) {
        if (field_ == 0) {
            if (c == '-') {
                begin_ = number_;
                number_ = 0;
            } else if (c == ' ') {
                end_ = number_;
                field_ = 1;
            } else {
                number_ = number_ * 16 + digit(c);
            }
        } else if (c == '/' || length_ > 0) {
            if (length_ < path_.size()) {
                path_[length_++] = c;
            }
        }
    }

    bool is_of(std::uintptr_t address) const {
        return length_ > 0 && address >= begin_ && address < end_;
    }
    const char* path() const { return path_.data(); }
    std::size_t length() const { return length_; }

private:
    static std::uintptr_t digit(char c) {
        return static_cast<std::uintptr_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    }

    int field_ = 0;
    std::uintptr_t number_ = 0;
    std::uintptr_t begin_ = 0;
    std::uintptr_t end_ = 0;
    std::array<char, PATH_MAX> path_{};
    std::size_t length_ = 0;
};

/// Whether a thread is already ending the process. Several threads may read the same file.
std::atomic_flag is_ending;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// Writes the message in one call, so that no other output is mixed into it.
void say(const MapsLine& line) {
    const auto part = [](const char* text, std::size_t length) {
        return iovec{.iov_base = const_cast<char*>(text), .iov_len = length};
    };
    const std::array parts{part(message.before, std::strlen(message.before)),
                           part(line.path(), line.length()),
                           part(message.after, std::strlen(message.after))};
    // A failure cannot be reported.
    [[maybe_unused]] const auto written =
        writev(STDERR_FILENO, parts.data(), static_cast<int>(parts.size()));
}

/// Writes the path of the file that is mapped at an address. @return false if there is none
bool say_file_at(std::uintptr_t address) {
    const int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    MapsLine line;
    std::array<char, 1024> bytes{};
    ssize_t count = 0;
    while ((count = read(maps, bytes.data(), bytes.size())) > 0) {
        for (std::size_t index = 0; index < static_cast<std::size_t>(count); ++index) {
            const char c = bytes[index];
            if (c != '\n') {
                // The path may be inside a JSON string.
                line.take(c == '"' || c == '\\' ? '?' : c);
                continue;
            }
            if (line.is_of(address)) {
                say(line);
                return true;
            }
            line = MapsLine();
        }
    }
    return false;
}

extern "C" void on_bus_error(int, siginfo_t* info, void*) {
    while (is_ending.test_and_set()) {
        poll(nullptr, 0, 1);  // Waits until the other thread ends the process.
    }
    if (say_file_at(reinterpret_cast<std::uintptr_t>(info->si_addr))) {
        _exit(message.exit_code);
    }
    // Not a truncated file: takes the default action when the failed instruction is repeated.
    std::signal(SIGBUS, SIG_DFL);
    is_ending.clear();
}

}  // namespace

void name_shortened_files(const char* before, const char* after, int exit_code) {
    message = {.before = before, .after = after, .exit_code = exit_code};
    struct sigaction action {};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &action, nullptr);
}

}  // namespace speciesnet
