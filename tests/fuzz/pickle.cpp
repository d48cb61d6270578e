// SPDX-License-Identifier: Apache-2.0
// Fuzzes pickle::Document. Input: a pickle. Checks that its values can be visited, and that a
// second read ends at the same byte.
#include "import/pickle.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

namespace {

using speciesnet::pickle::Dict;
using speciesnet::pickle::List;
using speciesnet::pickle::Object;
using speciesnet::pickle::Persistent;
using speciesnet::pickle::Tuple;
using speciesnet::pickle::Value;

/// Visits values depth first, at most `budget` of them, because shared values are visited
/// repeatedly. Returns what remains of the budget.
std::size_t walk(const Value& value, std::size_t budget) {
    if (budget == 0) {
        return 0;
    }
    --budget;
    if (value.is<List>() || value.is<Tuple>()) {
        for (std::size_t i = 0; i < value.size() && budget > 0; ++i) {
            budget = walk(value.item(i), budget);
        }
    } else if (value.is<Dict>()) {
        for (std::size_t i = 0; i < value.size() && budget > 0; ++i) {
            budget = walk(value.entry(i).second, walk(value.entry(i).first, budget));
        }
    } else if (value.is<Object>()) {
        speciesnet::fuzz::require(value.made_by().has_value(), "an object names its constructor");
        budget = walk(value.arguments(), budget);
        if (const auto state = value.state()) {
            budget = walk(*state, budget);
        }
    } else if (value.is<Persistent>()) {
        budget = walk(value.persistent_key(), budget);
    }
    return budget;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    const auto bytes = fuzz::text(data, size);
    try {
        const pickle::Document document(bytes);
        constexpr std::size_t most_visits = 100'000;
        walk(document.root(), most_visits);
        fuzz::require(document.size() <= size, "a pickle is no longer than the file");
        const pickle::Document again(bytes.substr(0, document.size()));
        fuzz::require(again.size() == document.size(), "a second read ends at the same byte");
    } catch (const ModelError&) {
        return 0;
    }
    return 0;
}
