// --result_format: one answer per detection or per image.
#pragma once

#include "speciesnet/prediction.hpp"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace speciesnet::cli {

/// `format` must outlive the parser.
inline CLI::Option* add_result_format_flag(CLI::App& command, ResultFormat& format) {
    return command
        .add_option("--result_format", format,
                    "detection (default): one answer per detection, as speciesnet 5.0.6; image: "
                    "one answer per image, as 5.0.5")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, ResultFormat>{{"detection", ResultFormat::per_detection},
                                                {"image", ResultFormat::per_image}},
            CLI::ignore_case))
        ->type_name("FORMAT");
}

}  // namespace speciesnet::cli
