// SPDX-License-Identifier: Apache-2.0
// The decision rules one by one, each with values just above and just below its thresholds.
#include "speciesnet/rules.hpp"

#include "speciesnet/error.hpp"

#include <array>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const std::string lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string leopard = "2;mammalia;carnivora;felidae;panthera;pardus;leopard";
const std::string jackal = "3;mammalia;carnivora;canidae;lupulella;mesomelas;jackal";
const std::string panthera = "4;mammalia;carnivora;felidae;panthera;;panthera species";
const std::string cats = "5;mammalia;carnivora;felidae;;;cat family";
const std::string dogs = "6;mammalia;carnivora;canidae;;;dog family";
const std::string carnivores = "7;mammalia;carnivora;;;;carnivores";

/// Lions live in Kenya; in the USA there are neither lions nor cats.
Rules small_rules(bool geofencing = true) {
    std::string taxonomy;
    for (const auto& label : {lion, leopard, jackal, panthera, cats, dogs, carnivores}) {
        taxonomy += label + '\n';
    }
    return {Taxonomy::parse(taxonomy), Geofence::parse(R"({
                "mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}},
                "mammalia;carnivora;felidae;;": {"block": {"USA": []}}})"),
            geofencing};
}

Classification classified(std::vector<std::string> classes, std::vector<double> scores) {
    return {.classes = std::move(classes),
            .scores = std::move(scores),
            .target_classes = {},
            .target_logits = {}};
}

struct Decision {
    Answer answer;
    Explanation explanation;
};

Decision decide(Category category, double conf, std::vector<std::string> classes,
                std::vector<double> scores, const Location& location = {}) {
    Decision decision;
    decision.answer = small_rules().combine(classified(std::move(classes), std::move(scores)),
                                            {.category = category, .conf = conf}, location,
                                            &decision.explanation);
    return decision;
}

std::string rule(Category category, double conf, std::string_view top_class, double top_score) {
    return decide(category, conf, {std::string(top_class)}, {top_score}).explanation.rule;
}

double below(double threshold) {
    return std::nextafter(threshold, 0.0);
}
double above(double threshold) {
    return std::nextafter(threshold, 1.0);
}

}  // namespace

TEST_CASE("1a: a human detection above 0.7 is a human, whatever the classifier says") {
    const auto decision = decide(Category::human, above(0.7), {lion}, {0.999});
    CHECK(decision.answer ==
          Answer{.label = std::string(labels::human), .score = above(0.7), .source = "detector"});
    CHECK(decision.explanation.rule == "1a");
    CHECK(rule(Category::human, 0.7, labels::blank, 0.1) != "1a");
    CHECK(rule(Category::animal, 0.9, labels::blank, 0.1) != "1a");
}

TEST_CASE("1b: a human detection above 0.2 with human or vehicle above 0.5 is a human") {
    const auto decision =
        decide(Category::human, above(0.2), {std::string(labels::vehicle)}, {above(0.5)});
    CHECK(decision.answer ==
          Answer{.label = std::string(labels::human), .score = above(0.5), .source = "classifier"});
    CHECK(decision.explanation.rule == "1b");
    CHECK(rule(Category::human, 0.3, labels::human, 0.6) == "1b");
    CHECK(rule(Category::human, 0.3, labels::human, 0.5) != "1b");
    CHECK(rule(Category::human, 0.2, labels::human, 0.6) != "1b");
    CHECK(rule(Category::human, 0.3, labels::blank, 0.6) != "1b");
}

TEST_CASE("2a: a vehicle detection above 0.2 with human above 0.5 is a human, even if above 0.7") {
    const auto decision =
        decide(Category::vehicle, 0.9, {std::string(labels::human)}, {above(0.5)});
    CHECK(decision.answer ==
          Answer{.label = std::string(labels::human), .score = above(0.5), .source = "classifier"});
    CHECK(decision.explanation.rule == "2a");
    CHECK(rule(Category::vehicle, above(0.2), labels::human, 0.6) == "2a");
    CHECK(rule(Category::vehicle, 0.2, labels::human, 0.6) != "2a");
}

