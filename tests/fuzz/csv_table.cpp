// SPDX-License-Identifier: Apache-2.0
// Fuzzes read_csv() and Truth. Input: a table of labels. Checks that each row has a field, and that
// the fields together are no longer than the text.
#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"

#include "compare/truth.hpp"
#include "fuzz/agreement.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    const auto text = fuzz::text(data, size);
    try {
        std::size_t characters = 0;
        for (const auto& row : read_csv(text)) {
            fuzz::require(!row.fields.empty(), "a row has a field");
            for (const auto& field : row.fields) {
                characters += field.size();
            }
        }
        fuzz::require(characters <= size, "the fields are no longer than the text");
        const cli::Truth truth(text);
        static_cast<void>(truth.name_of(text));
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
