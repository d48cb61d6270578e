# SPDX-License-Identifier: Apache-2.0
"""Checks the server against its own description and with Prometheus' own parser. Requires, in addition to the tests' needs,
`pip install schemathesis prometheus_client openapi-spec-validator`.

    SPECIESNET_SERVER=…/speciesnet-server python3 tests/service/check_interface.py [--examples 200]

Ends with 0 if no problem was found."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import openapi_spec_validator
from harness import PHOTOS, Server, png, running
from prometheus_client.parser import text_string_to_metric_families

HERE = Path(__file__).resolve().parent


def check_metrics(server: Server) -> None:
    """Returns names, types and histograms as Prometheus reads them."""
    server.post_photo(png(64, 64))
    families = {
        family.name: family
        for family in text_string_to_metric_families(server.get("/metrics").body.decode())
    }
    histograms = [family for family in families.values() if family.type == "histogram"]
    assert len(histograms) == 2, families
    for family in histograms:
        buckets: dict[tuple[tuple[str, str], ...], list[tuple[float, float]]] = {}
        counts = {}
        for sample in family.samples:
            labels = {name: value for name, value in sample.labels.items() if name != "le"}
            series = tuple(sorted(labels.items()))
            if sample.name.endswith("_bucket"):
                buckets.setdefault(series, []).append((float(sample.labels["le"]), sample.value))
            elif sample.name.endswith("_count"):
                counts[series] = sample.value
        for series, values in buckets.items():
            bounds, cumulative = zip(*values, strict=True)
            assert list(bounds) == sorted(bounds) and bounds[-1] == float("inf"), family
            assert list(cumulative) == sorted(cumulative), family
            assert cumulative[-1] == counts[series], family
    print(f"metrics: {len(families)} families, as Prometheus reads them")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=200, help="requests for each check of a path")
    arguments = parser.parse_args()
    with running("--allow-root", str(PHOTOS)) as server:
        openapi_spec_validator.validate(server.get("/openapi.json").json)
        print("description: valid OpenAPI")
        check_metrics(server)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli"),
                *("--config-file", str(HERE / "schemathesis.toml"), "run"),
                f"http://127.0.0.1:{server.port}/openapi.json",
                *("--checks", "all", "--max-examples", str(arguments.examples)),
            ],
            env=os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)},
            check=False,
        )
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
