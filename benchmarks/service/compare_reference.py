# SPDX-License-Identifier: Apache-2.0
"""Compares the server with the same service written with FastAPI and the Python reference (reference_app.py): both run the same package on
the same machine, and are called alternately. Prints figures and ratios.

    python3 benchmarks/service/compare_reference.py --server build/release/examples/server/speciesnet-server \\
        --package FOLDER --python VENV/bin/python [--turns 6] [--seconds 4]

VENV contains speciesnet, fastapi, uvicorn and python-multipart."""

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
START_SECONDS = 600
CONNECTIONS = (1, 4, 16)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def resident_mib(pid: int) -> float:
    """Returns the memory of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    own = int(status.split("VmRSS:")[1].split()[0]) / 1024
    return own + sum(resident_mib(int(child)) for child in children)


async def wait_for_first_answer(process: subprocess.Popen, port: int, request: bytes) -> None:
    """Waits until a photo is answered, because a server may listen before its model is loaded."""
    from overload import Client

    deadline = time.monotonic() + START_SECONDS
    client = Client(port, request)
    status = 0
    while status != 200:
        try:
            status = await client.ask()
        except (OSError, EOFError):
            client.close()
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("a server did not start")
        await asyncio.sleep(0.01)
    client.close()


async def load(port: int, request: bytes, connections: int, seconds: float) -> list[float]:
    """Returns durations of answers; each connection sends its next request when it has an answer."""
    from overload import Client

    durations: list[float] = []
    end = time.monotonic() + seconds

    async def ask_until_the_end() -> None:
        client = Client(port, request)
        while (begun := time.monotonic()) < end:
            status = await client.ask()
            if status != 200:
                raise RuntimeError(f"status {status}")
            durations.append(time.monotonic() - begun)
        client.close()

    await asyncio.gather(*(ask_until_the_end() for _ in range(connections)))
    return sorted(durations)


class RunningServer:
    """Runs a server in its own folder."""

    def __init__(self, command: list[str], environment: dict[str, str], request: bytes) -> None:
        self.port = int(environment["PORT"])
        self.request = request
        self.folder = tempfile.TemporaryDirectory()
        begun = time.monotonic()
        self.process = subprocess.Popen(
            command,
            cwd=self.folder.name,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        asyncio.run(wait_for_first_answer(self.process, self.port, request))
        self.start_seconds = time.monotonic() - begun
        asyncio.run(load(self.port, request, 2, 1))

    def measure(self, connections: int, seconds: float) -> list[float]:
        return asyncio.run(load(self.port, self.request, connections, seconds))

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def figures_of(durations: list[float], connections: int) -> dict[str, float]:
    """Returns the rate: each connection was always busy, so it is their number over the mean duration."""
    name = f"with {connections} connection{'s' if connections > 1 else ''}"
    ordered = sorted(durations)
    return {
        f"photos/s {name}": connections / statistics.mean(ordered),
        f"p50 {name}, ms": 1000 * ordered[len(ordered) // 2],
        f"p99 {name}, ms": 1000 * ordered[int(0.99 * len(ordered))],
    }


def measure(servers: dict[str, RunningServer], turns: int, seconds: float) -> dict[str, dict[str, float]]:
    """Keeps both servers running and calls them alternately, so that other load affects both."""
    figures = {name: {"start to first answer, s": server.start_seconds} for name, server in servers.items()}
    for connections in CONNECTIONS:
        durations: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(turns):
            for name, server in servers.items():
                durations[name] += server.measure(connections, seconds)
        for name in servers:
            figures[name] |= figures_of(durations[name], connections)
    for name, server in servers.items():
        figures[name]["resident memory, MiB"] = resident_mib(server.process.pid)
    return figures


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=4)
    arguments = parser.parse_args()
    os.environ["SPECIESNET_SERVER"] = str(arguments.server.resolve())
    sys.path.insert(0, str(HERE.parents[1] / "tests/service"))
    from harness import PHOTOS
    from overload import request_with

    request = request_with(PHOTOS / "zebra.jpg")
    package = str(arguments.package.resolve())
    # Not resolved, because the python of a virtual environment is a link.
    python = str(arguments.python.absolute())
    ports = {"server": str(free_port()), "FastAPI": str(free_port())}
    commands = {
        # No deadline, because the other server has none.
        "server": [str(arguments.server.resolve()), "--model", package, "--deadline", "3600"],
        "FastAPI": [python, "-m", "uvicorn", "--app-dir", str(HERE), "--port", ports["FastAPI"], "reference_app:app"],
    }
    servers: dict[str, RunningServer] = {}
    try:
        for name, command in commands.items():
            environment = {"PORT": ports[name], "SPECIESNET_PACKAGE": package}
            servers[name] = RunningServer(command, environment, request)
        figures = measure(servers, arguments.turns, arguments.seconds)
    finally:
        for server in servers.values():
            server.end()
    print(f"{processor()}, {os.cpu_count()} cores, {arguments.turns} turns of {arguments.seconds:g} s\n")
    print(f"{'':34}{'server':>10}{'FastAPI':>10}{'ratio':>8}")
    for figure, ours in figures["server"].items():
        theirs = figures["FastAPI"][figure]
        ratio = ours / theirs if figure.startswith("photos") else theirs / ours
        print(f"{figure:34}{ours:10.2f}{theirs:10.2f}{ratio:7.1f}×")


if __name__ == "__main__":
    main()
