// SPDX-License-Identifier: Apache-2.0
// The log: one JSON object per line on standard error, without contents of photos.
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

/// Thread-safe. Lines are written by a thread of the log's own: a reader that stops reading holds
/// no thread that logs. What it has not taken yet is kept up to a limit; lines beyond that, and
/// those for which there is no memory, are dropped and counted, and the count is logged with the
/// next line that is kept.
class Log {
public:
    /// A name and what is to be said under it, valid during the call. Nothing is allocated for it.
    struct Field {
        std::string_view name;
        std::variant<std::string_view, double, std::size_t, bool> value;
    };
    using Fields = std::initializer_list<Field>;

    static constexpr int standard_error = 2;
    static constexpr std::size_t default_capacity = std::size_t{1} << 20;

    /// @param descriptor where lines go; it stays open
    /// @param capacity   bytes that may wait
    explicit Log(int descriptor = standard_error, std::size_t capacity = default_capacity);
    /// Writes queued lines, unless the reader has stopped.
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
    std::string waiting_;      ///< Whole lines.
    std::size_t dropped_ = 0;  ///< Lines since the last one that was kept.
    std::jthread thread_;
};

}  // namespace server