TEST_CASE("2b: a vehicle detection above 0.7 is a vehicle") {
    const auto decision = decide(Category::vehicle, above(0.7), {lion}, {0.999});
    CHECK(decision.answer ==
          Answer{.label = std::string(labels::vehicle), .score = above(0.7), .source = "detector"});
    CHECK(decision.explanation.rule == "2b");
    CHECK(rule(Category::vehicle, 0.8, labels::human, 0.5) == "2b");
    CHECK(rule(Category::vehicle, 0.7, labels::blank, 0.1) != "2b");
}

TEST_CASE("2c: a vehicle detection above 0.2 with vehicle above 0.4 is a vehicle") {
    const auto decision =
        decide(Category::vehicle, above(0.2), {std::string(labels::vehicle)}, {above(0.4)});
    CHECK(decision.answer == Answer{.label = std::string(labels::vehicle),
                                    .score = above(0.4),
                                    .source = "classifier"});
    CHECK(decision.explanation.rule == "2c");
    CHECK(rule(Category::vehicle, 0.3, labels::vehicle, 0.4) != "2c");
    CHECK(rule(Category::vehicle, 0.2, labels::vehicle, 0.5) != "2c");
}

TEST_CASE("3a: a detection below 0.2 with blank above 0.5 is blank") {
    const auto decision =
        decide(Category::animal, below(0.2), {std::string(labels::blank)}, {above(0.5)});
    CHECK(decision.answer ==
          Answer{.label = std::string(labels::blank), .score = above(0.5), .source = "classifier"});
    CHECK(decision.explanation.rule == "3a");
    CHECK(rule(Category::animal, 0.2, labels::blank, 0.9) != "3a");
    CHECK(rule(Category::animal, 0.1, labels::blank, 0.5) != "3a");
}

TEST_CASE("3b: blank above 0.99 is blank, whatever animals the detector reports") {
    CHECK(rule(Category::animal, 0.99, labels::blank, above(0.99)) == "3b");
    CHECK(rule(Category::animal, 0.99, labels::blank, 0.99) != "3b");
}

TEST_CASE("4a: an animal class above 0.8 is the answer") {
    const auto decision = decide(Category::vehicle, 0.1, {lion}, {above(0.8)});
    CHECK(decision.answer == Answer{.label = lion, .score = above(0.8), .source = "classifier"});
    CHECK(decision.explanation.rule == "4a");
    CHECK(rule(Category::vehicle, 0.1, lion, 0.8) != "4a");
    CHECK(rule(Category::vehicle, 0.1, labels::human, 0.9) != "4a");
    CHECK(rule(Category::human, 0.1, labels::vehicle, 0.9) != "4a");
}

TEST_CASE("4b: an animal class above 0.65 with an animal detection above 0.2 is the answer") {
    CHECK(rule(Category::animal, above(0.2), lion, above(0.65)) == "4b");
    CHECK(rule(Category::animal, 0.2, lion, 0.7) != "4b");
    CHECK(rule(Category::animal, 0.3, lion, 0.65) != "4b");
    CHECK(rule(Category::human, 0.3, lion, 0.7) != "4b");
    CHECK(rule(Category::whole_image, 0.3, lion, 0.7) != "4b");
}

