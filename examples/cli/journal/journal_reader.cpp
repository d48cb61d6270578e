// SPDX-License-Identifier: Apache-2.0
// Parses lines as results. Only a damaged head makes a journal unreadable.
#include "journal_reader.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include <charconv>
#include <limits>
#include <utility>

namespace speciesnet::cli {
namespace {

constexpr std::string_view name = "speciesnet-journal ";
constexpr std::string_view version = "1";
constexpr std::string_view setting_word = "setting ";
constexpr std::string_view end_of_settings = "results";
constexpr std::string_view result_word = "result ";
/// Heads written by this program have fewer; larger ones are refused before they exhaust memory.
constexpr std::size_t most_settings = 1000;

/// Removes a prefix from a text; returns false if the text lacks it.
bool consume(std::string_view& text, std::string_view beginning) {
    if (!text.starts_with(beginning)) {
        return false;
    }
    text.remove_prefix(beginning.size());
    return true;
}

/// Removes a leading number and the blank after it.
std::optional<std::size_t> consume_number(std::string_view& text) {
    std::size_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || behind == end || *behind != ' ') {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(behind - text.data()) + 1);
    return number;
}

}  // namespace

std::string journal_head(const std::vector<JournalSetting>& settings) {
    auto head = seal_line(std::string(name).append(version));
    for (const auto& setting : settings) {
        head += seal_line(std::string(setting_word) + setting.name + ' ' + setting.value);
    }
    return head + seal_line(end_of_settings);
}

std::string journal_line(const JournalResult& result) {
    const JsonOptions exact{.decimals = std::nullopt, .indent = 0, .failure_reasons = true};
    return seal_line(std::string(result_word) + std::to_string(result.occurrence) + ' ' +
                     to_json(result.prediction, exact));
}

std::optional<JournalResult> parse_journal_line(std::string_view line) {
    auto content = open_line(line);
    if (!content || !consume(*content, result_word)) {
        return std::nullopt;
    }
    const auto occurrence = consume_number(*content);
    if (!occurrence) {
        return std::nullopt;
    }
    try {
        return JournalResult{*occurrence, prediction_from_json(*content)};
    } catch (const InvalidArgument&) {
        // The line is intact, but not in the form that this program writes.
        return std::nullopt;
    }
}

JournalReader::JournalReader(ReadBytes read, const std::string& origin) : lines_(std::move(read)) {
    const auto refuse = [&origin](const std::string& what) {
        throw InvalidArgument("'" + origin + "' " + what);
    };
    auto content = next_content();
    if (!content || !consume(*content, name)) {
        refuse("is not a journal of this program and is not changed");
    }
    if (*content != version) {
        refuse(
            "is a journal of another version of this program; finish that run with the version "
            "that began it");
    }
    for (content = next_content(); content && *content != end_of_settings;
         content = next_content()) {
        const auto blank = content->find(' ', setting_word.size());
        if (!consume(*content, setting_word) || blank == std::string_view::npos ||
            settings_.size() == most_settings) {
            break;
        }
        const auto length = blank - setting_word.size();
        settings_.push_back({.name = std::string(content->substr(0, length)),
                             .value = std::string(content->substr(length + 1))});
    }
    if (content != end_of_settings) {
        refuse(
            "is a journal with a damaged head, so its run cannot be identified; remove it to start "
            "again");
    }
}

/// Returns the content of the next line of the head, if it is intact.
std::optional<std::string_view> JournalReader::next_content() {
    const auto line = lines_.next();
    if (!line || !line->ended) {
        return std::nullopt;
    }
    end_ = line->offset + line->length + 1;
    return open_line(line->text);
}

std::optional<JournalReader::Entry> JournalReader::next() {
    while (const auto line = lines_.next()) {
        if (!line->ended) {
            break;
        }
        end_ = line->offset + line->length + 1;
        auto result = line->length <= std::numeric_limits<std::uint32_t>::max()
                          ? parse_journal_line(line->text)
                          : std::nullopt;
        if (result) {
            return Entry{.place = {.offset = line->offset,
                                   .length = static_cast<std::uint32_t>(line->length)},
                         .result = std::move(*result)};
        }
        ++damaged_lines_;
    }
    return std::nullopt;
}

}  // namespace speciesnet::cli
