// SPDX-License-Identifier: Apache-2.0
// Any bytes as a line of a journal of reviews: what is read out of it can be written and read
// again.
#include "fuzz/agreement.hpp"
#include "journal/journal_lines.hpp"
#include "review/label_search.hpp"
#include "review/review_journal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet::cli;
    const auto bytes = speciesnet::fuzz::text(data, size);
    static_cast<void>(parse_review_line(bytes));
    // Fuzzers do not find checksums.
    const auto sealed = seal_line(bytes);
    if (const auto entry = parse_review_line(sealed.substr(0, sealed.size() - 1))) {
        const auto line = review_line(*entry);
        const auto again = parse_review_line(line.substr(0, line.size() - 1));
        speciesnet::fuzz::require(again == entry, "an entry survives the journal");
        Reviews reviews;
        reviews.apply(*entry);
        speciesnet::fuzz::require(
            (reviews.find(entry->filepath) != nullptr) == entry->review.has_value(),
            "a decision holds");
    }
    LabelSearch labels;
    labels.add(bytes);
    speciesnet::fuzz::require(labels.find(bytes, 3).size() <= labels.size(),
                              "what is found is there");
    return 0;
}
