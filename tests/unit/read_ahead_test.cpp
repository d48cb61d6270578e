// SPDX-License-Identifier: Apache-2.0
// Photos are read ahead in order, and a photo that fails does not stop others.
#include "ensemble/read_ahead.hpp"

#include "temporary_folder.hpp"

#include <thread>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Returns a minimal BMP of 24 bits, `width` pixels wide and one high.
std::string bitmap(char width) {
    const int row = (width * 3 + 3) / 4 * 4;
    std::string bytes = "BM";
    bytes += std::string{static_cast<char>(54 + row), 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0};
    bytes += std::string{40, 0, 0, 0, width, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0};
    bytes += std::string(24, '\0') + std::string(static_cast<std::size_t>(row), '\x7f');
    return bytes;
}

bool all(const Instance&) {
    return true;
}

}  // namespace

TEST_CASE("photos come in the order of the instances, whichever is decoded first") {
    const TemporaryFolder folder;
    std::vector<Instance> instances;
    for (char width = 1; width <= 20; ++width) {
        instances.push_back({folder.write(std::to_string(width) + ".bmp", bitmap(width)), {}});
    }
    ReadAhead photos(source_of(instances), all, 3, 4);
    for (int width = 1; width <= 20; ++width) {
        const auto photo = photos.next()->photo;
        REQUIRE(photo.image);
        CHECK(photo.image->width() == width);
    }
    CHECK_FALSE(photos.next());
}

TEST_CASE("instances are requested on the caller's thread, no further ahead than there is room") {
    const TemporaryFolder folder;
    const auto file = folder.write("good.bmp", bitmap(5));
    const auto caller = std::this_thread::get_id();
    std::size_t given = 0;
    ReadAhead photos(
        [&]() -> SharedInstance {
            CHECK(std::this_thread::get_id() == caller);
            return ++given > 10 ? nullptr : std::make_shared<const Instance>(Instance{file, {}});
        },
        all, 2, 3);
    CHECK(given == 0);
    for (std::size_t taken = 1; taken <= 10; ++taken) {
        CHECK(photos.next()->photo.image);
        CHECK(given <= taken + 2);
    }
    CHECK_FALSE(photos.next());
}

TEST_CASE("a photo that cannot be read has a reason and does not stop the next one") {
    const TemporaryFolder folder;
    const std::vector<Instance> instances{{folder.path() + "/missing.jpg", {}},
                                          {folder.write("broken.jpg", "no photo"), {}},
                                          {folder.write("good.bmp", bitmap(5)), {}}};
    ReadAhead photos(source_of(instances), all, 2, 2);
    CHECK(photos.next()->photo.failure_reason.find("missing.jpg") != std::string::npos);
    const auto broken = photos.next()->photo;
    CHECK_FALSE(broken.image);
    CHECK_FALSE(broken.failure_reason.empty());
    CHECK(photos.next()->photo.image);
}

TEST_CASE("stopping early does not wait for the whole batch") {
    const TemporaryFolder folder;
    const auto file = folder.write("good.bmp", bitmap(5));
    const std::vector<Instance> instances(1000, Instance{file, {}});
    ReadAhead photos(source_of(instances), all, 2, 4);
    CHECK(photos.next()->photo.image);
}

TEST_CASE("a photo that is not wanted is not read") {
    const TemporaryFolder folder;
    const std::vector<Instance> instances{{folder.path() + "/missing.jpg", {}},
                                          {folder.write("good.bmp", bitmap(5)), {}}};
    const auto wanted = [&](const Instance& instance) { return &instance != instances.data(); };
    ReadAhead photos(source_of(instances), wanted, 2, 2);
    const auto unwanted = photos.next()->photo;
    CHECK_FALSE(unwanted.image);
    CHECK(unwanted.failure_reason.empty());
    CHECK(photos.next()->photo.image);
}
