// SPDX-License-Identifier: Apache-2.0
// Help, manual page, completions and suggestions of a small parser.
#include "summary/species_table.hpp"
#include "usage/completion.hpp"
#include "usage/help_text.hpp"
#include "usage/manual_page.hpp"
#include "usage/suggestion.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

/// speciesnet [--quiet|--noquiet] draw [--shape square|round] [--out FILE] PHOTO…
class Program {
public:
    Program() {
        program.require_subcommand(1);
        auto* const draw = program.add_subcommand("draw", "Draws what's there");
        draw->add_option("--shape", shape, "Its form")
            ->transform(
                CLI::CheckedTransformer(std::map<std::string, int>{{"round", 2}, {"square", 1}}))
            ->type_name("SHAPE");
        draw->add_option("--out", out, "Where to")->type_name("FILE")->required();
        draw->add_flag("--quiet,!--noquiet", quiet, "Say nothing")->group("Talk");
        draw->add_option("photos", photos, "The photos")->type_name("FILE");
        draw->footer(".Example");
        program.add_subcommand("erase", "Erases");
    }

    std::string refusal(std::vector<std::string> arguments) {
        std::reverse(arguments.begin(), arguments.end());
        try {
            program.parse(arguments);
        } catch (const CLI::ParseError& error) {
            return explain_parse_error(program, error);
        }
        return "";
    }

    CLI::App program{"Draws", "speciesnet"};

private:
    int shape = 0;
    bool quiet = false;
    std::string out;
    std::vector<std::string> photos;
};

bool has(const std::string& text, const std::string& part) {
    const bool found = text.find(part) != std::string::npos;
    if (!found) {
        MESSAGE("no '" << part << "' in:\n" << text);
    }
    return found;
}

}  // namespace

TEST_CASE("the outline contains commands, flags with all their names, values and choices") {
    Program example;
    const auto outline = outline_of(example.program);
    REQUIRE(outline.commands.size() == 2);
    const auto& draw = command_at(outline, "speciesnet draw");
    CHECK(draw.purpose == "Draws what's there");
    REQUIRE(draw.flags.size() == 4);
    CHECK(draw.flags[1].choices == std::vector<std::string>{"round", "square"});
    CHECK(draw.flags[1].kind() == ValueKind::choice);
    CHECK(draw.flags[2].kind() == ValueKind::file);
    CHECK(draw.flags[2].required);
    CHECK(draw.flags[3].names == std::vector<std::string>{"--quiet", "--noquiet"});
    CHECK(draw.flags[3].kind() == ValueKind::none);
    CHECK(draw.arguments.size() == 1);
}

TEST_CASE("help has purpose, usage, flags by group and footer, within the width") {
    Program example;
    const auto text = help_text(command_at(outline_of(example.program), "speciesnet draw"), 60);
    for (const auto* part :
         {"Draws what's there\n", "speciesnet draw [FLAGS] FILE", "--shape round|square",
          "--out FILE", "Where to (required)", "\nTalk:\n  --quiet, --noquiet", ".Example"}) {
        CHECK(has(text, part));
    }
    CHECK(
        has(help_text(outline_of(example.program), 60), "  erase                       Erases\n"));
}

TEST_CASE("descriptions are wrapped between words and columns") {
    CommandOutline command;
    command.path = "x";
    command.flags = {{.names = {"--flag"},
                      .value = {},
                      .choices = {},
                      .description = "one two three four five six seven eight nine ten",
                      .group = "Options",
                      .required = false}};
    CHECK(has(help_text(command, 60),
              "  --flag                      one two three four five six\n"
              "                              seven eight nine ten\n"));
}

TEST_CASE("the manual page has every flag, and no text becomes a request") {
    Program example;
    const auto page = manual_page(outline_of(example.program), "1.0");
    CHECK(has(page, ".TH SPECIESNET 1"));
    CHECK(has(page, ".B \\-\\-shape round|square\nIts form\n"));
    CHECK(has(page, ".B \\-\\-quiet, \\-\\-noquiet\n"));
    CHECK(has(page, "\n\\&.Example\n"));
}

TEST_CASE("completions have every command, flag and choice, quoted") {
    Program example;
    const auto outline = outline_of(example.program);
    const auto bash = bash_completion(outline);
    CHECK(
        has(bash, "'speciesnet draw --shape') mapfile -t COMPREPLY < <(compgen -W 'round square'"));
    CHECK(has(bash,
              "'speciesnet draw') words='-h --help --shape --out --quiet --noquiet'; files=1 ;;"));
    CHECK(has(zsh_completion(outline), "'draw:Draws what'\\''s there'"));
    const auto fish = fish_completion(outline);
    CHECK(has(fish, "-l shape -d 'Its form' -x -a 'round square'"));
    CHECK(has(fish, "-a draw -d 'Draws what\\'s there'"));
    for (const auto& script : {bash, zsh_completion(outline), fish}) {
        CHECK(script.find("@words@") == std::string::npos);
        CHECK(script.find("@values@") == std::string::npos);
        CHECK(script.find("@commands@") == std::string::npos);
    }
}

TEST_CASE("edit distances count inserted, removed, replaced and swapped letters") {
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("folder", "folders") == 1);
    CHECK(edit_distance("modle", "model") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest word is found, unless all are far") {
    const std::vector<std::string> words{"--folders", "--filepaths", "--model"};
    CHECK(nearest_word("--folder", words) == "--folders");
    CHECK(nearest_word("--modle", words) == "--model");
    CHECK_FALSE(nearest_word("--xyz", words));
}

TEST_CASE("a mistyped word is named with a suggestion") {
    CHECK(Program().refusal({"drwa"}) == "unknown command 'drwa'; did you mean draw?");
    CHECK(Program().refusal({"draw", "--shpae", "round"}) ==
          "unknown flag '--shpae'; did you mean --shape?");
    CHECK(Program().refusal({"draw", "--out", "a", "--quite=1"}) ==
          "unknown flag '--quite'; did you mean --quiet?");
    CHECK(has(Program().refusal({"draw", "--zzzzzz"}), "see `speciesnet draw --help`"));
    CHECK(Program().refusal({}) == "a command is required: draw, erase");
    CHECK(has(Program().refusal({"draw"}), "--out"));
    CHECK(has(Program().refusal({"draw", "--out", "a", "--shape", "oval"}), "--shape"));
}

TEST_CASE("tables fit their width, cut long names, and align letters of any script") {
    SpeciesCount count;
    Prediction photo;
    photo.detections = {
        {.detection = {Category::animal, 0.9, {}},
         .classification = std::nullopt,
         .answer = Answer{"u;;;;;;r\xc3\xa4tselhaftes Tier mit sehr langem Namen", 0.5, ""},
         .explanation = std::nullopt}};
    count.add(photo, 0.2);
    Prediction failed;
    failed.failures.detector = true;
    count.add(failed, 0.2);
    const auto narrow = species_table(count, Names::common, 45);
    CHECK(has(narrow, "r\xc3\xa4tselhaftes T\xe2\x80\xa6        1   50.0 %        0.50\n"));
    CHECK(has(narrow, "(failed)               1   50.0 %           -\n"));
    CHECK(has(narrow, "2 photos, 1 answer\n"));
    CHECK(has(species_table(count, Names::common, 200), "mit sehr langem Namen        1"));
}

}  // namespace speciesnet::cli
