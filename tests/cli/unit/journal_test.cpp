// SPDX-License-Identifier: Apache-2.0
// Journals: results that were written are read back, whatever happens to the file in between.
#include "journal/journal.hpp"

#include "speciesnet/error.hpp"

#include "files/atomic_file.hpp"
#include "temporary_folder.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;

namespace {

const std::vector<JournalSetting> settings{{"model", "\"1\""}, {"--folders", R"(["a b","c"])"}};

JournalResult result(const std::string& filepath, std::size_t occurrence = 0) {
    const ClassifiedDetection entry{
        .detection = {.category = Category::animal, .conf = 1.0 / 3, .bbox = {0.1, 0.2, 0.3, 0.4}},
        .classification = {{.classes = {"x", "y"}, .scores = {2.0 / 3, 0.1}}},
        .answer = {{.label = "x", .score = 2.0 / 3, .source = "classifier"}},
        .explanation = {}};
    return {.occurrence = occurrence,
            .prediction = {.filepath = filepath,
                           .failures = {},
                           .failure_reason = "a note",
                           .location = {.country = "KEN"},
                           .detections = {{entry}},
                           .model_version = "1"}};
}

std::string content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

ReadBytes reading(std::string_view text) {
    return [text](std::span<char> target) mutable {
        const auto count = std::min(target.size(), text.size());
        std::memcpy(target.data(), text.data(), count);
        text.remove_prefix(count);
        return count;
    };
}

struct Found {
    std::vector<std::string> files;
    std::size_t damaged = 0;
};

Found read_all(std::string_view text) {
    JournalReader reader(reading(text), "test");
    Found found;
    while (const auto entry = reader.next()) {
        found.files.push_back(entry->result.prediction.filepath);
    }
    found.damaged = reader.damaged_lines();
    return found;
}

std::string refusal(const std::string& file) {
    try {
        Journal(file, Journal::Earlier::kept, settings);
    } catch (const InvalidArgument& error) {
        return error.what();
    }
    return {};
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// A journal of three results.
std::string small_journal() {
    return journal_head(settings) + journal_line(result("a")) + journal_line(result("b")) +
           journal_line(result("c"));
}

}  // namespace

TEST_CASE("a journal returns every result with all digits and reasons") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/journal";
    const auto first = result("a\n\"\xFF.jpg");
    const auto second = result("b", 7);
    {
        Journal journal(file, Journal::Earlier::kept, settings);
        const auto place = journal.append(first);
        journal.append(second);
        CHECK(journal.read(place).prediction == first.prediction);
    }
    Journal journal(file, Journal::Earlier::kept, {});
    CHECK(journal.settings() == settings);
    std::vector<JournalReader::Entry> found;
    CHECK(journal.recover([&](auto&& entry) { found.push_back(entry); }) == 0);
    REQUIRE(found.size() == 2);
    CHECK(found[0].result.prediction == first.prediction);
    CHECK(found[1].result.prediction == second.prediction);
    CHECK(found[1].result.occurrence == 7);
    CHECK(journal.read(found[1].place).prediction == second.prediction);
}

TEST_CASE("a journal truncated anywhere keeps the results before the cut and continues there") {
    const TemporaryFolder folder;
    const auto whole = small_journal();
    const auto head = journal_head(settings).size();
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const auto file = folder.write("journal", whole.substr(0, size));
        std::size_t kept = 0;
        {
            Journal journal(file, Journal::Earlier::kept, settings);
            CHECK(journal.recover([&](auto&&) { ++kept; }) == 0);
            const auto place = journal.append(result("d"));
            CHECK(journal.read(place).prediction.filepath == "d");
        }
        const auto line = journal_line(result("a")).size();
        CHECK(kept == (size < head ? 0 : (size - head) / line));
        const auto after = read_all(content_of(file));
        CHECK(after.damaged == 0);
        CHECK(after.files.size() == kept + 1);
        CHECK(after.files.back() == "d");
    }
}

TEST_CASE("any flipped bit loses only the affected results and invents none") {
    const auto whole = small_journal();
    const auto head = journal_head(settings).size();
    const std::set<std::string> files{"a", "b", "c"};
    for (std::size_t position = 0; position < whole.size(); ++position) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto damaged = whole;
            damaged[position] = static_cast<char>(damaged[position] ^ (1U << bit));
            if (position < head) {
                CHECK_THROWS_AS(read_all(damaged), InvalidArgument);
                continue;
            }
            const auto found = read_all(damaged);
            for (const auto& file : found.files) {
                CHECK(files.contains(file));
            }
            // A damaged line end merges the line with the next one.
            CHECK(found.files.size() >= 1);
            CHECK(found.files.size() <= 2);
        }
    }
}

TEST_CASE("a damaged line is skipped and counted") {
    auto text = small_journal();
    text[text.find("\"b\"") + 1] = 'X';
    const auto found = read_all(text);
    CHECK(found.files == std::vector<std::string>{"a", "c"});
    CHECK(found.damaged == 1);
}

TEST_CASE("an intact line with other content also counts as damaged") {
    for (const std::string content :
         {"", "result", "result 0", "result 0 ", "result x {}", "result -1 {\"filepath\":\"a\"}",
          "result 0 {}", "result 0 []", "result 0 {\"filepath\":\"a\"} {}",
          "result 99999999999999999999 {\"filepath\":\"a\"}", "setting a 1", "results"}) {
        CAPTURE(content);
        const auto found = read_all(journal_head({}) + seal_line(content));
        CHECK(found.files.empty());
        CHECK(found.damaged == 1);
    }
}

