// Imported copies in the cache: made once, made anew when the package changes, never half.
#include "speciesnet/error.hpp"
#include "speciesnet/import.hpp"

#include "published_package.hpp"
#include "system/file_lock.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

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

/// Counts the networks that are imported.
struct Counted {
    std::atomic<int> imports = 0;
    ImportOptions options{.progress = [this](std::string_view) { ++imports; }};
};

}  // namespace

TEST_CASE("a package is imported once, and again after it has changed") {
    const PublishedPackage package;
    const TemporaryFolder cache;
    Counted counted;
    const auto copy = imported_folder_for(package.path(), cache.path(), counted.options);
    CHECK(counted.imports == 2);
    CHECK(copy.parent_path() == std::filesystem::path(cache.path()) / "imported");
    CHECK_FALSE(needs_import(copy));
    CHECK(imported_folder_for(package.path(), cache.path(), counted.options) == copy);
    CHECK(counted.imports == 2);

    const auto labels = package.path() / "labels.txt";
    std::filesystem::last_write_time(
        labels, std::filesystem::last_write_time(labels) + std::chrono::seconds(5));
    CHECK(imported_folder_for(package.path(), cache.path(), counted.options) == copy);
    CHECK(counted.imports == 4);
    package.write("labels.txt", "a\nb\nc\n");
    imported_folder_for(package.path(), cache.path(), counted.options);
    CHECK(bytes_of(copy / "labels.txt") == "a\nb\nc\n");
}

TEST_CASE("a package that needs no import is its own folder, and the cache stays untouched") {
    const PublishedPackage package;
    const TemporaryFolder place;
    const auto imported = std::filesystem::path(place.path()) / "imported";
    import_package(package.path(), imported);
    const auto cache = std::filesystem::path(place.path()) / "cache";
    CHECK(imported_folder_for(imported, cache) == imported);
    CHECK_FALSE(std::filesystem::exists(cache));
}

TEST_CASE("two that ask at once import once") {
    const PublishedPackage package;
    const TemporaryFolder cache;
    Counted counted;
    std::filesystem::path first;
    std::filesystem::path second;
    std::thread other(
        [&] { first = imported_folder_for(package.path(), cache.path(), counted.options); });
    second = imported_folder_for(package.path(), cache.path(), counted.options);
    other.join();
    CHECK(first == second);
    CHECK(counted.imports == 2);
}

TEST_CASE("who waits for another's import is told so, and can be stopped") {
    const PublishedPackage package;
    const TemporaryFolder cache;
    const auto copy = imported_folder_for(package.path(), cache.path());
    std::filesystem::remove_all(copy);
    const FileLock other(copy.string() + ".lock");
    std::stop_source stop;
    const ImportOptions options{.waiting = [&] { stop.request_stop(); }, .stop = stop.get_token()};
    CHECK_THROWS_AS(imported_folder_for(package.path(), cache.path(), options), Cancelled);
}

TEST_CASE("an import that is stopped leaves no copy") {
    const PublishedPackage package;
    const TemporaryFolder cache;
    std::stop_source stop;
    const ImportOptions options{.progress = [&](std::string_view) { stop.request_stop(); },
                                .stop = stop.get_token()};
    CHECK_THROWS_AS(imported_folder_for(package.path(), cache.path(), options), Cancelled);
    CHECK_THROWS_AS(import_package(package.path(), cache.path() + "/made", options), Cancelled);
    CHECK_FALSE(std::filesystem::exists(cache.path() + "/made"));
    CHECK(imported_folder_for(package.path(), cache.path()).parent_path() ==
          std::filesystem::path(cache.path()) / "imported");
}

TEST_CASE("what a killed import left behind is removed by the next") {
    const PublishedPackage package;
    const TemporaryFolder cache;
    const auto copy = imported_folder_for(package.path(), cache.path());
    std::filesystem::remove_all(copy);
    const auto leftover = copy.parent_path() / ("." + copy.filename().string() + ".partial-killed");
    std::filesystem::create_directories(leftover / copy.filename());
    CHECK(imported_folder_for(package.path(), cache.path()) == copy);
    CHECK_FALSE(std::filesystem::exists(leftover));
    CHECK_FALSE(needs_import(copy));
}

TEST_CASE("a failed import leaves no copy") {
    const PublishedPackage package;
    package.write("classifier.pt", "broken");
    const TemporaryFolder cache;
    CHECK_THROWS_AS(imported_folder_for(package.path(), cache.path()), ModelError);
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(cache.path()) / "imported")) {
        CHECK(entry.path().extension() == ".lock");
    }
}

TEST_CASE("the cache is where the environment says") {
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
