// SPDX-License-Identifier: Apache-2.0
// The flag --result_format: one answer for each detection or for each image.
#pragma once

#include "speciesnet/prediction.hpp"

#include "command_line.hpp"
#include "flag_checks.hpp"

namespace speciesnet::cli {

/// @param format must outlive the parser
inline CLI::Option* add_result_format_flag(CLI::App& command, ResultFormat& format) {
    // clang-format off
    // <options flag predict.format format> by scripts/generate_options
    return command.add_option("--result_format", format,
        "detection (default): one answer per detection, as in speciesnet 5.0.6; image: one "
        "answer per image, as in 5.0.5")
        ->transform(one_of<ResultFormat>({{"detection", ResultFormat::per_detection}, {"image", ResultFormat::per_image}}))
        ->type_name("FORMAT");
    // </options>
    // clang-format on
}

}  // namespace speciesnet::cli
