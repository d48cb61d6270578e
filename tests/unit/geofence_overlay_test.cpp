// SPDX-License-Identifier: Apache-2.0
// Species lists and overlays of the geofence.
#include "speciesnet/geofence_overlay.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/rules.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const std::string animal(labels::animal);
const std::string mammals = "u1;mammalia;;;;;mammal";
const std::string carnivores = "u2;mammalia;carnivora;;;;carnivorous mammal";
const std::string cats = "u3;mammalia;carnivora;felidae;;;cat family";
const std::string panthera = "u4;mammalia;carnivora;felidae;panthera;;panthera species";
const std::string lion = "u5;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string leopard = "u6;mammalia;carnivora;felidae;panthera;pardus;leopard";
const std::string equids = "u7;mammalia;perissodactyla;equidae;;;equidae family";
const std::string zebra = "u8;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";
const std::string grevys = "u9;mammalia;perissodactyla;equidae;equus;grevyi;grevy's zebra";
const std::string puma_genus = "u10;mammalia;carnivora;felidae;puma;;puma genus";
const std::string puma = "u11;mammalia;carnivora;felidae;puma;concolor;puma";

const Taxonomy& taxonomy() {
    static const auto all = Taxonomy::parse(
        mammals + '\n' + carnivores + '\n' + cats + '\n' + panthera + '\n' + lion + '\n' + leopard +
        '\n' + equids + '\n' + zebra + '\n' + grevys + '\n' + puma_genus + '\n' + puma);
    return all;
}

const Location kenya{.country = "KEN"};
const Location california{.country = "USA", .admin1_region = "CA"};

using Kind = OverlayVerdict::Kind;

Kind kind(const GeofenceOverlay& overlay, const std::string& label, const Location& location = {}) {
    return overlay.check(label, location).kind;
}

GeofenceOverlay table(const std::string& csv) {
    return GeofenceOverlay::parse(csv, taxonomy(), "local.csv");
}

template <typename Function>
std::string refusal(Function function) {
    try {
        function();
    } catch (const InvalidArgument& error) {
        return error.what();
    }
    return "no error";
}

Rules rules(const std::string& geofence, bool geofencing = true) {
    return {taxonomy(), Geofence::parse(geofence), geofencing};
}

}  // namespace

TEST_CASE("taxa are found by any of their names") {
    using Labels = std::vector<std::string_view>;
    for (const auto* const name : {"u5", "lion", "LION", "Panthera leo", "panthera_leo",
                                   "mammalia;carnivora;felidae;panthera;leo",
                                   "u5;mammalia;carnivora;felidae;panthera;leo;lion"}) {
        CHECK_MESSAGE(taxonomy().find(name) == Labels{lion}, name);
    }
    CHECK(taxonomy().find("Felidae") == Labels{cats});
    CHECK(taxonomy().find("Panthera sp.") == Labels{panthera});
    CHECK(taxonomy().find("Panthera spp") == Labels{panthera});
    CHECK(taxonomy().find("Gr\xC3\xA9vy\xE2\x80\x99s Zebra") == Labels{grevys});
    CHECK(taxonomy().find("animal") == Labels{animal});
    CHECK(taxonomy().find("puma") == Labels{puma_genus, puma});
    CHECK(taxonomy().find("leo").empty());
    CHECK(taxonomy().find("").empty());
    CHECK(taxonomy().find(";;;;").empty());
}