TEST_CASE("5a: classes are rolled up to the first level with a sum above 0.65") {
    const auto genus = decide(Category::animal, 0.1, {lion, leopard, jackal}, {0.4, 0.3, 0.2});
    CHECK(genus.answer ==
          Answer{.label = panthera, .score = 0.4 + 0.3, .source = "classifier+rollup_to_genus"});
    CHECK(genus.explanation.rule == "5a");

    const auto order = decide(Category::animal, 0.1, {lion, leopard, jackal}, {0.4, 0.2, 0.3});
    CHECK(order.answer == Answer{.label = carnivores,
                                 .score = 0.4 + 0.2 + 0.3,
                                 .source = "classifier+rollup_to_order"});
    REQUIRE(order.explanation.rollup.size() == 3);
    CHECK(order.explanation.rollup[0].sums == std::vector<RollupSum>{{panthera, 0.4 + 0.2}});
    CHECK(order.explanation.rollup[1].sums ==
          std::vector<RollupSum>{{cats, 0.4 + 0.2}, {dogs, 0.3}});
    CHECK_FALSE(order.explanation.rollup[1].reached);
    CHECK(order.explanation.rollup[2].reached);
    CHECK(order.explanation.rollup[2].threshold == 0.65);

    CHECK(decide(Category::animal, 0.1, {jackal}, {0.65}).explanation.rule == "otherwise");
    CHECK(decide(Category::animal, 0.1, {jackal}, {above(0.65)}).explanation.rule == "5a");
}

TEST_CASE("5a: sums add up in the order of the classes") {
    const auto sum = [](std::vector<double> scores) {
        return decide(Category::animal, 0.1, {lion, leopard, lion}, std::move(scores)).answer.score;
    };
    CHECK(sum({0.1, 0.1, 0.6}) == 0.1 + 0.1 + 0.6);
    CHECK(sum({0.6, 0.1, 0.1}) == 0.6 + 0.1 + 0.1);
    CHECK(sum({0.1, 0.1, 0.6}) != sum({0.6, 0.1, 0.1}));
}

TEST_CASE("5a: the first of equal sums wins") {
    const auto rules = small_rules();
    constexpr std::array family{TaxonomyLevel::family};
    const std::array scores{0.4, 0.4};
    CHECK(rules.roll_up(std::array{lion, jackal}, scores, {}, family, 0.3)->label == cats);
    CHECK(rules.roll_up(std::array{jackal, lion}, scores, {}, family, 0.3)->label == dogs);
}

TEST_CASE("5a: blocked ancestors do not win, and narrower levels come first") {
    const auto decision = decide(Category::animal, 0.1, {leopard, lion, jackal}, {0.33, 0.33, 0.3},
                                 {.country = "USA"});
    CHECK(decision.answer.label == panthera);
    const auto blocked =
        decide(Category::animal, 0.1, {cats, jackal}, {0.62, 0.3}, {.country = "USA"});
    CHECK(blocked.answer.label == carnivores);
    CHECK(blocked.explanation.rollup[1].sums ==
          std::vector<RollupSum>{
              {cats, 0.62, GeofenceRule::country_blocked, "mammalia;carnivora;felidae;;"},
              {dogs, 0.3}});
}

TEST_CASE("5b: an animal detection above 0.5 is an animal") {
    const auto decision = decide(Category::animal, above(0.5), {jackal}, {0.5});
    CHECK(decision.answer ==
          Answer{.label = std::string(labels::animal), .score = above(0.5), .source = "detector"});
    CHECK(decision.explanation.rule == "5b");
    CHECK(rule(Category::animal, 0.5, jackal, 0.5) == "otherwise");
    CHECK(rule(Category::human, 0.6, jackal, 0.5) == "otherwise");
}

TEST_CASE("otherwise: unknown, with the top score") {
    const auto decision = decide(Category::human, 0.6, {jackal, lion}, {0.4, 0.1});
    CHECK(decision.answer ==
          Answer{.label = std::string(labels::unknown), .score = 0.4, .source = "classifier"});
    CHECK(decision.explanation.rule == "otherwise");
    CHECK(decision.explanation.rollup.size() == 5);
}

