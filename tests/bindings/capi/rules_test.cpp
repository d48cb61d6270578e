// SPDX-License-Identifier: Apache-2.0
// Taxonomy, geofence and decisions through the C ABI, with a small taxonomy of cats.
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

RulesHandle make_rules(std::int32_t enforce) {
    speciesnet_rules* rules = nullptr;
    speciesnet_error error;
    REQUIRE_MESSAGE(
        speciesnet_rules_new(taxonomy, std::strlen(taxonomy), geofence, std::strlen(geofence),
                             enforce, &rules, &error) == SPECIESNET_OK,
        error.message);
    return RulesHandle(rules);
}

speciesnet_location place(const char* country) {
    speciesnet_location location;
    speciesnet_location_init(&location, sizeof location);
    location.country = country;
    return location;
}

const std::array<speciesnet_scored_label, 2> classes{{{lion, 0.9}, {leopard, 0.05}}};
const speciesnet_detection animal{SPECIESNET_CATEGORY_ANIMAL, 0, 0.9, {0, 0, 1, 1}};

AnswerHandle combine(const speciesnet_rules* rules, const speciesnet_location& location) {
    speciesnet_answer* answer = nullptr;
    speciesnet_error error;
    REQUIRE_MESSAGE(speciesnet_rules_combine(rules, classes.data(), classes.size(), &animal,
                                             &location, 0, &answer, &error) == SPECIESNET_OK,
                    error.message);
    return AnswerHandle(answer);
}

}  // namespace

