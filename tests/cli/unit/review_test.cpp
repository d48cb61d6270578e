// SPDX-License-Identifier: Apache-2.0
// Decisions of people: their effect on results, and a journal that was truncated.
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "formats/observations.hpp"
#include "review/review_session.hpp"
#include "review/reviewed_results.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;

namespace {

const std::string lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string zebra = "4;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";
const std::string blank{labels::blank};
const std::string human{labels::human};

ClassifiedDetection entry(Category category, double conf, const std::string& label = {}) {
    ClassifiedDetection made{.detection = {.category = category, .conf = conf, .bbox = {}}};
    if (!label.empty()) {
        made.answer = Answer{.label = label, .score = 0.7, .source = "classifier"};
    }
    return made;
}

Prediction photo(const std::vector<ClassifiedDetection>& entries,
                 const std::string& file = "1.JPG") {
    Prediction prediction{.filepath = file};
    prediction.detections = entries;
    return prediction;
}

/// Returns the observations after a decision, such as "lion human"; "-" for blank.
std::string observed(const Prediction& prediction, const Review& review) {
    std::string text;
    for (const auto& observation : observations_of(reviewed(prediction, review, 0.2), 0.2)) {
        CHECK(observation.score == 1);
        text += (text.empty() ? "" : " ") +
                (observation.label.empty()
                     ? std::string("-")
                     : observation.label.substr(observation.label.rfind(';') + 1));
    }
    return text;
}

Review labelled(const std::string& label) {
    return {.kind = Review::Kind::labelled, .label = label, .by = "A. Mwangi"};
}

const Review confirmed{.kind = Review::Kind::confirmed, .by = "A. Mwangi"};

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class Photos final : public Results {
public:
    explicit Photos(std::vector<Prediction> photos) : photos_(std::move(photos)) {}
    void for_each(const std::function<void(const Prediction&)>& visit) const override {
        for (const auto& one : photos_) {
            visit(one);
        }
    }
    const std::optional<RunInfo>& run() const override { return run_; }

private:
    std::vector<Prediction> photos_;
    std::optional<RunInfo> run_;
};

}  // namespace

TEST_CASE("a decision replaces answers and keeps boxes") {
    const auto zebra_and_person =
        photo({entry(Category::animal, 0.9, zebra), entry(Category::human, 0.8, human),
               entry(Category::animal, 0.1, lion)});
    CHECK(observed(zebra_and_person, confirmed) == "plains zebra human");
    CHECK(observed(zebra_and_person, labelled(lion)) == "lion");
    CHECK(observed(zebra_and_person, labelled(human)) == "human");
    CHECK(observed(zebra_and_person, labelled(blank)) == "-");
    const auto nothing = reviewed(zebra_and_person, labelled(blank), 0.2);
    for (const auto& each : *nothing.detections) {
        CHECK((each.detection.category == Category::whole_image) == (each.detection.conf > 0));
    }
    const auto changed = reviewed(zebra_and_person, labelled(lion), 0.2);
    REQUIRE(changed.detections->size() == 3);
    CHECK(changed.detections->at(1).detection.conf == -0.8);
    CHECK(changed.detections->at(2).answer->source == "classifier");
}

TEST_CASE("a label that was not detected is an answer for the whole image") {
    CHECK(observed(photo({}), labelled(lion)) == "lion");
    CHECK(observed(photo({}), confirmed) == "-");
    CHECK(observed(photo({entry(Category::animal, 0.9, zebra)}), labelled(human)) == "human");
    Prediction failed{.filepath = "2.JPG"};
    failed.failures.detector = true;
    CHECK(observed(failed, labelled(lion)) == "lion");
    const auto whole =
        photo({entry(Category::whole_image, 1, zebra), entry(Category::animal, 0.9)});
    CHECK(observed(whole, confirmed) == "plains zebra");
    CHECK(observed(whole, labelled(lion)) == "lion");
    CHECK(observed(whole, labelled(blank)) == "-");
}

TEST_CASE("results of a detector alone can be confirmed") {
    CHECK(observed(photo({entry(Category::animal, 0.9), entry(Category::human, 0.3)}), confirmed) ==
          "animal human");
}