TEST_CASE("a blocked top class is rolled up to the first allowed ancestor not below its score") {
    const auto kenya = decide(Category::animal, 0.9, {lion}, {0.9}, {.country = "KEN"});
    CHECK(kenya.answer.label == lion);
    CHECK(kenya.explanation.top_class_blocked_by == GeofenceRule::none);
    const auto france = decide(Category::animal, 0.9, {lion}, {0.9}, {.country = "FRA"});
    CHECK(france.answer ==
          Answer{.label = cats, .score = 0.9, .source = "classifier+geofence+rollup_to_family"});
    CHECK(france.explanation.top_class_blocked_by == GeofenceRule::country_not_allowed);
    CHECK(france.explanation.top_class_blocked_by_entry ==
          "mammalia;carnivora;felidae;panthera;leo");
    CHECK(france.explanation.rollup.front().threshold == 0.9 - 1e-10);
    const auto usa = decide(Category::animal, 0.9, {lion}, {0.9}, {.country = "USA"});
    CHECK(usa.answer.label == carnivores);
    CHECK(usa.explanation.rollup.front().sums.front().blocked_by == GeofenceRule::country_blocked);
}

TEST_CASE("without an allowed ancestor the answer is unknown") {
    const Rules rules(Taxonomy::parse(""),
                      Geofence::parse(R"({"mammalia;carnivora;felidae;panthera;leo":
                                          {"block": {"USA": []}},
                                          ";;;;": {"block": {"USA": []}}})"));
    const Location usa{.country = "USA"};
    CHECK(rules.apply_geofence(std::array{lion}, std::array{0.9}, usa) ==
          Answer{.label = std::string(labels::unknown),
                 .score = 0.9,
                 .source = "classifier+geofence+rollup_failed"});
}

TEST_CASE("without geofencing nothing is blocked, and locations are not checked") {
    const auto rules = small_rules(false);
    CHECK(rules.apply_geofence(std::array{lion}, std::array{0.9}, {.country = "USA"}).label ==
          lion);
    CHECK_NOTHROW(rules.apply_geofence(std::array{lion}, std::array{0.9}, {.country = "Kenya"}));
}

TEST_CASE("only the first five classes count") {
    const std::vector<std::string> classes(6, lion);
    CHECK(decide(Category::animal, 0.1, classes, std::vector<double>(6, 0.13)).explanation.rule ==
          "otherwise");
    CHECK(decide(Category::animal, 0.1, classes, std::vector<double>(6, 0.14)).answer.score ==
          0.14 + 0.14 + 0.14 + 0.14 + 0.14);
}

TEST_CASE("invalid input is refused") {
    const auto rules = small_rules();
    CHECK_THROWS_AS(rules.combine({}, {}, {}), InvalidArgument);
    CHECK_THROWS_AS(rules.combine(classified({lion}, {0.5, 0.4}), {}, {}), InvalidArgument);
    CHECK_THROWS_AS(rules.combine(classified({"lion"}, {0.5}), {}, {}), InvalidArgument);
    CHECK_THROWS_AS(rules.combine(classified({lion}, {0.9}), {}, {.country = "Kenya"}),
                    InvalidArgument);
    CHECK_THROWS_AS(rules.apply_geofence({}, {}, {}), InvalidArgument);
    CHECK_THROWS_AS(rules.roll_up(std::array{lion}, {}, {}, {}, 0.5), InvalidArgument);
}