TEST_CASE("an unknown name has a nearest known one, or none") {
    CHECK(taxonomy().nearest_name("lian") == "lion");
    CHECK(taxonomy().nearest_name("Panthera loe") == "panthera leo");
    CHECK(taxonomy().nearest_name("wombat").empty());
    CHECK(taxonomy().nearest_name(std::string(10'000, 'x')).empty());
}

TEST_CASE("a species list allows its taxa, their descendants and their ancestors") {
    const auto list = GeofenceOverlay::species_list(
        "\xEF\xBB\xBF# what lives here\r\nlion\r\n\r\nEquidae\r\n", taxonomy(), "list.txt");
    CHECK(list.size() == 2);
    for (const auto& label : {lion, panthera, cats, carnivores, mammals, animal, equids, zebra,
                              grevys, std::string(labels::human), std::string(labels::blank),
                              std::string(labels::vehicle), std::string(labels::unknown)}) {
        CHECK_MESSAGE(kind(list, label) == Kind::silent, label);
    }
    CHECK(list.check(leopard, kenya) ==
          OverlayVerdict{Kind::not_listed, "list.txt: mammalia;carnivora;felidae;panthera;pardus"});
    CHECK(kind(list, puma) == Kind::not_listed);
    CHECK(kind(list, "u;mammalia;rodentia;;;;rodent") == Kind::not_listed);
}

TEST_CASE("unknown names are refused, each with its line") {
    const auto read = [](const std::string& text) {
        return refusal([&] { GeofenceOverlay::species_list(text, taxonomy(), "list.txt"); });
    };
    CHECK(
        read("lion\nlian\nwombat\n") ==
        "'list.txt': 2 names are not taxa of this model:\n  list.txt, line 2: 'lian', did you mean "
        "'lion'?\n  list.txt, line 3: 'wombat'\nCorrect, remove or skip them.");
    CHECK(read("wombat") ==
          "'list.txt': 1 name is not a taxon of this model:\n  list.txt, line 1: "
          "'wombat'\nCorrect, remove or skip them.");
    CHECK(read("# nothing\n").find("the list contains no taxon") != std::string::npos);
    CHECK(read(std::string("l\0i\0o\0n\0", 8)).find("UTF-16") != std::string::npos);

    const auto list =
        GeofenceOverlay::species_list("lion\nwombat", taxonomy(), "list.txt", UnknownTaxa::skip);
    CHECK(list.size() == 1);
    REQUIRE(list.skipped().size() == 1);
    CHECK(list.skipped().front() == "list.txt, line 2: 'wombat'");
}

TEST_CASE("a thousand unknown names give a short error") {
    std::string text;
    for (int line = 0; line < 1000; ++line) {
        text += "wombat " + std::to_string(line) + '\n';
    }
    const auto message =
        refusal([&] { GeofenceOverlay::species_list(text, taxonomy(), "list.txt"); });
    CHECK(message.find("1000 names") != std::string::npos);
    CHECK(message.size() < 2000);
}

TEST_CASE("an overlay lists its entries of taxa and places") {
    const auto overlay = table(
        "taxon,action,country,region,note\nPanthera "
        "leo,allow,Kenya,,seen\nfelidae,block,USA,CA,\n");
    CHECK(overlay.check(lion, kenya) ==
          OverlayVerdict{Kind::allowed, "local.csv, line 2: Panthera leo"});
    CHECK(kind(overlay, lion) == Kind::silent);
    CHECK(kind(overlay, lion, {.country = "TZA"}) == Kind::silent);
    CHECK(overlay.check(lion, california) ==
          OverlayVerdict{Kind::blocked, "local.csv, line 3: felidae"});
    CHECK(kind(overlay, lion, {.country = "USA"}) == Kind::silent);
    CHECK(kind(overlay, lion, {.country = "USA", .admin1_region = "TX"}) == Kind::silent);
    CHECK(kind(overlay, cats, california) == Kind::blocked);
    CHECK(kind(overlay, carnivores, california) == Kind::silent);
}

TEST_CASE("allowing a taxon also allows its ancestors, blocking does not block them") {
    const auto overlay = table("action,taxon,country\nallow,lion,KEN\nblock,equidae,KEN\n");
    CHECK(kind(overlay, panthera, kenya) == Kind::allowed);
    CHECK(kind(overlay, mammals, kenya) == Kind::allowed);
    CHECK(kind(overlay, leopard, kenya) == Kind::silent);
    CHECK(kind(overlay, zebra, kenya) == Kind::blocked);
    CHECK(kind(overlay, equids, kenya) == Kind::blocked);
}

TEST_CASE("the narrower place decides, then the narrower taxon, then allow") {
    const auto places = table(
        "taxon,action,country,region,station\nlion,block,,,\nlion,allow,USA,,\nlion,block,USA,CA,\n"
        "lion,allow,,,north gate\n");
    CHECK(kind(places, lion) == Kind::blocked);
    CHECK(kind(places, lion, {.country = "USA"}) == Kind::allowed);
    CHECK(kind(places, lion, california) == Kind::blocked);
    auto gate = california;
    gate.station = "north gate";
    CHECK(kind(places, lion, gate) == Kind::allowed);

    const auto taxa = table("taxon;action\nfelidae;block\npanthera;allow\nleopard;block\n");
    CHECK(kind(taxa, puma) == Kind::blocked);
    CHECK(kind(taxa, lion) == Kind::allowed);
    CHECK(kind(taxa, leopard) == Kind::blocked);
    // Lions are allowed there, and therefore cats.
    CHECK(kind(taxa, cats) == Kind::allowed);
}

TEST_CASE("the list of the narrowest place replaces those of wider places") {
    const auto overlay = table(
        "taxon,action,country,station\nplains zebra,only,,\nlion,only,,gate\nleopard,allow,KEN,\n");
    CHECK(kind(overlay, zebra) == Kind::silent);
    CHECK(kind(overlay, lion) == Kind::not_listed);
    CHECK(kind(overlay, lion, {.station = "gate"}) == Kind::silent);
    CHECK(kind(overlay, zebra, {.station = "gate"}) == Kind::not_listed);
    CHECK(kind(overlay, leopard) == Kind::not_listed);
    CHECK(kind(overlay, leopard, kenya) == Kind::allowed);
}

TEST_CASE("invalid tables are refused with the line") {
    const auto read = [](const std::string& csv) { return refusal([&] { table(csv); }); };
    CHECK(read("") == "'local.csv': the table is empty");
    CHECK(read("taxon,country\nlion,KEN\n") ==
          "'local.csv': the first line has no column 'action'; it must be like "
          "taxon,action,country");
    CHECK(read("taxon,action\nlion,forbid\n") ==
          "'local.csv': line 2: the action is 'forbid'; it must be allow, block or only");
    CHECK(read("taxon,action,country\nlion,allow,KNE\n").find("line 2: country is \"KNE\"") !=
          std::string::npos);
    CHECK(read("taxon,action,region\nlion,allow,CA\n") ==
          "'local.csv': line 2: the region 'CA' requires a country");
    CHECK(read("taxon,action,country,station\nlion,allow,KEN,gate\n").find("must not name") !=
          std::string::npos);
    CHECK(read("taxon,action\nlion,allow\nPanthera leo,block\n") ==
          "'local.csv': line 3: 'local.csv, line 3: Panthera leo' contradicts 'local.csv, line 2: "
          "lion'");
    CHECK(read("taxon,action\nlian,allow\n").find("did you mean 'lion'") != std::string::npos);
}

TEST_CASE("overlays are combined, unless they contradict each other") {
    const auto both =
        table("taxon,action\nlion,allow\n")
            .with(GeofenceOverlay::species_list("plains zebra", taxonomy(), "list.txt"));
    CHECK(both.size() == 2);
    CHECK(kind(both, lion) == Kind::allowed);
    CHECK(kind(both, panthera) == Kind::allowed);
    CHECK(kind(both, zebra) == Kind::silent);
    CHECK(kind(both, leopard) == Kind::not_listed);
    CHECK_THROWS_AS(table("taxon,action\nlion,allow\n").with(table("taxon,action\nlion,block\n")),
                    InvalidArgument);
    CHECK(kind(GeofenceOverlay(), lion, kenya) == Kind::silent);
}

TEST_CASE("the overlay takes precedence over the package's geofence") {
    const auto package =
        rules(R"({"mammalia;carnivora;felidae;panthera;leo": {"allow": {"TZA": []}}})");
    CHECK(package.check(lion, kenya) == GeofenceVerdict{GeofenceRule::country_not_allowed,
                                                        "mammalia;carnivora;felidae;panthera;leo",
                                                        ""});
    const auto local = package.with(
        table("taxon,action,country\nlion,allow,KEN\nlion,block,TZA\nleopard,allow,KEN\n"));
    CHECK(local.check(lion, kenya) ==
          GeofenceVerdict{GeofenceRule::none, "", "local.csv, line 2: lion"});
    CHECK(local.check(leopard, kenya) == GeofenceVerdict{});
    CHECK(local.check(lion, {.country = "TZA"}) ==
          GeofenceVerdict{GeofenceRule::overlay_blocked, "local.csv, line 3: lion", ""});
    CHECK(local.check(lion, {.country = "UGA"}).blocked_by == GeofenceRule::country_not_allowed);
    CHECK(package.check(lion, kenya).blocked_by == GeofenceRule::country_not_allowed);
    CHECK_THROWS_AS(local.check(lion, {.country = "Kenya"}), InvalidArgument);
}

TEST_CASE("a species list applies even without a geofence") {
    const auto open =
        rules(R"({"mammalia;carnivora;felidae;panthera;leo": {"block": {"KEN": []}}})", false)
            .with(GeofenceOverlay::species_list("lion", taxonomy(), "list.txt"));
    CHECK(open.check(lion, kenya) == GeofenceVerdict{});
    CHECK(open.check(leopard, kenya).blocked_by == GeofenceRule::not_in_species_list);
}

TEST_CASE("a species that is not listed is rolled up to a listed group") {
    const auto local = rules("{}").with(
        GeofenceOverlay::species_list("plains zebra\nlion", taxonomy(), "list.txt"));
    const Detection found{.category = Category::animal, .conf = 0.9, .bbox = {}};
    Explanation explanation;
    const auto answer = local.combine(
        {.classes = {grevys, zebra, lion}, .scores = {0.9, 0.06, 0.01}}, found, {}, &explanation);
    CHECK(answer.label == equids);
    CHECK(answer.source == "classifier+geofence+rollup_to_family");
    CHECK(explanation.top_class_blocked_by == GeofenceRule::not_in_species_list);
    CHECK(explanation.reason.find("not_in_species_list by \"list.txt: "
                                  "mammalia;perissodactyla;equidae;equus;grevyi\"") !=
          std::string::npos);

    const auto kept = local.combine({.classes = {zebra, grevys}, .scores = {0.9, 0.06}}, found, {});
    CHECK(kept.label == zebra);
    CHECK(kept.source == "classifier");
}

TEST_CASE("an explanation names the entry that overruled the package's geofence") {
    const auto local =
        rules(R"({"mammalia;carnivora;felidae;panthera;leo": {"block": {"KEN": []}}})")
            .with(table("taxon,action,country\nlion,allow,KEN\n"));
    Explanation explanation;
    const auto answer =
        local.combine({.classes = {lion}, .scores = {0.9}},
                      {.category = Category::animal, .conf = 0.9, .bbox = {}}, kenya, &explanation);
    CHECK(answer.label == lion);
    CHECK(explanation.top_class_allowed_by_entry == "local.csv, line 2: lion");
    CHECK(explanation.reason.find("overridden by \"local.csv, line 2: lion\"") !=
          std::string::npos);
}
