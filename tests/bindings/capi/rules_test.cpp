// SPDX-License-Identifier: Apache-2.0
// Taxonomy, geofence and decisions through the C ABI, on a family of cats.
#include "handles.hpp"

#include <array>
#include <cstring>
#include <limits>

using namespace speciesnet::capi_test;

namespace {

constexpr const char* leopard = "2;mammalia;carnivora;felidae;panthera;pardus;leopard";
constexpr const char* cats = "3;mammalia;carnivora;felidae;;;cat family";
constexpr const char* taxonomy =
    "u;mammalia;carnivora;felidae;panthera;leo;lion\n"
    "2;mammalia;carnivora;felidae;panthera;pardus;leopard\n"
    "3;mammalia;carnivora;felidae;;;cat family\n";
constexpr const char* geofence =
    R"({"mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}}})";

RulesHandle make_rules(std::int32_t geofencing) {
    speciesnet_rules* rules = nullptr;
    speciesnet_error error;
    REQUIRE_MESSAGE(
        speciesnet_rules_new(taxonomy, std::strlen(taxonomy), geofence, std::strlen(geofence),
                             geofencing, &rules, &error) == SPECIESNET_OK,
        error.message);
    return RulesHandle(rules);
}

speciesnet_location place(const char* country) {
    speciesnet_location location;
    speciesnet_location_init(&location, sizeof location);
    location.country = country;
    return location;
}

const std::array<const char*, 2> classes{lion, leopard};
const std::array<double, 2> scores{0.9, 0.05};
const speciesnet_detection animal{SPECIESNET_CATEGORY_ANIMAL, 0, 0.9, {0, 0, 1, 1}};

AnswerHandle combine(const speciesnet_rules* rules, const speciesnet_location& location) {
    speciesnet_answer* answer = nullptr;
    speciesnet_error error;
    REQUIRE_MESSAGE(speciesnet_rules_combine(rules, classes.data(), scores.data(), classes.size(),
                                             &animal, &location, &answer, &error) == SPECIESNET_OK,
                    error.message);
    return AnswerHandle(answer);
}

}  // namespace

TEST_CASE("a lion in Kenya is a lion, elsewhere its family") {
    const auto rules = make_rules(SPECIESNET_GEOFENCE_ON);
    const auto in_kenya = combine(rules.get(), place("KEN"));
    CHECK(speciesnet_answer_label(in_kenya.get()) == std::string(lion));
    CHECK(speciesnet_answer_score(in_kenya.get()) == 0.9);
    CHECK(speciesnet_answer_source(in_kenya.get()) == std::string("classifier"));

    const auto in_norway = combine(rules.get(), place("NOR"));
    CHECK(speciesnet_answer_label(in_norway.get()) == std::string(cats));
    CHECK(speciesnet_answer_score(in_norway.get()) == doctest::Approx(0.95));
    CHECK(speciesnet_answer_source(in_norway.get()) ==
          std::string("classifier+geofence+rollup_to_family"));
}