TEST_CASE("lines of a journal survive any text") {
    const std::chrono::sys_seconds moment(std::chrono::seconds(1'795'000'000));
    for (const auto& written :
         {ReviewEntry{"a\tb\n%.JPG", Review{Review::Kind::labelled, lion, "O'Neil, \"X\"", moment}},
          ReviewEntry{"\xFF.JPG", Review{Review::Kind::confirmed, "", "x", moment}},
          ReviewEntry{"a.JPG", std::nullopt}}) {
        const auto line = review_line(written);
        CHECK(line.find('\n') == line.size() - 1);
        CHECK(parse_review_line(line.substr(0, line.size() - 1)) == written);
        CHECK_FALSE(parse_review_line(line.substr(0, line.size() - 2)));
        auto changed = line.substr(0, line.size() - 1);
        changed[10] ^= 1;
        CHECK_FALSE(parse_review_line(changed));
    }
}

TEST_CASE("a truncated journal keeps all complete lines") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/out.json.reviews";
    const std::vector<ReviewEntry> entries{
        {"1.JPG", confirmed}, {"2.JPG", labelled(lion)}, {"1.JPG", std::nullopt}};
    std::vector<std::size_t> ends;
    {
        ReviewJournal journal(file);
        for (const auto& each : entries) {
            journal.add(std::vector{each});
            ends.push_back(std::filesystem::file_size(file));
        }
        CHECK_THROWS_AS(ReviewJournal{file}, InvalidArgument);
    }
    const auto whole = content_of(file);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        CAPTURE(length);
        std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, length);
        const auto read = Reviews::read(file);
        const bool first = length >= ends[0];
        const bool second = length >= ends[1];
        const bool undone = length >= ends[2];
        CHECK((read.find("1.JPG") != nullptr) == (first && !undone));
        CHECK((read.find("2.JPG") != nullptr) == second);
        // Continues after the last complete line.
        ReviewJournal(file).add(std::vector{ReviewEntry{"3.JPG", confirmed}});
        std::size_t damaged = 0;
        const auto after = Reviews::read(file, &damaged);
        CHECK(damaged == 0);
        CHECK(after.find("3.JPG") != nullptr);
        CHECK((after.find("2.JPG") != nullptr) == second);
    }
}

TEST_CASE("other files and links are refused as a journal") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/out.json.reviews";
    CHECK(Reviews::read(file).empty());
    std::ofstream(file) << "my notes";
    CHECK_THROWS_AS(Reviews::read(file), InvalidArgument);
    CHECK_THROWS_AS(ReviewJournal{file}, InvalidArgument);
    CHECK(content_of(file) == "my notes");
    std::filesystem::rename(file, folder.path() + "/notes");
    std::filesystem::create_symlink("notes", file);
    CHECK_THROWS_AS(Reviews::read(file), IoError);
    CHECK_THROWS_AS(ReviewJournal{file}, IoError);
}

TEST_CASE("labels are found by prefixes of words") {
    LabelSearch labels;
    for (const auto& label : {lion, zebra, human, lion, std::string("no label")}) {
        labels.add(label);
    }
    CHECK(labels.size() == 3);
    CHECK(labels.find("ZEB", 5) == std::vector{zebra});
    CHECK(labels.find(" panthera  le", 5) == std::vector{lion});
    CHECK(labels.find("felid", 5) == std::vector{lion});
    CHECK(labels.find("mammalia", 2).size() == 2);
    CHECK(labels.find("ebra", 5).empty());
    CHECK(labels.find(" ", 5).empty());
}

TEST_CASE("decisions about several photos can be made and undone") {
    const TemporaryFolder folder;
    const auto document = folder.path() + "/out.json";
    const Photos photos({photo({entry(Category::animal, 0.9, zebra)}, "1.JPG"),
                         photo({entry(Category::animal, 0.5, lion)}, "2.JPG"), photo({}, "3.JPG")});
    {
        ReviewSession session(document, photos, {}, {.by = "A. Mwangi"});
        CHECK(session.find({.label = zebra}) == std::vector<std::uint32_t>{0});
        CHECK(session.find({.order = PhotoQuery::Order::lowest_score}).front() == 2);
        session.decide(std::vector<std::size_t>{0, 2}, labelled(lion));
        CHECK(session.decided() == 2);
        CHECK(session.find({.label = lion}).size() == 3);
        CHECK(session.find({.state = PhotoQuery::State::open}) == std::vector<std::uint32_t>{1});
        CHECK(session.find({.text = "3.jpg"}) == std::vector<std::uint32_t>{2});
        CHECK(session.counts() == std::vector<std::pair<std::string, std::size_t>>{{lion, 3}});
        session.decide(std::vector<std::size_t>{0}, confirmed);
        session.decide(std::vector<std::size_t>{0}, std::nullopt);
        CHECK(session.review(0)->label == lion);
        session.decide(std::vector<std::size_t>{0, 1}, std::nullopt);
        CHECK(session.decided() == 1);
        CHECK(session.find({.label = zebra}).size() == 1);
    }
    const ReviewSession again(document, photos, {}, {.by = "B"});
    CHECK(again.decided() == 1);
    CHECK(again.review(2)->by == "A. Mwangi");
    const ReviewedResults results(photos, Reviews::read(review_journal_of(document)), 0.2);
    CHECK(results.review_of("3.JPG") != nullptr);
    CHECK(results.review_of("1.JPG") == nullptr);
}
