// SPDX-License-Identifier: Apache-2.0
// Splits a document while it arrives, so that neither its text nor its list is completely in
// memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Finds the elements of one list of a document's root object. Only splits: whether elements and
/// frame are JSON is for their readers to say. What is not well-formed here is not well-formed
/// there.
class ListSplitter {
public:
    /// Longest element, and longest frame, that is kept.
    static constexpr std::size_t longest_part = std::size_t{256} << 20U;

    /// @param list  name of the field; one that is written with escapes stays in the frame
    /// @param found gets the text of each element; empty where one is missing
    ListSplitter(std::string_view list, std::function<void(std::string_view element)> found);

    /// The next piece of the document, cut anywhere.
    /// @throws InvalidArgument (json_content) for parts that are too long, (json_syntax) for a byte
    /// order mark before an element; what `found` throws
    void add(std::string_view piece);

    /// The document so far, with the list empty.
    std::string_view frame() const noexcept { return frame_; }

private:
    /// Keeps track of strings. @return whether the character belongs to one, quotes included
    bool is_of_string(char character);
    bool opens_list(char character) const;
    void add_to_frame(char character);
    void add_to_list(char character);
    void close_list();
    void hand_out();

    std::string list_;  ///< In its quotes.
    std::function<void(std::string_view)> found_;

    std::string frame_;
    std::size_t string_begin_ = 0;  ///< Of the last string in the frame, with its quotes.
    std::size_t string_end_ = 0;
    std::size_t depth_ = 0;  ///< Open brackets; inside the list only those within the element.
    char before_ = 0;        ///< The last character of the frame that is no blank.

    bool in_string_ = false;
    bool escaped_ = false;
    bool in_list_ = false;
    bool any_element_ = false;
    std::string element_;
};

}  // namespace speciesnet
