// SPDX-License-Identifier: Apache-2.0
// Labels, their names, and their ancestors.
#include "speciesnet/taxonomy.hpp"

#include "speciesnet/error.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const std::string lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string panthera = "2;mammalia;carnivora;felidae;panthera;;panthera species";
const std::string cat_family = "3;mammalia;carnivora;felidae;;;cat family";
const std::string mammal = "4;mammalia;;;;;mammal";

Taxonomy small_taxonomy() {
    return Taxonomy::parse(lion + '\n' + panthera + '\n' + cat_family + '\n' + mammal + '\n');
}

}  // namespace

TEST_CASE("a label is split into its seven parts") {
    const auto parts = split_label("u;c;o;f;g;s;n");
    CHECK(parts.uuid == "u");
    CHECK(parts.class_ == "c");
    CHECK(parts.order == "o");
    CHECK(parts.family == "f");
    CHECK(parts.genus == "g");
    CHECK(parts.species == "s");
    CHECK(parts.common_name == "n");
    CHECK(full_class_string("u;c;o;f;g;s;n") == "c;o;f;g;s");
    CHECK(full_class_string(labels::blank) == ";;;;");
}

TEST_CASE("a label of more or fewer parts is refused with their number") {
    for (const std::string label : {"", "a;b;c;d;e;f", "a;b;c;d;e;f;g;h"}) {
        const auto count = label.empty() ? "1" : label.size() > 11 ? "8" : "6";
        try {
            split_label(label);
            FAIL("not refused");
        } catch (const InvalidArgument& error) {
            CHECK(std::string(error.what()).find(count) != std::string::npos);
        }
        CHECK_THROWS_AS(full_class_string(label), InvalidArgument);
        CHECK_THROWS_AS(short_name(label), InvalidArgument);
    }
}

TEST_CASE("short names are the species, the last rank above it, or the common name") {
    CHECK(short_name("u;Mammalia;Carnivora;Felidae;Panthera;leo;lion") == "panthera_leo");
    CHECK(short_name("u;mammalia;carnivora;canidae;canis;lupus familiaris;dog") ==
          "canis_lupus_familiaris");
    CHECK(short_name("u;mammalia;carnivora;felidae;panthera;;x") == "panthera");
    CHECK(short_name("u;mammalia;carnivora;;;;x") == "carnivora");
    CHECK(short_name("u;mammalia;carnivora;;;leo;x") == "carnivora");
    CHECK(short_name(labels::human) == "homo_sapiens");
    CHECK(short_name(labels::animal) == "animal");
    CHECK(short_name(labels::blank) == "blank");
    CHECK(short_name(labels::vehicle) == "vehicle");
    CHECK(short_name(labels::unknown) == "no_cv_result");
}

TEST_CASE("an ancestor is the entry with the same ranks down to its level") {
    const auto taxonomy = small_taxonomy();
    CHECK(taxonomy.ancestor_at(lion, TaxonomyLevel::species) == lion);
    CHECK(taxonomy.ancestor_at(lion, TaxonomyLevel::genus) == panthera);
    CHECK(taxonomy.ancestor_at(lion, TaxonomyLevel::family) == cat_family);
    CHECK(taxonomy.ancestor_at(lion, TaxonomyLevel::class_) == mammal);
    CHECK(taxonomy.ancestor_at(lion, TaxonomyLevel::kingdom) == labels::animal);
    CHECK(taxonomy.ancestor_at("x;mammalia;carnivora;felidae;panthera;onca;jaguar",
                               TaxonomyLevel::genus) == panthera);
}

TEST_CASE("there is no ancestor without an entry or without a name at the level") {
    const auto taxonomy = small_taxonomy();
    CHECK_FALSE(taxonomy.ancestor_at(lion, TaxonomyLevel::order));
    CHECK_FALSE(taxonomy.ancestor_at(cat_family, TaxonomyLevel::genus));
    CHECK_FALSE(taxonomy.ancestor_at(mammal, TaxonomyLevel::species));
    CHECK_FALSE(taxonomy.ancestor_at("x;mammalia;carnivora;;panthera;;x", TaxonomyLevel::family));
}

TEST_CASE("the kingdom of blank, vehicle and unknown is not that of animals") {
    const auto taxonomy = small_taxonomy();
    CHECK(taxonomy.ancestor_at(labels::animal, TaxonomyLevel::kingdom) == labels::animal);
    CHECK(taxonomy.ancestor_at(labels::human, TaxonomyLevel::kingdom) == labels::animal);
    CHECK_FALSE(taxonomy.ancestor_at(labels::blank, TaxonomyLevel::kingdom));
    CHECK_FALSE(taxonomy.ancestor_at(labels::vehicle, TaxonomyLevel::kingdom));
    CHECK_FALSE(taxonomy.ancestor_at(labels::unknown, TaxonomyLevel::species));
}

TEST_CASE("human and animal always exist in the taxonomy, blank and similar labels never") {
    const auto taxonomy =
        Taxonomy::parse(std::string(labels::blank) + '\n' + std::string(labels::unknown) + '\n' +
                        "x;mammalia;primates;hominidae;homo;sapiens;people\n");
    CHECK(taxonomy.size() == 2);
    CHECK(taxonomy.ancestor_at(labels::human, TaxonomyLevel::species) == labels::human);
    CHECK(taxonomy.ancestor_at(labels::animal, TaxonomyLevel::kingdom) == labels::animal);
}

TEST_CASE("the last of two entries with the same ranks counts") {
    const auto taxonomy = Taxonomy::parse("1;mammalia;;;;;first\n2;mammalia;;;;;last");
    CHECK(taxonomy.ancestor_at(mammal, TaxonomyLevel::class_) == "2;mammalia;;;;;last");
}

TEST_CASE("line ends of all kinds and empty lines are accepted") {
    const auto taxonomy = Taxonomy::parse("\n" + lion + " \r\n\r" + mammal + "\r\n\n");
    CHECK(taxonomy.size() == 4);
    CHECK(taxonomy.ancestor_at(lion, TaxonomyLevel::species) == lion);
}

TEST_CASE("a line without seven parts is named") {
    try {
        Taxonomy::parse(lion + "\n\nmammalia;carnivora\n", "taxonomy.txt");
        FAIL("not refused");
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::model_invalid);
        CHECK(std::string(error.what()).find("'taxonomy.txt', line 3") != std::string::npos);
    }
}

TEST_CASE("a copy outlives the original, and so do the labels it gives") {
    std::optional<std::string_view> found;
    const auto copy = [&] {
        const auto original = small_taxonomy();
        found = original.ancestor_at(lion, TaxonomyLevel::genus);
        return original;
    }();
    CHECK(found == panthera);
    CHECK(copy.size() == 6);
}