TEST_CASE("an explanation states the comparisons in words") {
    const auto reason = [](const Decision& decision) { return decision.explanation.reason; };
    CHECK(reason(decide(Category::human, 0.75600004, {lion}, {0.5})) ==
          "the detector sees human with confidence 0.756 > 0.7");
    CHECK(reason(decide(Category::human, above(0.7), {lion}, {0.5})) ==
          "the detector sees human with confidence 0.7000000000000001 > 0.7");
    CHECK(reason(decide(Category::human, 0.3, {std::string(labels::vehicle)}, {0.6})) ==
          "the detector sees human with confidence 0.3 > 0.2; the top class is \"vehicle\" with "
          "score 0.6 > 0.5");
    CHECK(reason(decide(Category::animal, 0.1, {std::string(labels::blank)}, {0.6})) ==
          "the detector's confidence is 0.1 < 0.2; the top class is \"blank\" with score 0.6 > "
          "0.5");
    CHECK(reason(decide(Category::animal, 0.9, {lion}, {0.9})) ==
          "the top class is \"lion\" with score 0.9 > 0.8; the geofence allows it");
    CHECK(reason(decide(Category::animal, 0.9, {lion}, {0.9}, {.country = "FRA"})) ==
          "the top class is \"lion\" with score 0.9 > 0.8; the geofence blocks it "
          "(country_not_allowed by \"mammalia;carnivora;felidae;panthera;leo\"), so it is rolled "
          "up to family \"cat family\" with sum 0.9, not below the score of the top class");
    CHECK(reason(decide(Category::animal, 0.1, {lion, leopard}, {0.4, 0.3})) ==
          "the top class is \"lion\" with score 0.4 <= 0.8; rolled up to genus \"panthera "
          "species\" with sum 0.7 > 0.65");
    CHECK(reason(decide(Category::animal, 0.6, {lion, jackal}, {0.3, 0.2})) ==
          "the top class is \"lion\" with score 0.3 <= 0.65; the best group is order "
          "\"carnivores\" with sum 0.5 <= 0.65; the detector sees animal with confidence 0.6 > "
          "0.5");
    CHECK(reason(decide(Category::animal, 0.4, {std::string(labels::blank)}, {0.9})) ==
          "the top class is \"blank\" with score 0.9 <= 0.99; there is nothing to roll up to; no "
          "animal above 0.5: the detector sees animal with confidence 0.4");
    CHECK(reason(decide(Category::animal, 0, {jackal}, {0.6})) ==
          "the top class is \"jackal\" with score 0.6 <= 0.8; the best group is family \"dog "
          "family\" with sum 0.6 <= 0.65; no animal above 0.5: the detector sees nothing");
}

TEST_CASE("an explanation states if the top class has no effect beside the detection") {
    CHECK(decide(Category::animal, 0.9, {std::string(labels::human)}, {0.98}).explanation.reason ==
          "the top class is \"human\" with score 0.98, which has no effect where the detector "
          "sees animal with confidence 0.9; rolled up to kingdom \"animal\" with sum 0.98 > 0.65");
}

TEST_CASE("an explanation names each group that the geofence excluded") {
    const auto reason = [](const std::string& top, double score) {
        return decide(Category::human, 0.3, {top}, {score}, {.country = "USA"}).explanation.reason;
    };
    CHECK(reason(cats, 0.7) ==
          "the top class is \"cat family\" with score 0.7 <= 0.8; the geofence blocks family "
          "\"cat family\" with sum 0.7 (country_blocked by \"mammalia;carnivora;felidae;;\"); "
          "rolled up to order \"carnivores\" with sum 0.7 > 0.65");
    CHECK(reason(lion, 0.9) ==
          "the top class is \"lion\" with score 0.9 > 0.8; the geofence blocks it "
          "(country_not_allowed by \"mammalia;carnivora;felidae;panthera;leo\"), family \"cat "
          "family\" with sum 0.9 (country_blocked by \"mammalia;carnivora;felidae;;\"), so it is "
          "rolled up to order \"carnivores\" with sum 0.9, not below the score of the top class");
    CHECK(reason(cats, 0.9) ==
          "the top class is \"cat family\" with score 0.9 > 0.8; the geofence blocks it "
          "(country_blocked by \"mammalia;carnivora;felidae;;\"), so it is rolled up to order "
          "\"carnivores\" with sum 0.9, not below the score of the top class");
}

TEST_CASE("an explanation contains the inputs of the decision") {
    const std::vector<std::string> classes{lion, leopard, jackal, cats, dogs, carnivores};
    const std::vector<double> scores{0.5, 0.3, 0.1, 0.05, 0.03, 0.02};
    const auto explanation = decide(Category::vehicle, 0.25, classes, scores).explanation;
    CHECK(explanation.detection_category == Category::vehicle);
    CHECK(explanation.detection_conf == 0.25);
    CHECK(explanation.classes == std::vector(classes.begin(), classes.begin() + 5));
    CHECK(explanation.scores == std::vector(scores.begin(), scores.begin() + 5));
}
