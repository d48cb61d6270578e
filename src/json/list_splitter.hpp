// SPDX-License-Identifier: Apache-2.0
// Splits a document as it arrives, so that neither its text nor its list is completely in memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Finds the elements of one list of a document's root object. Does not validate them: the readers
/// of the elements and of the frame detect what is not well-formed.
class ListSplitter {
public:
    /// Maximum length of an element, and of the frame.
    static constexpr std::size_t longest_part = std::size_t{256} << 20U;

    /// @param list  name of the field; a name written with escapes is not recognised
    /// @param found receives the text of each element; empty if an element is missing
    ListSplitter(std::string_view list, std::function<void(std::string_view element)> found);

    /// Adds the next piece of the document, which may be split anywhere.
    /// @throws InvalidArgument (json_content) for parts that are too long, (json_syntax) for a byte
    /// order mark before an element; what `found` throws
    void add(std::string_view piece);

    /// Returns the document so far, with an empty list.
    std::string_view frame() const noexcept { return frame_; }

private:
    /// Tracks strings. @return whether the character is part of one, including its quotes
    bool is_of_string(char character);
    bool opens_list(char character) const;
    void add_to_frame(char character);
    void add_to_list(char character);
    void close_list();
    void hand_out();

    std::string list_;  ///< With its quotes.
    std::function<void(std::string_view)> found_;

    std::string frame_;
    std::size_t string_begin_ =
        0;  ///< Start of the last string in the frame, including its quotes.
    std::size_t string_end_ = 0;
    std::size_t depth_ = 0;  ///< Open brackets; inside the list, only those within the element.
    char before_ = 0;        ///< The last non-blank character of the frame.

    bool in_string_ = false;
    bool escaped_ = false;
    bool in_list_ = false;
    bool any_element_ = false;
    std::string element_;
};

}  // namespace speciesnet
