// `speciesnet predict`: photos in, the reference's predictions document out.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_predict_command(CLI::App& program);

}  // namespace speciesnet::cli
