// SPDX-License-Identifier: Apache-2.0
// Measures the overhead of the C ABI: the same call through C++ and through C, in nanoseconds:
// overhead CALLS. The answers are compared before anything is timed.
#include "speciesnet/rules.hpp"

#include "speciesnet.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

namespace {

constexpr const char* lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
constexpr const char* geofence =
    R"({"mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}}})";

template <typename Call>
double nanoseconds(int calls, const Call& call) {
    const auto begin = std::chrono::steady_clock::now();
    for (int done = 0; done < calls; ++done) {
        call();
    }
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
    return time.count() / calls;
}

class Cpp {
public:
    std::string label() const {
        return rules_
            .combine({.classes = {lion}, .scores = {0.9}},
                     {.category = speciesnet::Category::animal, .conf = 0.9}, {.country = "KEN"})
            .label;
    }

private:
    speciesnet::Rules rules_{speciesnet::Taxonomy::parse(lion),
                             speciesnet::Geofence::parse(geofence)};
};

class C {
public:
    C() {
        speciesnet_rules_new(lion, std::strlen(lion), geofence, std::strlen(geofence), 1, &rules_,
                             nullptr);
        speciesnet_location_init(&kenya_, sizeof kenya_);
        kenya_.country = "KEN";
    }
    ~C() { speciesnet_rules_free(rules_); }
    C(const C&) = delete;
    C& operator=(const C&) = delete;

    std::string label() const {
        const speciesnet_scored_label one{lion, 0.9};
        const speciesnet_detection animal{SPECIESNET_CATEGORY_ANIMAL, 0, 0.9, {0, 0, 1, 1}};
        speciesnet_answer* answer = nullptr;
        speciesnet_error error;
        speciesnet_rules_combine(rules_, &one, 1, &animal, &kenya_, 0, &answer, &error);
        std::string label = answer == nullptr ? error.message : speciesnet_answer_label(answer);
        speciesnet_answer_free(answer);
        return label;
    }
    std::uint32_t nothing() const { return speciesnet_abi_version(); }

private:
    speciesnet_rules* rules_ = nullptr;
    speciesnet_location kenya_{};
};

}  // namespace

int main(int argc, char** argv) {
    const int calls = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const Cpp cpp;
    const C c;
    if (cpp.label() != lion || c.label() != lion) {
        std::cerr << "the answers differ: " << cpp.label() << ", " << c.label() << '\n';
        return EXIT_FAILURE;
    }
    std::cout << "combine, C++:   " << nanoseconds(calls, [&] { cpp.label(); }) << " ns\n"
              << "combine, C:     " << nanoseconds(calls, [&] { c.label(); }) << " ns\n"
              << "empty call, C:  " << nanoseconds(calls, [&] { c.nothing(); }) << " ns\n";
    return EXIT_SUCCESS;
}