TEST_CASE("a species list and an overlay say what lives at a place") {
    const auto rules = make_rules(SPECIESNET_GEOFENCE_ON);
    speciesnet_error error;
    const auto with = [&](auto* add, const char* text, std::int32_t unknown) {
        speciesnet_rules* result = nullptr;
        add(rules.get(), text, std::strlen(text), unknown, &result, &error);
        return RulesHandle(result);
    };
    const auto blocked_by = [&](const RulesHandle& given, const char* label,
                                const speciesnet_location& location) {
        std::int32_t reason = -1;
        REQUIRE(speciesnet_rules_check_geofence(given.get(), label, &location, &reason, &error) ==
                SPECIESNET_OK);
        return reason;
    };

    const auto listed =
        with(speciesnet_rules_with_species_list, "Panthera leo", SPECIESNET_UNKNOWN_TAXA_REFUSE);
    CHECK(blocked_by(listed, lion, place(nullptr)) == SPECIESNET_NOT_BLOCKED);
    CHECK(blocked_by(listed, leopard, place(nullptr)) == SPECIESNET_NOT_IN_SPECIES_LIST);
    CHECK(blocked_by(listed, cats, place(nullptr)) == SPECIESNET_NOT_BLOCKED);

    const auto overlaid = with(speciesnet_rules_with_geofence_overlay,
                               "taxon,action,country,station\nlion,allow,NOR,\nlion,block,,gate\n",
                               SPECIESNET_UNKNOWN_TAXA_REFUSE);
    CHECK(blocked_by(overlaid, lion, place("NOR")) == SPECIESNET_NOT_BLOCKED);
    CHECK(blocked_by(overlaid, lion, place("SWE")) == SPECIESNET_COUNTRY_NOT_ALLOWED);
    auto gate = place("KEN");
    gate.station = "gate";
    CHECK(blocked_by(overlaid, lion, gate) == SPECIESNET_OVERLAY_BLOCKED);
    CHECK(blocked_by(rules, lion, gate) == SPECIESNET_NOT_BLOCKED);
    // As a program hands the place over that knows no stations.
    gate.size = 40;
    CHECK(blocked_by(overlaid, lion, gate) == SPECIESNET_NOT_BLOCKED);

    CHECK(with(speciesnet_rules_with_species_list, "lian", SPECIESNET_UNKNOWN_TAXA_REFUSE).get() ==
          nullptr);
    CHECK(error.status == SPECIESNET_INVALID_ARGUMENT);
    CHECK(std::string(error.message).find("did you mean 'lion'") != std::string::npos);
    CHECK(with(speciesnet_rules_with_species_list, "lion", 2).get() == nullptr);

    const auto skipping =
        with(speciesnet_rules_with_species_list, "lion\nlian", SPECIESNET_UNKNOWN_TAXA_SKIP);
    char* text = nullptr;
    REQUIRE(speciesnet_rules_skipped_taxa(skipping.get(), &text, &error) == SPECIESNET_OK);
    CHECK(std::string(text).find("line 2: 'lian'") != std::string::npos);
    speciesnet_text_free(text);
}

TEST_CASE("an answer explains itself if it was asked to") {
    const auto rules = make_rules(SPECIESNET_GEOFENCE_ON);
    const auto norway = place("NOR");
    speciesnet_answer* answer = nullptr;
    REQUIRE(speciesnet_rules_explain(rules.get(), classes.data(), scores.data(), classes.size(),
                                     &animal, &norway, &answer, nullptr) == SPECIESNET_OK);
    const AnswerHandle explained(answer);
    const auto silent = combine(rules.get(), norway);
    CHECK(speciesnet_answer_label(answer) == std::string(speciesnet_answer_label(silent.get())));
    CHECK(speciesnet_answer_rule(answer) == std::string("4a"));
    CHECK(std::string(speciesnet_answer_reason(answer)).find("0.9") != std::string::npos);
    CHECK(speciesnet_answer_blocked_by(answer) == SPECIESNET_COUNTRY_NOT_ALLOWED);
    CHECK(speciesnet_answer_rule(silent.get()) == nullptr);
    CHECK(speciesnet_answer_reason(silent.get()) == nullptr);
    CHECK(speciesnet_answer_blocked_by(silent.get()) == SPECIESNET_NOT_BLOCKED);
}

TEST_CASE("scores are numbers") {
    const auto rules = make_rules(SPECIESNET_GEOFENCE_ON);
    for (const double wrong :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        const std::array<double, 2> damaged{0.9, wrong};
        speciesnet_answer* answer = nullptr;
        CHECK(speciesnet_rules_combine(rules.get(), classes.data(), damaged.data(), classes.size(),
                                       &animal, nullptr, &answer,
                                       nullptr) == SPECIESNET_INVALID_ARGUMENT);
    }
}

TEST_CASE("without geofencing nothing is blocked") {
    const auto norway = place("NOR");
    std::int32_t blocked_by = -1;
    CHECK(speciesnet_rules_check_geofence(make_rules(SPECIESNET_GEOFENCE_ON).get(), lion, &norway,
                                          &blocked_by, nullptr) == SPECIESNET_OK);
    CHECK(blocked_by == SPECIESNET_COUNTRY_NOT_ALLOWED);
    const auto open = make_rules(SPECIESNET_GEOFENCE_OFF);
    CHECK(speciesnet_rules_check_geofence(open.get(), lion, &norway, &blocked_by, nullptr) ==
          SPECIESNET_OK);
    CHECK(blocked_by == SPECIESNET_NOT_BLOCKED);
    CHECK(speciesnet_answer_label(combine(open.get(), norway).get()) == std::string(lion));
}

