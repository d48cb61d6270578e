// SPDX-License-Identifier: Apache-2.0
// Where models are cached.
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include <cstdlib>
#include <optional>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// An environment variable, set or unset for one test.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* const before = std::getenv(name)) {
            before_ = before;
        }
        set(value);
    }
    ~Environment() { set(before_ ? before_->c_str() : nullptr); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    void set(const char* value) {
        if (value != nullptr) {
            setenv(name_, value, 1);
        } else {
            unsetenv(name_);
        }
    }

    const char* name_;
    std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("the environment determines the folder of the cache") {
    const Environment home("HOME", "/home/someone");
    const Environment xdg("XDG_CACHE_HOME", nullptr);
    const Environment own("SPECIESNET_CACHE", nullptr);
    CHECK(default_cache_folder() == "/home/someone/.cache/speciesnet");
    {
        const Environment relative("XDG_CACHE_HOME", "relative");
        CHECK(default_cache_folder() == "/home/someone/.cache/speciesnet");
        const Environment set("XDG_CACHE_HOME", "/var/cache");
        CHECK(default_cache_folder() == "/var/cache/speciesnet");
        const Environment first("SPECIESNET_CACHE", "/data/models");
        CHECK(default_cache_folder() == "/data/models");
    }
    const Environment homeless("HOME", nullptr);
    CHECK_THROWS_AS(default_cache_folder(), IoError);
}
