# SPDX-License-Identifier: Apache-2.0
"""Sends a server several times as many requests as it can handle, over many connections, and reports the results.

    SPECIESNET_SERVER=…/speciesnet-server python3 tests/service/overload.py [--seconds 60] [--connections 500] [--factor 10]
        [--attackers 0]

The server runs the demonstration model. First its capacity is measured, with as many concurrent requests as it has
workers; then requests are sent at `factor` times that rate, whatever the answers are. Meanwhile attackers, each with another
address, hold connections on which they send nothing, endless heads, or endless bodies, and reopen them
when they are closed."""

import argparse
import asyncio
import collections
import contextlib
import itertools
import re
import statistics
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from harness import PHOTOS, Part, Server, encode_form, resident_kib, running

WARM_UP_SHARE = 1 / 6
CAPACITY_SECONDS = 5
ANSWER_SECONDS = 120


@dataclass
class Report:
    """Requests and answers. Durations are of answers with status 200, in seconds."""

    capacity: float
    asked: float
    seconds: float = 0
    statuses: collections.Counter[int] = field(default_factory=collections.Counter)
    lost: collections.Counter[str] = field(default_factory=collections.Counter)
    durations: list[float] = field(default_factory=list)
    resident: list[int] = field(default_factory=list)

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.durations)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    @property
    def memory_swing(self) -> float:
        """Returns half of the range of resident memory after the warm-up, relative to its mean."""
        settled = self.resident[int(len(self.resident) * WARM_UP_SHARE) :]
        return (max(settled) - min(settled)) / 2 / statistics.mean(settled)

    def __str__(self) -> str:
        answered = sum(self.statuses.values())
        settled = self.resident[int(len(self.resident) * WARM_UP_SHARE) :]
        return "\n".join(
            (
                f"capacity             {self.capacity:.1f} photos/s",
                f"asked for            {self.asked:.1f}/s, {self.asked / self.capacity:.1f} times as many",
                f"answered             {answered} in {self.seconds:.1f} s, {answered / self.seconds:.1f}/s",
                f"statuses             {dict(sorted(self.statuses.items()))}",
                f"without an answer    {dict(self.lost)}",
                f"accepted: p50, p99   {self.percentile(50):.3f} s, {self.percentile(99):.3f} s",
                f"memory after warm-up {min(settled) / 1024:.1f} to {max(settled) / 1024:.1f} MiB, "
                f"±{100 * self.memory_swing:.1f} %",
            )
        )


def request_with(photo: Path) -> bytes:
    boundary = uuid.uuid4().hex
    body = encode_form([Part("file", photo.read_bytes(), photo.name, "image/jpeg")], boundary)
    head = (
        "POST /uploadfile/ HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Client:
    """One connection, which is reopened when the server closes it."""

    def __init__(self, port: int, request: bytes) -> None:
        self.port = port
        self.request = request
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self) -> int:
        """Returns the status of one answer."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader
        self.writer.write(self.request)
        await self.writer.drain()
        head = await self.reader.readuntil(b"\r\n\r\n")
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert found, head
        await self.reader.readexactly(int(found[1]))
        if b"connection: close" in head.lower():
            self.close()
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None


async def ask_and_note(client: Client, report: Report) -> None:
    begun = time.monotonic()
    try:
        status = await asyncio.wait_for(client.ask(), ANSWER_SECONDS)
    except (OSError, EOFError, TimeoutError) as error:
        report.lost[type(error).__name__] += 1
        client.close()
        return
    report.statuses[status] += 1
    if status == 200:
        report.durations.append(time.monotonic() - begun)


NEVER_ENDING = (
    b"",
    b"GET /healthz HTTP/1.1\r\nX: ",
    b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + bytes(200_000),
)


async def attack(port: int, number: int, until: float) -> None:
    """Holds one connection after the other, and sends at most a byte a second."""
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=("127.0.0.2", 0)
            )
            begin = NEVER_ENDING[number % len(NEVER_ENDING)]
            writer.write(begin)
            while time.monotonic() < until and not reader.at_eof():
                if begin:
                    writer.write(b"x")
                    await writer.drain()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(4096), 1)
            writer.close()
        except OSError:
            await asyncio.sleep(0.1)


async def measure_capacity(server: Server, request: bytes, workers: int) -> float:
    """Returns photos per second with one request at a time for each worker."""
    report = Report(0, 0)
    end = time.monotonic() + CAPACITY_SECONDS

    async def ask_until_the_end() -> None:
        client = Client(server.port, request)
        while time.monotonic() < end:
            await ask_and_note(client, report)
        client.close()

    await asyncio.gather(*(ask_until_the_end() for _ in range(workers)))
    return report.statuses[200] / CAPACITY_SECONDS


async def overload(
    server: Server,
    seconds: float,
    connections: int,
    factor: float,
    workers: int = 2,
    attackers: int = 0,
) -> Report:
    request = request_with(PHOTOS / "zebra.jpg")
    capacity = await measure_capacity(server, request, workers)
    report = Report(capacity, factor * capacity)
    begun = time.monotonic()

    async def ask_in_turn(number: int) -> None:
        client = Client(server.port, request)
        for turn in itertools.count():
            due = begun + (turn * connections + number) / report.asked
            if due >= begun + seconds:
                break
            await asyncio.sleep(max(0, due - time.monotonic()))
            # If answers took so long that requests are late, these are omitted.
            if time.monotonic() < begun + seconds:
                await ask_and_note(client, report)
        client.close()

    async def watch_memory() -> None:
        while time.monotonic() < begun + seconds:
            report.resident.append(resident_kib(server))
            await asyncio.sleep(seconds / 120)

    await asyncio.gather(
        watch_memory(),
        *(attack(server.port, number, begun + seconds) for number in range(attackers)),
        *(ask_in_turn(number) for number in range(connections)),
    )
    report.seconds = time.monotonic() - begun
    return report


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--factor", type=float, default=10)
    parser.add_argument("--attackers", type=int, default=0, help="connections of attackers")
    arguments = parser.parse_args()
    with running() as server:
        print(
            asyncio.run(
                overload(
                    server,
                    arguments.seconds,
                    arguments.connections,
                    arguments.factor,
                    attackers=arguments.attackers,
                )
            )
        )
        print(f"files left           {len(server.temporary_files())}")
    print(f"ended with           {server.process.returncode}")


if __name__ == "__main__":
    main()
