# SPDX-License-Identifier: Apache-2.0
"""The exception whose message is meant for the user of the tool."""


class ExportError(Exception):
    """The package cannot be converted; the message says why and names the file."""
