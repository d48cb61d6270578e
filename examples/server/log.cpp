// Lines are written whole, so that they stay lines when many threads log.
#include "log.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

namespace server {
namespace {

/// Now, as RFC 3339 in UTC with milliseconds.
std::string timestamp() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::time_t seconds = milliseconds / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> date{};
    std::array<char, 40> text{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(),
                  static_cast<int>(milliseconds % 1000));
    return text.data();
}

}  // namespace

void Log::write(std::string_view level, std::string_view message, const Json& fields) {
    Json line = {{"time", timestamp()}, {"level", level}, {"message", message}};
    line.update(fields);
    const auto text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex_);
    std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace server
