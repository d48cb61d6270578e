# SPDX-License-Identifier: Apache-2.0
"""The command line: `speciesnet-export PACKAGE OUTPUT`."""

import argparse
import sys
from pathlib import Path
from typing import List, Optional

from .errors import ExportError
from .export import export_package

DESCRIPTION = """\
Converts a published SpeciesNet model package (a folder with info.json, a pickled classifier and a
YOLOv5 checkpoint) into the folder of TorchScript networks that SpeciesNet C++ loads."""

WARNING = """\
warning: the networks of a published package are pickles, and reading a pickle runs code that the
file chooses. Convert only packages you trust."""


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the tool and returns its exit status: 0, or 1 after a message on stderr."""
    parser = argparse.ArgumentParser(
        prog="speciesnet-export",
        description=DESCRIPTION,
        epilog=WARNING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("package", type=Path, help="folder of the published package")
    parser.add_argument("output", type=Path, help="folder to write; its parent must exist")
    parser.add_argument("--force", action="store_true", help="replace an existing model folder")
    parser.add_argument(
        "--verify",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="compare the written networks with the originals, print the largest differences",
    )
    options = parser.parse_args(arguments)
    try:
        export_package(options.package, options.output, force=options.force, verify=options.verify)
    except (ExportError, OSError) as error:
        print(f"speciesnet-export: {error}", file=sys.stderr)
        return 1
    print(f"written: {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
