// The log: one JSON object a line on standard error. It never holds what was in a photo.
#pragma once

#include "refusal.hpp"

#include <mutex>
#include <string_view>

namespace server {

/// Thread-safe.
class Log {
public:
    void info(std::string_view message, const Json& fields = Json::object()) {
        write("info", message, fields);
    }
    void warning(std::string_view message, const Json& fields = Json::object()) {
        write("warning", message, fields);
    }
    void error(std::string_view message, const Json& fields = Json::object()) {
        write("error", message, fields);
    }

private:
    void write(std::string_view level, std::string_view message, const Json& fields);

    std::mutex mutex_;
};

}  // namespace server