TEST_CASE("the geofence alone rolls the top class up") {
    speciesnet_answer* answer = nullptr;
    const auto norway = place("NOR");
    REQUIRE(speciesnet_rules_apply_geofence(make_rules(SPECIESNET_GEOFENCE_ON).get(),
                                            classes.data(), scores.data(), classes.size(), &norway,
                                            &answer, nullptr) == SPECIESNET_OK);
    const AnswerHandle owner(answer);
    CHECK(short_name(answer) == "felidae");
}

TEST_CASE("a rollup tries the levels in their order, and may find none") {
    const auto rules = make_rules(SPECIESNET_GEOFENCE_ON);
    const std::array<std::int32_t, 2> levels{SPECIESNET_LEVEL_GENUS, SPECIESNET_LEVEL_FAMILY};
    const auto roll_up = [&](double threshold) {
        speciesnet_answer* answer = nullptr;
        REQUIRE(speciesnet_rules_roll_up(rules.get(), classes.data(), scores.data(), classes.size(),
                                         nullptr, levels.data(), levels.size(), threshold, &answer,
                                         nullptr) == SPECIESNET_OK);
        return AnswerHandle(answer);
    };
    CHECK(speciesnet_answer_label(roll_up(0.65).get()) == std::string(cats));
    CHECK(roll_up(0.96).get() == nullptr);
}

TEST_CASE("an ancestor is the taxonomy's entry at a level, or nothing") {
    const auto rules = make_rules(SPECIESNET_GEOFENCE_ON);
    char* text = nullptr;
    REQUIRE(speciesnet_rules_ancestor(rules.get(), lion, SPECIESNET_LEVEL_FAMILY, &text, nullptr) ==
            SPECIESNET_OK);
    CHECK(take_text(text) == cats);
    REQUIRE(speciesnet_rules_ancestor(rules.get(), lion, SPECIESNET_LEVEL_GENUS, &text, nullptr) ==
            SPECIESNET_OK);
    CHECK(text == nullptr);
    CHECK(speciesnet_rules_ancestor(rules.get(), lion, 7, &text, nullptr) ==
          SPECIESNET_INVALID_ARGUMENT);
}

TEST_CASE("labels have a short name and a key") {
    char* text = nullptr;
    REQUIRE(speciesnet_label_short_name(lion, &text, nullptr) == SPECIESNET_OK);
    CHECK(take_text(text) == "panthera_leo");
    REQUIRE(speciesnet_label_full_class(lion, &text, nullptr) == SPECIESNET_OK);
    CHECK(take_text(text) == "mammalia;carnivora;felidae;panthera;leo");
    CHECK(speciesnet_label_full_class("a;b", &text, nullptr) == SPECIESNET_INVALID_ARGUMENT);
    CHECK(text == nullptr);
}

TEST_CASE("what is wrong with rules or their input is said by status and sentence") {
    speciesnet_rules* rules = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_rules_new("only;three;parts", 16, "{}", 2, SPECIESNET_GEOFENCE_ON, &rules,
                               &error) == SPECIESNET_MODEL_INVALID);
    CHECK(rules == nullptr);
    CHECK(error.message[0] != '\0');
    CHECK(speciesnet_rules_new("", 0, "{}", 2, 5, &rules, &error) == SPECIESNET_INVALID_ARGUMENT);

    const auto sound = make_rules(SPECIESNET_GEOFENCE_ON);
    const auto nowhere = place("KENYA");
    speciesnet_answer* answer = nullptr;
    CHECK(speciesnet_rules_combine(sound.get(), classes.data(), scores.data(), classes.size(),
                                   &animal, &nowhere, &answer,
                                   &error) == SPECIESNET_INVALID_ARGUMENT);
    CHECK(std::string(error.message).find("KENYA") != std::string::npos);
    const speciesnet_detection unknown{9, 0, 0.9, {0, 0, 1, 1}};
    CHECK(speciesnet_rules_combine(sound.get(), classes.data(), scores.data(), classes.size(),
                                   &unknown, nullptr, &answer,
                                   &error) == SPECIESNET_INVALID_ARGUMENT);
    CHECK(speciesnet_rules_combine(sound.get(), classes.data(), scores.data(), 0, &animal, nullptr,
                                   &answer, &error) == SPECIESNET_INVALID_ARGUMENT);
}
