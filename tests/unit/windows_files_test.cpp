// SPDX-License-Identifier: Apache-2.0
// What only Windows has: names in UTF-16, reserved ones.
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "system/environment.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"
#include "temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("names may contain any letter") {
    const TemporaryFolder folder;
    for (const char* const name : {"Füchse im Wald.txt", "рысь.txt", "山猫.txt", "🦊.txt"}) {
        CAPTURE(name);
        const auto file = utf8_path(folder.path()) / utf8_path(name);
        CHECK(utf8_text(file.filename()) == name);
        write_new_file(file, "content");
        CHECK(map_file(file).content == "content");
        try {
            write_new_file(file, "again");
            FAIL("replaced");
        } catch (const IoError& error) {
            CHECK(std::string(error.what()).find(name) != std::string::npos);
        }
    }
}

TEST_CASE("only regular files are read") {
    const TemporaryFolder folder;
    const auto refusal = [](const std::string& path) {
        try {
            const RegularFile opened(utf8_path(path));
            return std::string();
        } catch (const IoError& error) {
            return (error.code() == ErrorCode::not_found ? "not found: " : "") +
                   std::string(error.what());
        }
    };
    CHECK(refusal(folder.path()).find("a folder") != std::string::npos);
    CHECK(refusal("NUL").find("a device") != std::string::npos);
    CHECK(refusal(folder.path() + "/missing").starts_with("not found: "));
    CHECK(refusal(folder.path() + "/missing/file").starts_with("not found: "));
}

TEST_CASE("names of devices, drives and streams are not file names") {
    for (const char* const name :
         {"",    ".",   "..",      "a/b",  "a\\b",      "C:",       "C:a",
          "a:b", "NUL", "nul.txt", "COM1", "lpt9.json", "CON .txt", "a.",
          "a ",  "a*",  "a?",      "a\"",  "a<",        "a|",       "a\n"}) {
        CAPTURE(name);
        CHECK_FALSE(is_file_name(name));
    }
    for (const char* const name : {"a", "a.json", ".a", "COM10", "NULL", "com", "ü", "a b"}) {
        CAPTURE(name);
        CHECK(is_file_name(name));
    }
}

TEST_CASE("the environment determines the folder of the cache") {
    _wputenv_s(L"SPECIESNET_CACHE", L"");
    _wputenv_s(L"LOCALAPPDATA", L"C:\\Users\\Jörg\\AppData\\Local");
    CHECK(utf8_text(default_cache_folder()) == "C:\\Users\\Jörg\\AppData\\Local\\speciesnet");
    _wputenv_s(L"SPECIESNET_CACHE", L"D:\\Modelle für alle");
    CHECK(utf8_text(default_cache_folder()) == "D:\\Modelle für alle");
    _wputenv_s(L"SPECIESNET_CACHE", L"");
}
