// SPDX-License-Identifier: Apache-2.0
// The reader of zip directories, on archives small enough to be written here.
#include "import/zip_archive.hpp"
#include "rejects.hpp"
#include "stored_zip.hpp"

#include <ostream>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::string two_entries() {
    return stored_zip({{"a/data.pkl", "pickle"}, {"a/data/0", "numbers"}});
}

/// Returns the position of a field in the directory's record of an entry.
std::size_t directory_field(const std::string& file, std::size_t offset) {
    return file.find("PK\1\2") + offset;
}

}  // namespace

TEST_CASE("stored entries are read in place") {
    const std::string file = two_entries();
    const ZipArchive archive(file);
    CHECK(archive.entries().size() == 2);
    CHECK(archive.read("a/data.pkl") == "pickle");
    CHECK(archive.read("a/data/0") == "numbers");
    CHECK(archive.read("a/data/0").data() >= file.data());
    CHECK(archive.read("a/data/0").data() < file.data() + file.size());
    CHECK(rejects([&] { (void)archive.read("b"); }, "no entry b"));
}

TEST_CASE("an archive with a comment is read") {
    std::string file = two_entries();
    file[file.size() - 2] = 4;
    file += "note";
    CHECK(ZipArchive(file).read("a/data.pkl") == "pickle");
}

TEST_CASE("an archive truncated anywhere is refused") {
    const std::string file = two_entries();
    for (std::size_t size = 0; size < file.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(
            rejection([&] { ZipArchive archive(std::string_view(file).substr(0, size)); }).empty());
    }
}

TEST_CASE("a flipped bit in the content is detected by its checksum") {
    std::string file = two_entries();
    file[file.find("numbers")] ^= 1;
    const ZipArchive archive(file);
    CHECK(archive.read("a/data.pkl") == "pickle");
    CHECK(rejects([&] { (void)archive.read("a/data/0"); }, "checksum of zip entry a/data/0"));
}

TEST_CASE("compressed and encrypted entries are refused: torch.save writes none") {
    for (const auto& entry :
         {StoredEntry{"x", "content", 8, 0}, StoredEntry{"x", "content", 0, 1}}) {
        const std::string file = stored_zip({entry});
        const ZipArchive archive(file);
        CHECK(rejects([&] { (void)archive.read("x"); }, "x is compressed or encrypted"));
    }
}

TEST_CASE("an entry that would be larger uncompressed is refused, whatever its method") {
    std::string file = two_entries();
    file[directory_field(file, 24)] += 1;
    const ZipArchive archive(file);
    CHECK(rejects([&] { (void)archive.read("a/data.pkl"); }, "is compressed or encrypted"));
}

TEST_CASE("an entry that claims too many bytes is refused") {
    std::string file = two_entries();
    for (const std::size_t field : {20, 24}) {
        file[directory_field(file, field + 3)] = 0x7f;
    }
    CHECK(rejects([&] { ZipArchive archive(file); }, "ends too early"));
}

TEST_CASE("an entry whose header is elsewhere is refused") {
    std::string file = two_entries();
    file[directory_field(file, 42)] = 1;
    CHECK(rejects([&] { ZipArchive archive(file); }, "no entry where it should be"));
}

TEST_CASE("an entry whose 64-bit size is huge is refused") {
    std::string file = stored_zip({{"x", "content"}});
    const std::size_t record = file.find("PK\1\2");
    const std::string extra = little_endian(1, 2) + little_endian(16, 2) +
                              little_endian(~std::uint64_t{0}, 8) +
                              little_endian(~std::uint64_t{0}, 8);
    file.replace(record + 20, 8, std::string(8, '\xff'));
    file.replace(record + 30, 2, little_endian(extra.size(), 2));
    file.insert(record + 46 + 1, extra);
    CHECK(rejects([&] { ZipArchive archive(file); }, "ends too early"));
}

TEST_CASE("a directory that claims too many entries is refused") {
    std::string file = two_entries();
    file[file.size() - 12] = 3;
    CHECK(rejects([&] { ZipArchive archive(file); }, "no directory entry"));
}

TEST_CASE("a 64-bit end record is used if there is one") {
    std::string file = two_entries();
    const std::size_t end = file.size() - 22;
    const auto directory = file.substr(end + 16, 4) + std::string(4, '\0');
    const std::string record = "PK\6\6" + little_endian(44, 8) + little_endian(0, 2 + 2 + 4 + 4) +
                               little_endian(2, 8) + little_endian(2, 8) + little_endian(0, 8) +
                               directory;
    const std::string locator =
        "PK\6\7" + little_endian(0, 4) + little_endian(end, 8) + little_endian(1, 4);
    file.replace(end + 8, 12, std::string(12, '\xff'));
    file.insert(end, record + locator);
    CHECK(ZipArchive(file).read("a/data/0") == "numbers");

    SUBCASE("but not if it is elsewhere") {
        file[end + record.size() + 8] ^= 1;
        CHECK(rejects([&] { ZipArchive archive(file); }, "no 64-bit end record"));
    }
    SUBCASE("nor if it claims millions of entries") {
        file[end + 32 + 4] = 1;
        CHECK(rejects([&] { ZipArchive archive(file); }, "declares"));
    }
}

TEST_CASE("two entries with the same name are refused") {
    const std::string file = stored_zip({{"x", "1"}, {"x", "2"}});
    CHECK(rejects([&] { ZipArchive archive(file); }, "two entries called x"));
}

TEST_CASE("small entries are decompressed up to the limit") {
    const std::string info(1000, 'x');
    const std::string file = stored_zip({deflated_entry("a/info", info), {"a/0", "numbers"}});
    const ZipArchive archive(file);
    CHECK(archive.unpack("a/info", info.size()) == info);
    CHECK(archive.unpack("a/0", 7) == "numbers");
    CHECK(rejects([&] { (void)archive.unpack("a/info", info.size() - 1); }, "longer than 999"));
    CHECK(rejects([&] { (void)archive.unpack("a/0", 6); }, "longer than 6"));
    CHECK(rejects([&] { (void)archive.read("a/info"); }, "compressed or encrypted"));
    CHECK(rejects([&] { (void)archive.unpack("b", 6); }, "no entry b"));
}

TEST_CASE("a deflated entry that is damaged, truncated or encrypted is refused") {
    auto entry = deflated_entry("a/info", "a sentence that is long enough");
    auto damaged = entry;
    damaged.content = damaged.content.substr(0, damaged.content.size() / 2);
    CHECK(rejects([&] { (void)ZipArchive(stored_zip({damaged})).unpack("a/info", 99); },
                  "is damaged"));
    auto other = entry;
    other.unpacked->front() = 'A';
    CHECK(rejects([&] { (void)ZipArchive(stored_zip({other})).unpack("a/info", 99); },
                  "checksum of zip entry a/info"));
    entry.flags = 1;
    CHECK(rejects([&] { (void)ZipArchive(stored_zip({entry})).unpack("a/info", 99); },
                  "is encrypted"));
}
