// SPDX-License-Identifier: Apache-2.0
#include "left_out.hpp"

namespace speciesnet {

const Format png_format = left_out_format<MediaType::png, has_png_signature>;

}  // namespace speciesnet
