// SPDX-License-Identifier: Apache-2.0
// The messages of an ensemble.
#include "speciesnet/speciesnet.hpp"

#include "demo_photos.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

using Messages = std::vector<std::pair<LogLevel, std::string>>;

/// Stores messages, and checks that the calling thread sends them.
Log keeping(Messages& messages) {
    return
        [&messages, caller = std::this_thread::get_id()](LogLevel level, std::string_view message) {
            CHECK(std::this_thread::get_id() == caller);
            messages.emplace_back(level, message);
        };
}

}  // namespace

TEST_CASE("a log reports the model and unknown target species") {
    Messages messages;
    const auto ensemble = Ensemble::load(
        "demo", {.threads = 2, .target_species = {{"no such label"}}, .log = keeping(messages)});
    REQUIRE(messages.size() == 2);
    CHECK(messages[0].first == LogLevel::information);
    CHECK(
        messages[0].second.starts_with("model " + ensemble.info().version + " loaded, 2 threads"));
    CHECK(messages[1] ==
          std::pair<LogLevel, std::string>(LogLevel::warning,
                                           "the classifier has no target species no such label"));
}

TEST_CASE("a log reports each failed photo of a batch, as long as a copy lives") {
    Messages messages;
    auto ensemble = [&] {
        const auto first = Ensemble::load("demo", {.log = keeping(messages)});
        return first.with_rules(first.rules());
    }();
    messages.clear();
    std::vector<Instance> instances{demo_photos().front()};
    static_cast<void>(ensemble.predict(instances));
    CHECK(messages.empty());
    instances.insert(instances.begin(), Instance{"/no/such/photo.jpg", {}});
    const auto predictions = ensemble.predict(instances);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].first == LogLevel::warning);
    CHECK(messages[0].second == "/no/such/photo.jpg: " + predictions[0].failure_reason);
}

TEST_CASE("an exception of a log stops the operation") {
    const auto refuse = [](LogLevel, std::string_view message) {
        throw std::runtime_error(std::string(message));
    };
    CHECK_THROWS_AS(Ensemble::load("demo", {.log = refuse}), std::runtime_error);
}
