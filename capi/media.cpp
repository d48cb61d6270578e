// SPDX-License-Identifier: Apache-2.0
// Validates encoded images.
#include "speciesnet/media.hpp"

#include "capi/option_structs.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <span>

using namespace speciesnet;
using namespace speciesnet::capi;

speciesnet_status speciesnet_media_validate(const void* bytes, size_t length,
                                            const char* declared_type,
                                            const speciesnet_decode_limits* limits,
                                            speciesnet_media_info* info, speciesnet_error* error) {
    return guard(error, [&] {
        if (info != nullptr) {
            *info = {};
        }
        const std::span content(static_cast<const std::byte*>(require(bytes, "bytes")), length);
        const auto found = validate(content, to_declared(declared_type), to_cpp(complete(limits)));
        if (info != nullptr) {
            *info = {static_cast<std::int32_t>(found.type), found.width, found.height, 0};
        }
    });
}

namespace {

bool is_media_type(int32_t type) {
    return type >= SPECIESNET_MEDIA_JPEG && type <= SPECIESNET_MEDIA_AVIF;
}

}  // namespace

const char* speciesnet_media_type_name(int32_t type) {
    return is_media_type(type) ? media_type_name(static_cast<MediaType>(type)).data() : nullptr;
}

int32_t speciesnet_media_can_decode(int32_t type) {
    return is_media_type(type) && can_decode(static_cast<MediaType>(type)) ? 1 : 0;
}
