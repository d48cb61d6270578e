# SPDX-License-Identifier: Apache-2.0
"""Tells schemathesis how to make a photo, so that its valid requests are valid."""

import schemathesis
from harness import png
from hypothesis import strategies

sizes = strategies.integers(min_value=1, max_value=64)
schemathesis.openapi.media_type(
    "image/png",
    strategies.builds(png, sizes, sizes),
    aliases=["image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff"],
)


FIELD_BYTES = 1024  # of any text field; examples/server/upload.hpp


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: object) -> bool:
    """Omits what a form cannot express (an array of one value is that value, an empty one nothing), and fields that are too
    long: their limit counts bytes, which schemas cannot express."""
    if context.operation is None or context.operation.path != "/uploadfile/" or not isinstance(body, dict):
        return True
    fields = [value for name, value in body.items() if name != "file"]
    too_long = any(len(str(value).encode(errors="replace")) > FIELD_BYTES for value in fields)
    return not too_long and list not in map(type, body.values())
