// SPDX-License-Identifier: Apache-2.0
// Declares the symbols that speciesnet_embed_file() defines.
#include "embedded_text.hpp"

extern "C" const char speciesnet_report_markup_begin[];
extern "C" const char speciesnet_report_markup_end[];
extern "C" const char speciesnet_report_style_begin[];
extern "C" const char speciesnet_report_style_end[];
extern "C" const char speciesnet_report_script_begin[];
extern "C" const char speciesnet_report_script_end[];

namespace speciesnet::cli {

std::string_view report_markup() {
    return {speciesnet_report_markup_begin, speciesnet_report_markup_end};
}

std::string_view report_style() {
    return {speciesnet_report_style_begin, speciesnet_report_style_end};
}

std::string_view report_script() {
    return {speciesnet_report_script_begin, speciesnet_report_script_end};
}

}  // namespace speciesnet::cli
