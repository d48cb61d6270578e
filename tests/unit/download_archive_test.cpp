// SPDX-License-Identifier: Apache-2.0
#include "speciesnet/error.hpp"

#include "download/archive.hpp"
#include "rejects.hpp"
#include "small_tar.hpp"
#include "stored_zip.hpp"
#include "system/memory.hpp"
#include "temporary_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <zlib.h>

namespace speciesnet {
namespace {

namespace fs = std::filesystem;

constexpr ArchiveLimits roomy{.max_bytes = 1 << 30, .max_entries = 100};

std::string compress(const std::string& content) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, content.size()), '\0');
    std::string input = content;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// A folder for one extraction. A file outside "inside" would be an escape.
struct Place {
    TemporaryFolder folder;
    fs::path inside = fs::path(folder.path()) / "inside";

    void extract(const std::string& archive, const ArchiveLimits& limits = roomy) const {
        extract_archive(archive, "a.tar", inside, limits, {});
    }
    std::string content(const std::string& name) const {
        return std::string(map_file(inside / name).content);
    }
    bool nothing_escaped() const {
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            if (entry.path() != inside) {
                return false;
            }
        }
        return true;
    }
};

bool refused(const std::string& entries, const std::string& words) {
    const Place place;
    return rejects([&] { place.extract(entries + tar_end()); }, words) && place.nothing_escaped();
}

}  // namespace

TEST_CASE("files and folders of a tar archive are extracted, plain or compressed") {
    const auto tar = tar_entry("./", "", '5') + tar_entry("./info.json", "{}") +
                     tar_entry("sub/", "", '5') + tar_entry("sub/labels.txt", "a\nb\n") + tar_end();
    for (const auto& archive : {tar, compress(tar)}) {
        const Place place;
        place.extract(archive);
        CHECK(place.content("info.json") == "{}");
        CHECK(place.content("sub/labels.txt") == "a\nb\n");
    }
}

TEST_CASE("files of a zip archive are extracted") {
    const Place place;
    place.extract(stored_zip({{"info.json", "{}"}, {"labels.txt", "a"}}));
    CHECK(place.content("info.json") == "{}");
    CHECK(place.content("labels.txt") == "a");
}

TEST_CASE("no entry of an archive is written outside the folder") {
    CHECK(refused(tar_entry("../outside", "x"), "unsafe name"));
    CHECK(refused(tar_entry("a/../../outside", "x"), "unsafe name"));
    CHECK(refused(tar_entry("/tmp/outside", "x"), "unsafe name"));
    CHECK(refused(tar_entry("./../outside", "x"), "unsafe name"));
    CHECK(refused(tar_entry("..", "", '5'), "unsafe name"));
    CHECK(refused(tar_entry("..\\outside", "x"), "unsafe name"));
    CHECK(refused(tar_entry("a\nb", "x"), "unsafe name"));
    const Place place;
    CHECK(rejects([&] { place.extract(stored_zip({{"../outside", "x"}})); }, "unsafe name"));
    CHECK(place.nothing_escaped());
}

TEST_CASE("links, devices and pipes in an archive are refused") {
    CHECK(refused(tar_entry("link", "", '2', "/etc/passwd"), "neither a plain file"));
    CHECK(refused(tar_entry("folder", "", '2', "..") + tar_entry("folder/outside", "x"),
                  "neither a plain file"));
    CHECK(refused(tar_entry("a", "x") + tar_entry("b", "", '1', "a"), "neither a plain file"));
    CHECK(refused(tar_entry("null", "", '3'), "neither a plain file"));
    CHECK(refused(tar_entry("pipe", "", '6'), "neither a plain file"));
}

TEST_CASE("an archive must not hold a file twice, or a file below a file") {
    CHECK(refused(tar_entry("a", "x") + tar_entry("a", "y"), "twice"));
    CHECK(refused(tar_entry("a", "x") + tar_entry("a/b", "y"), "below a file"));
}

TEST_CASE("an archive whose files exceed the size limit is refused") {
    const auto two = tar_entry("a", "12345") + tar_entry("b", "12345") + tar_end();
    const Place place;
    CHECK(rejects([&] { place.extract(two, {.max_bytes = 9}); }, "exceeds the size limit"));
    CHECK(Place().nothing_escaped());
    const Place other;
    CHECK(rejects([&] { other.extract(two, {.max_bytes = 100, .max_entries = 1}); }, "too many"));
    const Place enough;
    enough.extract(two, {.max_bytes = 10, .max_entries = 2});
    CHECK(enough.content("b") == "12345");
}

TEST_CASE("an archive that unpacks to a hundred times its size is refused whatever the limits") {
    const std::size_t size = std::size_t{32} << 20;
    const auto bomb = compress(tar_entry("a", std::string(size, '\0')) + tar_end());
    REQUIRE(bomb.size() * 100 < size / 4);
    const Place place;
    CHECK(rejects([&] { place.extract(bomb); }, "exceeds the size limit"));
}

TEST_CASE("a file that is not an archive, or a damaged one, is refused") {
    const Place place;
    CHECK(rejects([&] { place.extract(""); }, "cannot be read"));
    CHECK(rejects([&] { place.extract("<html>not found</html>"); }, "cannot be read"));
    std::string noise(20000, 'x');
    for (std::size_t i = 0; i < noise.size(); ++i) {
        noise[i] = static_cast<char>((i * i * 2654435761U) >> 13U);
    }
    const auto whole = compress(tar_entry("a", noise) + tar_end());
    CHECK(rejects([&] { place.extract(whole.substr(0, whole.size() / 2)); }, "cannot be read"));
    auto spoilt = tar_entry("a", noise);
    spoilt[0] = 'b';
    const Place another;
    CHECK(rejects([&] { another.extract(spoilt + tar_end()); }, "cannot be read"));
}

TEST_CASE("extraction can be stopped") {
    std::stop_source stop;
    stop.request_stop();
    const Place place;
    CHECK_THROWS_AS(extract_archive(tar_entry("a", "x") + tar_end(), "a.tar", place.inside, roomy,
                                    stop.get_token()),
                    Cancelled);
}

TEST_CASE("a package's files have plain relative paths") {
    CHECK(is_safe_path("info.json"));
    CHECK(is_safe_path("a/b c/d"));
    CHECK(is_safe_path("..."));
    for (const std::string path : {"", "/", "/a", "a/", "a//b", ".", "a/./b", "..", "a/..", "a\\b",
                                   "a\tb", "a\x7f", "1/2/3/4/5/6/7/8/9"}) {
        CAPTURE(path);
        CHECK_FALSE(is_safe_path(path));
    }
    CHECK_FALSE(is_safe_path(std::string(256, 'a')));
}

}  // namespace speciesnet
