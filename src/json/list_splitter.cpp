// SPDX-License-Identifier: Apache-2.0
// Tracks brackets, strings and commas, character by character.
#include "json/list_splitter.hpp"

#include "speciesnet/error.hpp"

#include <utility>

namespace speciesnet {
namespace {

bool is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

bool is_opening(char character) {
    return character == '{' || character == '[';
}

bool is_closing(char character) {
    return character == '}' || character == ']';
}

void append(std::string& part, char character) {
    if (part.size() == ListSplitter::longest_part) {
        throw InvalidArgument("the document has a part of more than 256 MiB",
                              ErrorCode::json_content);
    }
    part += character;
}

}  // namespace

ListSplitter::ListSplitter(std::string_view list, std::function<void(std::string_view)> found)
    : list_('"' + std::string(list) + '"'), found_(std::move(found)) {}

void ListSplitter::add(std::string_view piece) {
    for (const char character : piece) {
        if (in_list_) {
            add_to_list(character);
        } else {
            add_to_frame(character);
        }
    }
}

bool ListSplitter::is_of_string(char character) {
    if (!in_string_) {
        in_string_ = character == '"';
        return in_string_;
    }
    if (escaped_) {
        escaped_ = false;
    } else {
        escaped_ = character == '\\';
        in_string_ = character != '"';
    }
    return true;
}

/// Returns whether the list starts here: the string before the colon is its key.
bool ListSplitter::opens_list(char character) const {
    return character == '[' && depth_ == 1 && before_ == ':' &&
           frame().substr(string_begin_, string_end_ - string_begin_) == list_;
}

void ListSplitter::add_to_frame(char character) {
    const bool was_in_string = in_string_;
    append(frame_, character);
    if (is_of_string(character)) {
        if (!was_in_string) {
            string_begin_ = frame_.size() - 1;
        }
        string_end_ = frame_.size();
    } else if (opens_list(character)) {
        in_list_ = true;
        any_element_ = false;
        depth_ = 0;
    } else if (is_opening(character)) {
        ++depth_;
    } else if (is_closing(character) && depth_ > 0) {
        --depth_;
    }
    if (!is_blank(character)) {
        before_ = character;
    }
}

void ListSplitter::add_to_list(char character) {
    if (!is_of_string(character)) {
        if (depth_ == 0 && character == ',') {
            hand_out();
            return;
        }
        if (depth_ == 0 && character == ']') {
            close_list();
            return;
        }
        if (is_opening(character)) {
            ++depth_;
        } else if (is_closing(character) && depth_ > 0) {
            --depth_;
        }
        if (element_.empty() && is_blank(character)) {
            return;
        }
    }
    append(element_, character);
}

void ListSplitter::close_list() {
    if (any_element_ || !element_.empty()) {
        hand_out();
    }
    in_list_ = false;
    depth_ = 1;
    before_ = ']';
    append(frame_, ']');
}

void ListSplitter::hand_out() {
    // simdjson skips a byte order mark at the start of its input, but here it is inside the
    // document.
    if (element_.starts_with("\xEF\xBB\xBF")) {
        throw InvalidArgument("not JSON: a byte order mark within the document",
                              ErrorCode::json_syntax);
    }
    any_element_ = true;
    found_(element_);
    element_.clear();
}

}  // namespace speciesnet
