// SPDX-License-Identifier: Apache-2.0
// Writes the log: one JSON object on each line of standard error, without contents of photos.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <initializer_list>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <variant>

namespace server {

/// Thread-safe. A separate thread writes lines, so that a reader that stops reading blocks no
/// thread that logs. Lines that wait for the reader are kept up to a limit. Lines beyond it, and
/// those for which there is no memory, are dropped and counted; the count is logged with the next
/// line that is kept.
class Log {
public:
    /// A name and a value, which must be valid during the call. No memory is allocated for it.
    struct Field {
        std::string_view name;
        std::variant<std::string_view, double, std::size_t, bool> value;
    };
    using Fields = std::initializer_list<Field>;

    static constexpr int standard_error = 2;
    static constexpr std::size_t default_capacity = std::size_t{1} << 20;

    /// @param descriptor destination of lines; it stays open
    /// @param capacity   maximum number of bytes that wait
    explicit Log(int descriptor = standard_error, std::size_t capacity = default_capacity);
    /// Writes queued lines, unless the reader has stopped reading.
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void info(std::string_view message, Fields fields = {}) noexcept {
        write("info", message, fields);
    }
    void warning(std::string_view message, Fields fields = {}) noexcept {
        write("warning", message, fields);
    }
    void error(std::string_view message, Fields fields = {}) noexcept {
        write("error", message, fields);
    }

private:
    void write(std::string_view level, std::string_view message, Fields fields) noexcept;
    void append(std::string_view level, std::string_view message, Fields fields);
    void serve(const std::stop_token& stop);
    void take_lines(std::string& lines, const std::stop_token& stop);

    const int descriptor_;
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::string waiting_;      ///< Complete lines.
    std::size_t dropped_ = 0;  ///< Number of lines dropped since the last one that was kept.
    std::jthread thread_;
};

}  // namespace server