TEST_CASE("other files are refused and left unchanged") {
    const TemporaryFolder folder;
    for (const std::string& content :
         {std::string("holiday photos\n"), std::string(5000, 'x'), std::string(300, '\0'),
          std::string("{\"predictions\": []}"), seal_line("other-journal 1")}) {
        const auto file = folder.write("journal", content);
        CHECK(contains(refusal(file), "is not a journal of this program"));
        CHECK_THROWS_AS(Journal(file, Journal::Earlier::discarded, settings), InvalidArgument);
        CHECK(content_of(file) == content);
    }
}

TEST_CASE("journals of other versions or with a broken head are refused with their name") {
    const TemporaryFolder folder;
    const auto version = folder.write("version", seal_line("speciesnet-journal 2"));
    CHECK(contains(refusal(version), "another version"));
    auto head = journal_head(settings) + journal_line(result("a"));
    head[head.find("a b")] = 'X';
    CHECK(contains(refusal(folder.write("head", head)), "with a damaged head"));
    const auto endless =
        seal_line("speciesnet-journal 1") + seal_line("setting a 1") + seal_line("nonsense");
    CHECK(contains(refusal(folder.write("endless", endless)), "with a damaged head"));
}

TEST_CASE("an endless head is refused before it fills the memory") {
    auto text = seal_line("speciesnet-journal 1");
    for (int number = 0; number < 2000; ++number) {
        text += seal_line("setting a" + std::to_string(number) + " 1");
    }
    CHECK_THROWS_AS(read_all(text + seal_line("results")), InvalidArgument);
}

TEST_CASE("an overlong line is skipped without being kept in memory") {
    std::size_t largest = 0;
    std::size_t left = 3 * LineSplitter::longest_line;
    LineSplitter lines([&](std::span<char> target) {
        largest = std::max(largest, target.size());
        const auto count = std::min(target.size(), left);
        std::memset(target.data(), 'x', count);
        left -= count;
        if (left == 0 && count > 0) {
            target[count - 1] = '\n';
        }
        return count;
    });
    const auto line = lines.next();
    REQUIRE(line);
    CHECK(line->ended);
    CHECK(line->text.empty());
    CHECK(line->length == 3 * LineSplitter::longest_line - 1);
    CHECK_FALSE(lines.next());
}

TEST_CASE("results are discarded on demand") {
    const TemporaryFolder folder;
    const auto file = folder.write("journal", small_journal());
    Journal journal(file, Journal::Earlier::discarded, {{"model", "\"2\""}});
    CHECK(journal.settings() == std::vector<JournalSetting>{{"model", "\"2\""}});
    // Removed only when their replacement exists.
    CHECK(read_all(content_of(file)).files.size() == 3);
    journal.append(result("d"));
    CHECK(read_all(content_of(file)).files == std::vector<std::string>{"d"});
}

TEST_CASE("a journal belongs to one run at a time") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/journal";
    {
        Journal journal(file, Journal::Earlier::kept, settings);
        Journal late(file, Journal::Earlier::kept, settings);
        journal.append(result("a"));
        CHECK(contains(refusal(file), "another run is writing"));
        CHECK_THROWS_AS(late.append(result("b")), InvalidArgument);
        CHECK(journal.count_results() == 1);
    }
    CHECK(refusal(file).empty());
}

TEST_CASE("a link is never accepted as a journal") {
    const TemporaryFolder folder;
    const auto target = folder.write("another", "");
    const auto file = folder.path() + "/journal";
    std::filesystem::create_symlink(target, file);
    for (const auto earlier : {Journal::Earlier::kept, Journal::Earlier::discarded}) {
        CHECK_THROWS_AS(Journal(file, earlier, settings), IoError);
    }
    CHECK(content_of(target).empty());
}

TEST_CASE("an output that is a link stays one, and its target is replaced") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() + "/there");
    const auto link = folder.path() + "/out.json";
    std::filesystem::create_symlink("there/real.json", link);
    for (const char* content : {"new", "newer"}) {
        AtomicFile file(link);
        file.write(content);
        file.publish();
        CHECK(std::filesystem::is_symlink(link));
        CHECK(content_of(folder.path() + "/there/real.json") == content);
    }
}

TEST_CASE("there is no journal before the first result") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/journal";
    Journal journal(file, Journal::Earlier::kept, settings);
    CHECK(journal.recover([](auto&&) {}) == 0);
    CHECK_FALSE(std::filesystem::exists(file));
    journal.remove();
    journal.append(result("a"));
    CHECK(read_all(content_of(file)).files == std::vector<std::string>{"a"});
}

TEST_CASE("a removed journal disappears, and a nameless one never appears") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/journal";
    {
        Journal journal(file, Journal::Earlier::kept, settings);
        journal.append(result("a"));
        journal.remove();
    }
    CHECK_FALSE(std::filesystem::exists(file));
    Journal nameless(settings);
    const auto place = nameless.append(result("a"));
    CHECK(nameless.read(place).prediction.filepath == "a");
}
