// SPDX-License-Identifier: Apache-2.0
// Fuzzes fx::parse(). Input: the generated Python source of a classifier. Checks that the names of
// inputs, assignments and called functions consist of letters, digits and underscores.
#include "import/fx_source.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <algorithm>
#include <string>

namespace {

bool is_name(const std::string& name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    try {
        const auto function = fx::parse(fuzz::text(data, size));
        for (const auto& input : function.inputs) {
            fuzz::require(is_name(input), "the name of an input is valid");
        }
        for (const auto& assignment : function.assignments) {
            fuzz::require(is_name(assignment.target), "the name of an assignment is valid");
            if (const auto* call = std::get_if<fx::Call>(&assignment.value.value)) {
                fuzz::require(is_name(call->callee.root), "the name of a called function is valid");
            }
        }
    } catch (const ModelError&) {
        return 0;
    }
    return 0;
}
