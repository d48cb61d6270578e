"""The server beside the same job written as FastAPI and the Python reference (reference_app.py): both run the same package on
the same machine, in turns. Prints medians over the turns and their ratios.

    python3 benchmarks/service/compare_reference.py --server build/release/examples/server/speciesnet-server \\
        --package FOLDER --python VENV/bin/python [--turns 3] [--seconds 8]

VENV holds speciesnet, fastapi, uvicorn and python-multipart."""

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
START_SECONDS = 120
CONNECTIONS = (1, 4)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def resident_mib(pid: int) -> float:
    """Of the process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    own = int(status.split("VmRSS:")[1].split()[0]) / 1024
    return own + sum(resident_mib(int(child)) for child in children)


async def wait_for_first_answer(process: subprocess.Popen, port: int, request: bytes) -> None:
    """Until a photo is answered: a server may listen before its model is loaded."""
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
    """Durations of answers; each connection sends its next request when it has its answer."""
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


def measure(command: list[str], environment: dict[str, str], request: bytes, seconds: float) -> dict[str, float]:
    port = int(environment["PORT"])
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            asyncio.run(wait_for_first_answer(process, port, request))
            figures["start to first answer, s"] = time.monotonic() - begun
            asyncio.run(load(port, request, 1, 1))
            for connections in CONNECTIONS:
                durations = asyncio.run(load(port, request, connections, seconds))
                name = f"with {connections} connection{'s' if connections > 1 else ''}"
                figures[f"photos/s {name}"] = len(durations) / seconds
                figures[f"p50 {name}, ms"] = 1000 * durations[len(durations) // 2]
                figures[f"p99 {name}, ms"] = 1000 * durations[int(0.99 * len(durations))]
            figures["resident memory, MiB"] = resident_mib(process.pid)
        finally:
            process.terminate()
            process.wait()
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
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    arguments = parser.parse_args()
    os.environ["SPECIESNET_SERVER"] = str(arguments.server.resolve())
    sys.path.insert(0, str(HERE.parents[1] / "tests/service"))
    from harness import PHOTOS
    from overload import request_with

    request = request_with(PHOTOS / "zebra.jpg")
    package = str(arguments.package.resolve())
    # Not resolved: a virtual environment's python is a link.
    python = str(arguments.python.absolute())
    port = str(free_port())
    commands = {
        # No deadline that the other does not have.
        "server": [str(arguments.server.resolve()), "--model", package, "--deadline", "3600"],
        "FastAPI": [python, "-m", "uvicorn", "--app-dir", str(HERE), "--port", port, "reference_app:app"],
    }
    environment = {"PORT": port, "SPECIESNET_PACKAGE": package}
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(arguments.turns):
        for name, command in commands.items():
            turns[name].append(measure(command, environment, request, arguments.seconds))
    print(f"{processor()}, {os.cpu_count()} cores, {arguments.turns} turns of {arguments.seconds:g} s\n")
    print(f"{'':34}{'server':>10}{'FastAPI':>10}{'ratio':>8}")
    for figure in turns["server"][0]:
        ours, theirs = (statistics.median(turn[figure] for turn in turns[name]) for name in commands)
        ratio = ours / theirs if figure.startswith("photos") else theirs / ours
        print(f"{figure:34}{ours:10.2f}{theirs:10.2f}{ratio:7.1f}×")


if __name__ == "__main__":
    main()
