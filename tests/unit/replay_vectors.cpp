// SPDX-License-Identifier: Apache-2.0
// replay_vectors FILE…: evaluates the cases for which scripts/oracle_vectors recorded the
// reference's answers. Fails if an answer differs, even in the last bit of a score.
#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"
#include "speciesnet/past_runs.hpp"
#include "speciesnet/rules.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

using namespace speciesnet;

namespace {

using Json = nlohmann::json;

struct World {
    explicit World(const Json& header)
        : fenced(Taxonomy::parse(header["taxonomy"].get<std::string>()),
                 Geofence::parse(header["geofence"].dump())),
          unfenced(fenced.taxonomy(), fenced.geofence(), false),
          labels(header["labels"].get<std::vector<std::string>>()) {}

    Rules fenced, unfenced;
    std::vector<std::string> labels;

    const std::string& label(const Json& index) const {
        return labels.at(index.get<std::size_t>());
    }
    const Rules& rules(const Json& geofencing) const {
        return geofencing.get<bool>() ? fenced : unfenced;
    }
    std::vector<std::string> classes(const Json& indices) const {
        std::vector<std::string> result;
        for (const auto& index : indices) {
            result.push_back(label(index));
        }
        return result;
    }
};

double number(const Json& json) {
    return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

std::vector<double> numbers(const Json& json) {
    std::vector<double> result;
    for (const auto& element : json) {
        result.push_back(number(element));
    }
    return result;
}

std::optional<std::string> text(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<std::string>());
}

Location place(const Json& country, const Json& region) {
    return {.country = text(country), .admin1_region = text(region)};
}

TaxonomyLevel level(const Json& name) {
    constexpr std::array levels{TaxonomyLevel::species, TaxonomyLevel::genus,
                                TaxonomyLevel::family,  TaxonomyLevel::order,
                                TaxonomyLevel::class_,  TaxonomyLevel::kingdom};
    for (const auto one : levels) {
        if (taxonomy_level_name(one) == name.get<std::string>()) {
            return one;
        }
    }
    throw std::runtime_error("no such level: " + name.dump());
}

/// Converts an answer to the form in the file; the score as bits, so that the comparison is exact.
Json form(const std::optional<Answer>& answer) {
    return answer ? Json{answer->label, std::bit_cast<std::uint64_t>(answer->score), answer->source}
                  : Json();
}

Json expected_form(const World& world, Json answer) {
    if (answer.is_array()) {
        if (answer[0].is_number()) {
            answer[0] = world.label(answer[0]);
        }
        answer[1] = std::bit_cast<std::uint64_t>(number(answer[1]));
    }
    return answer;
}

Json combine(const World& world, const Json& it) {
    const Classification classification{.classes = world.classes(it[3]),
                                        .scores = numbers(it[4]),
                                        .target_classes = {},
                                        .target_logits = {}};
    const Detection detection{.category = static_cast<Category>(it[1].get<int>()),
                              .conf = it[2].get<double>()};
    const auto location = place(it[5], it[6]);
    const auto& rules = world.rules(it[7]);
    const auto answer = rules.combine(classification, detection, location);
    Explanation explanation;
    if (form(rules.combine(classification, detection, location, &explanation)) != form(answer)) {
        return "another answer when it is to be explained";
    }
    return form(answer);
}

Json apply_geofence(const World& world, const Json& it) {
    return form(world.rules(it[5]).apply_geofence(world.classes(it[1]), numbers(it[2]),
                                                  place(it[3], it[4])));
}

Json roll_up(const World& world, const Json& it) {
    std::vector<TaxonomyLevel> levels;
    for (const auto& name : it[6]) {
        levels.push_back(level(name));
    }
    return form(world.rules(it[5]).roll_up(world.classes(it[1]), numbers(it[2]),
                                           place(it[3], it[4]), levels, it[7].get<double>()));
}

Json check(const World& world, const Json& it) {
    return it[4].get<bool>() && world.fenced.geofence().check(
                                    world.label(it[1]), place(it[2], it[3])) != GeofenceRule::none;
}

Json ancestor(const World& world, const Json& it) {
    const auto found = world.fenced.taxonomy().ancestor_at(world.label(it[1]), level(it[2]));
    return found ? Json(*found) : Json();
}

Json full_class(const World& world, const Json& it) {
    return full_class_string(world.label(it[1]));
}

/// Returns the results of one network for the image of the case; none if it has none.
std::vector<Prediction> results(const std::string& file, Json entry) {
    if (entry.is_null()) {
        return {};
    }
    entry["filepath"] = file;
    return predictions_from_json(Json{{"predictions", Json::array({entry})}}.dump());
}

/// Runs an ensemble-only run completely, from documents to a document.
Json run(const World& world, const Json& it, ResultFormat format) {
    const std::array instances{Instance{"a.jpg", place(it[3], it[4])}};
    CombineOptions options{.max_classifications_per_detection = std::nullopt, .model_version = "1"};
    if (!it[6].is_null()) {
        options.max_classifications_per_detection = it[6].get<std::size_t>();
    }
    auto predictions =
        combine_past_runs(world.rules(it[5]), instances, results(instances[0].filepath, it[1]),
                          results(instances[0].filepath, it[2]), options);
    // The cases call only the reference's combine(), which shows a location unchanged. The step
    // before it drops a region without a country.
    predictions.at(0).location = instances[0].location;
    return to_json(predictions.at(0), {.format = format, .decimals = {}, .indent = 0});
}

Json run_per_detection(const World& world, const Json& it) {
    return run(world, it, ResultFormat::per_detection);
}
Json run_per_image(const World& world, const Json& it) {
    return run(world, it, ResultFormat::per_image);
}

Json answer_to(const World& world, const Json& it) {
    struct Kind {
        std::string_view name;
        Json (*answer)(const World& world, const Json& it);
    };
    constexpr std::array kinds{Kind{"combine", combine},
                               Kind{"apply_geofence", apply_geofence},
                               Kind{"roll_up", roll_up},
                               Kind{"check", check},
                               Kind{"ancestor", ancestor},
                               Kind{"full_class", full_class},
                               Kind{"run_per_detection", run_per_detection},
                               Kind{"run_per_image", run_per_image}};
    for (const auto& [name, answer] : kinds) {
        if (name == it[0].get<std::string>()) {
            try {
                return answer(world, it);
            } catch (const InvalidArgument&) {
                return "error";
            }
        }
    }
    throw std::runtime_error("no such kind of case: " + it[0].dump());
}

struct Result {
    std::size_t cases = 0;
    std::size_t different = 0;
    std::string first_difference;
};

Result replay(std::istream& file) {
    Result result;
    std::unique_ptr<World> world;
    for (std::string line; std::getline(file, line);) {
        const auto json = Json::parse(line);
        if (json.is_object()) {
            world = std::make_unique<World>(json);
            continue;
        }
        ++result.cases;
        const auto ours = answer_to(*world, json);
        if (ours != expected_form(*world, json.back()) && result.different++ == 0) {
            result.first_difference = line + "\nours: " + ours.dump() + '\n';
        }
    }
    return result;
}

}  // namespace

int main(int count, char** arguments) {
    bool all_equal = count > 1;
    for (int index = 1; index < count; ++index) {
        std::ifstream file(arguments[index]);
        const auto [cases, different, first_difference] = replay(file);
        std::cout << arguments[index] << ": " << cases << " cases, " << different << " different\n"
                  << first_difference;
        all_equal = all_equal && cases > 0 && different == 0;
    }
    return all_equal ? 0 : 1;
}
