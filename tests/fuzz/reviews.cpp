// SPDX-License-Identifier: Apache-2.0
// Fuzzes parse_review_line() and LabelSearch. Input: a line of the review journal. Checks that an
// entry survives a round trip and can be found after it is applied, and that a search finds no more
// labels than there are.
#include "fuzz/agreement.hpp"
#include "journal/journal_lines.hpp"
#include "review/label_search.hpp"
#include "review/review_journal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet::cli;
    const auto bytes = speciesnet::fuzz::text(data, size);
    static_cast<void>(parse_review_line(bytes));
    // A fuzzer cannot guess checksums, so the line is also read with a valid one.
    const auto sealed = seal_line(bytes);
    if (const auto entry = parse_review_line(sealed.substr(0, sealed.size() - 1))) {
        const auto line = review_line(*entry);
        const auto again = parse_review_line(line.substr(0, line.size() - 1));
        speciesnet::fuzz::require(again == entry, "an entry survives a round trip");
        Reviews reviews;
        reviews.apply(*entry);
        speciesnet::fuzz::require(
            (reviews.find(entry->filepath) != nullptr) == entry->review.has_value(),
            "a review is found if the entry has one");
    }
    LabelSearch labels;
    labels.add(bytes);
    speciesnet::fuzz::require(labels.find(bytes, 3).size() <= labels.size(),
                              "no more labels are found than exist");
    return 0;
}
