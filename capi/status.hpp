// SPDX-License-Identifier: Apache-2.0
// Converts exceptions to statuses: every function of the C ABI runs its body in guard().
#pragma once

#include "speciesnet/error.hpp"

#include "capi/speciesnet.h"

#include <cstddef>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace speciesnet::capi {

/// Writes a status and its message to an error, which may be null. Returns the status.
speciesnet_status report(speciesnet_error* error, speciesnet_status status,
                         std::string_view message) noexcept;

/// @throws InvalidArgument naming the argument if the pointer is null
template <typename Pointer>
Pointer* require(Pointer* pointer, const char* name) {
    if (pointer == nullptr) {
        throw InvalidArgument(std::string(name) + " is NULL");
    }
    return pointer;
}

/// Maximum length of a name, path or label in bytes: the longest path on any system. A longer text
/// is not a string, but memory with other contents.
inline constexpr std::size_t longest_text = 32'767;

/// Checks a name, path or label.
/// @throws InvalidArgument naming the argument if it is null, empty or too long
inline const char* require_text(const char* text, const char* name) {
    require(text, name);
    const auto length = strnlen(text, longest_text + 1);
    if (length == 0 || length > longest_text) {
        throw InvalidArgument(std::string(name) + (length == 0 ? " is empty" : " is longer than ") +
                              (length == 0 ? "" : std::to_string(longest_text) + " bytes"));
    }
    return text;
}

/// Runs a body and converts its exceptions to statuses. No exception leaves this function.
template <typename Body>
speciesnet_status guard(speciesnet_error* error, const Body& body) noexcept {
    try {
        body();
        return report(error, SPECIESNET_OK, {});
    } catch (const Error& failure) {
        return report(error, static_cast<speciesnet_status>(failure.code()), failure.what());
    } catch (const std::bad_alloc&) {
        return report(error, SPECIESNET_ERROR_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception& failure) {
        return report(error, SPECIESNET_ERROR_INTERNAL, failure.what());
    } catch (...) {
        return report(error, SPECIESNET_ERROR_INTERNAL, "an exception of unknown type");
    }
}

/// As above, for bodies that create an object: they return a unique_ptr, and the caller receives
/// the object.
template <typename Output, typename Body>
speciesnet_status guard(Output** output, speciesnet_error* error, const Body& body) noexcept {
    return guard(error, [&] {
        *require(output, "the output") = nullptr;
        *output = body().release();
    });
}

/// Returns a text that the caller frees; see speciesnet_text_free().
std::unique_ptr<char[]> make_text(std::string_view text);

}  // namespace speciesnet::capi
