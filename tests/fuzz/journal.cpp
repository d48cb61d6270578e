// SPDX-License-Identifier: Apache-2.0
// Fuzzes parse_journal_line() and JournalReader. Input: the journal of an interrupted run. Checks
// that a result survives a round trip, and that each entry is at the place that the reader reports.
#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include "fuzz/agreement.hpp"
#include "journal/journal_reader.hpp"

#include <algorithm>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    using namespace speciesnet::cli;
    const auto bytes = fuzz::text(data, size);
    // A fuzzer cannot guess checksums, so the line is also read with a valid one.
    static_cast<void>(parse_journal_line(bytes));
    if (const auto result = parse_journal_line(seal_line(bytes).substr(0, size + 9))) {
        const auto line = journal_line(*result);
        const auto again = parse_journal_line(line.substr(0, line.size() - 1));
        fuzz::require(again && journal_line(*again) == line, "a result survives a round trip");
    }
    auto rest = bytes;
    const auto read = [&rest](std::span<char> target) {
        const auto count = std::min(target.size(), rest.size());
        std::memcpy(target.data(), rest.data(), count);
        rest.remove_prefix(count);
        return count;
    };
    try {
        JournalReader reader(read, "fuzz");
        while (const auto entry = reader.next()) {
            const auto line = bytes.substr(entry->place.offset, entry->place.length);
            fuzz::require(parse_journal_line(line).has_value(),
                          "an entry is at its reported place");
        }
        fuzz::require(reader.end() <= size, "a journal ends within its file");
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