TEST_CASE("a lion in Kenya is a lion, elsewhere its family") {
    const auto rules = make_rules(1);
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

TEST_CASE("a species list and an overlay restrict the species of a location") {
    const auto rules = make_rules(1);
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
    CHECK(blocked_by(listed, lion, place(nullptr)) == SPECIESNET_BLOCKED_BY_NOTHING);
    CHECK(blocked_by(listed, leopard, place(nullptr)) == SPECIESNET_BLOCKED_BY_SPECIES_LIST);
    CHECK(blocked_by(listed, cats, place(nullptr)) == SPECIESNET_BLOCKED_BY_NOTHING);

    const auto overlaid = with(speciesnet_rules_with_geofence_overlay,
                               "taxon,action,country,station\nlion,allow,NOR,\nlion,block,,gate\n",
                               SPECIESNET_UNKNOWN_TAXA_REFUSE);
    CHECK(blocked_by(overlaid, lion, place("NOR")) == SPECIESNET_BLOCKED_BY_NOTHING);
    CHECK(blocked_by(overlaid, lion, place("SWE")) == SPECIESNET_BLOCKED_BY_COUNTRY_NOT_ALLOWED);
    auto gate = place("KEN");
    gate.station = "gate";
    CHECK(blocked_by(overlaid, lion, gate) == SPECIESNET_BLOCKED_BY_OVERLAY);
    CHECK(blocked_by(rules, lion, gate) == SPECIESNET_BLOCKED_BY_NOTHING);

    CHECK(with(speciesnet_rules_with_species_list, "lian", SPECIESNET_UNKNOWN_TAXA_REFUSE).get() ==
          nullptr);
    CHECK(error.status == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(std::string(error.message).find("did you mean 'lion'") != std::string::npos);
    CHECK(with(speciesnet_rules_with_species_list, "lion", 2).get() == nullptr);

    const auto skipping =
        with(speciesnet_rules_with_species_list, "lion\nlian", SPECIESNET_UNKNOWN_TAXA_SKIP);
    char* text = nullptr;
    REQUIRE(speciesnet_rules_skipped_taxa(skipping.get(), &text, &error) == SPECIESNET_OK);
    CHECK(std::string(text).find("line 2: 'lian'") != std::string::npos);
    speciesnet_text_free(text);
}

TEST_CASE("an answer has an explanation if requested") {
    const auto rules = make_rules(1);
    const auto norway = place("NOR");
    speciesnet_answer* answer = nullptr;
    REQUIRE(speciesnet_rules_combine(rules.get(), classes.data(), classes.size(), &animal, &norway,
                                     1, &answer, nullptr) == SPECIESNET_OK);
    const AnswerHandle explained(answer);
    const auto silent = combine(rules.get(), norway);
    CHECK(speciesnet_answer_label(answer) == std::string(speciesnet_answer_label(silent.get())));
    CHECK(speciesnet_answer_explanation(silent.get()) == nullptr);
    const auto* why = speciesnet_answer_explanation(answer);
    REQUIRE(why != nullptr);
    CHECK(why->rule == std::string("4a"));
    CHECK(std::string(why->reason).find("0.9") != std::string::npos);
    CHECK(why->detection_category == SPECIESNET_CATEGORY_ANIMAL);
    CHECK(why->detection_conf == 0.9);
    CHECK(why->blocked_by == SPECIESNET_BLOCKED_BY_COUNTRY_NOT_ALLOWED);
    CHECK(why->blocked_by_entry == std::string("mammalia;carnivora;felidae;panthera;leo"));
    CHECK(why->allowed_by_entry == std::string());
    REQUIRE(why->class_count == classes.size());
    CHECK(why->classes[1].label == std::string(leopard));
    CHECK(why->classes[1].score == 0.05);
    REQUIRE(why->rollup_count == 1);
    const auto& step = why->rollup[0];
    CHECK(step.level == SPECIESNET_LEVEL_FAMILY);
    CHECK(step.reached == 1);
    CHECK(step.threshold < 0.95);
    REQUIRE(step.sum_count == 1);
    CHECK(step.sums[0].label == std::string(cats));
    CHECK(step.sums[0].score == doctest::Approx(0.95));
    CHECK(step.sums[0].blocked_by == SPECIESNET_BLOCKED_BY_NOTHING);
    CHECK(step.sums[0].blocked_by_entry == std::string());
}

TEST_CASE("scores must be finite") {
    const auto rules = make_rules(1);
    for (const double wrong :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        auto damaged = classes;
        damaged[1].score = wrong;
        speciesnet_answer* answer = nullptr;
        CHECK(speciesnet_rules_combine(rules.get(), damaged.data(), damaged.size(), &animal,
                                       nullptr, 0, &answer,
                                       nullptr) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    }
}

TEST_CASE("without geofencing nothing is blocked") {
    const auto norway = place("NOR");
    std::int32_t blocked_by = -1;
    CHECK(speciesnet_rules_check_geofence(make_rules(1).get(), lion, &norway, &blocked_by,
                                          nullptr) == SPECIESNET_OK);
    CHECK(blocked_by == SPECIESNET_BLOCKED_BY_COUNTRY_NOT_ALLOWED);
    const auto open = make_rules(0);
    CHECK(speciesnet_rules_check_geofence(open.get(), lion, &norway, &blocked_by, nullptr) ==
          SPECIESNET_OK);
    CHECK(blocked_by == SPECIESNET_BLOCKED_BY_NOTHING);
    CHECK(speciesnet_answer_label(combine(open.get(), norway).get()) == std::string(lion));
}

TEST_CASE("the geofence alone rolls the top class up") {
    speciesnet_answer* answer = nullptr;
    const auto norway = place("NOR");
    REQUIRE(speciesnet_rules_apply_geofence(make_rules(1).get(), classes.data(), classes.size(),
                                            &norway, &answer, nullptr) == SPECIESNET_OK);
    const AnswerHandle owner(answer);
    CHECK(short_name(answer) == "felidae");
}

TEST_CASE("a rollup tries the levels in their order, and may find none") {
    const auto rules = make_rules(1);
    const std::array<std::int32_t, 2> levels{SPECIESNET_LEVEL_GENUS, SPECIESNET_LEVEL_FAMILY};
    const auto roll_up = [&](double threshold) {
        speciesnet_answer* answer = nullptr;
        REQUIRE(speciesnet_rules_roll_up(rules.get(), classes.data(), classes.size(), nullptr,
                                         levels.data(), levels.size(), threshold, &answer,
                                         nullptr) == SPECIESNET_OK);
        return AnswerHandle(answer);
    };
    CHECK(speciesnet_answer_label(roll_up(0.65).get()) == std::string(cats));
    CHECK(roll_up(0.96).get() == nullptr);
}

TEST_CASE("an ancestor is the taxonomy's entry at a level, or nothing") {
    const auto rules = make_rules(1);
    char* text = nullptr;
    REQUIRE(speciesnet_rules_ancestor(rules.get(), lion, SPECIESNET_LEVEL_FAMILY, &text, nullptr) ==
            SPECIESNET_OK);
    CHECK(take_text(text) == cats);
    REQUIRE(speciesnet_rules_ancestor(rules.get(), lion, SPECIESNET_LEVEL_GENUS, &text, nullptr) ==
            SPECIESNET_OK);
    CHECK(text == nullptr);
    CHECK(speciesnet_rules_ancestor(rules.get(), lion, 7, &text, nullptr) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
}

TEST_CASE("labels have a short name and a key") {
    char* text = nullptr;
    REQUIRE(speciesnet_label_short_name(lion, &text, nullptr) == SPECIESNET_OK);
    CHECK(take_text(text) == "panthera_leo");
    REQUIRE(speciesnet_label_full_class(lion, &text, nullptr) == SPECIESNET_OK);
    CHECK(take_text(text) == "mammalia;carnivora;felidae;panthera;leo");
    CHECK(speciesnet_label_full_class("a;b", &text, nullptr) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(text == nullptr);
}

TEST_CASE("invalid rules and inputs give a status and a message") {
    speciesnet_rules* rules = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_rules_new("only;three;parts", 16, "{}", 2, 1, &rules, &error) ==
          SPECIESNET_ERROR_MODEL_INVALID);
    CHECK(rules == nullptr);
    CHECK(error.message[0] != '\0');
    CHECK(speciesnet_rules_new("", 0, "{}", 2, 5, &rules, &error) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);

    const auto sound = make_rules(1);
    const auto nowhere = place("KENYA");
    speciesnet_answer* answer = nullptr;
    CHECK(speciesnet_rules_combine(sound.get(), classes.data(), classes.size(), &animal, &nowhere,
                                   0, &answer, &error) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(std::string(error.message).find("KENYA") != std::string::npos);
    const speciesnet_detection unknown{9, 0, 0.9, {0, 0, 1, 1}};
    CHECK(speciesnet_rules_combine(sound.get(), classes.data(), classes.size(), &unknown, nullptr,
                                   0, &answer, &error) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(speciesnet_rules_combine(sound.get(), classes.data(), 0, &animal, nullptr, 0, &answer,
                                   &error) == SPECIESNET_ERROR_INVALID_ARGUMENT);
}
