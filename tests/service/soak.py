# SPDX-License-Identifier: Apache-2.0
"""Sends a server all kinds of requests for a long time, and reports whether memory and descriptors stay constant.

    SPECIESNET_SERVER=…/speciesnet-server python3 tests/service/soak.py [--minutes 30]

Photos of all sizes that the page sends, invalid forms, interrupted uploads, endless heads, and the paths
for machines, each by its own clients, which send the next request as soon as they have an answer."""

import argparse
import asyncio
import collections
import itertools
import random
import time
from collections.abc import Awaitable, Callable

from harness import PHOTOS, Part, Server, descriptors, encode_form, png, resident_kib, running
from overload import Client, request_with

WARM_UP_SHARE = 1 / 6
PAUSE = 0.05


def post(parts: list[Part], boundary: str = "b") -> bytes:
    body = encode_form(parts, boundary)
    head = f"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def good_requests() -> list[bytes]:
    photos = [request_with(path) for path in sorted(PHOTOS.glob("*.jpg"))]
    sizes = ((64, 64), (1000, 700), (3000, 2000))
    return photos + [post([Part("file", png(*size), "a.png", "image/png")]) for size in sizes]


def wrong_requests() -> list[bytes]:
    return [
        post([Part("file", b"words", "a.png", "image/png")]),
        post([Part("image", png(64, 64), "a.png", "image/png")]),
        post([Part("file", png(64, 64), "a.png", "text/plain")]),
        post([Part("country", b"x"), Part("file", png(64, 64), "a.png", "image/png")]),
        post([Part("file", png(2000, 2000)[:3000], "a.png", "image/png")]),
        b"nonsense\r\n\r\n",
        get("/nothing"),
    ]


async def ask_for_ever(server: Server, requests: list[bytes], seen: collections.Counter[str]) -> None:
    client = Client(server.port, b"")
    for client.request in itertools.cycle(requests):
        try:
            seen[str(await client.ask())] += 1
        except (OSError, EOFError):
            seen["closed"] += 1
            client.close()
        await asyncio.sleep(PAUSE)


async def break_off_for_ever(server: Server, requests: list[bytes], seen: collections.Counter[str]) -> None:
    for request in itertools.cycle(requests):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request[: random.randrange(len(request))])
        await asyncio.sleep(PAUSE)
        writer.close()
        seen["broken off"] += 1
        del reader


async def watch(server: Server, seconds: float, samples: list[tuple[int, int]]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        samples.append((resident_kib(server), descriptors(server)))
        await asyncio.sleep(seconds / 240)


async def soak(server: Server, seconds: float) -> str:
    seen: collections.Counter[str] = collections.Counter()
    samples: list[tuple[int, int]] = []
    machines = [get(path) for path in ("/healthz", "/readyz", "/metrics", "/version", "/", "/openapi.json")]
    good = good_requests()
    kinds: list[tuple[int, Callable[..., Awaitable[None]], list[bytes]]] = [
        (4, ask_for_ever, good),
        (2, ask_for_ever, wrong_requests()),
        (2, ask_for_ever, machines),
        (2, break_off_for_ever, good),
    ]
    tasks = [
        asyncio.ensure_future(function(server, requests[turn:] + requests[:turn], seen))
        for count, function, requests in kinds
        for turn in range(count)
    ]
    await watch(server, seconds, samples)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    settled = samples[int(len(samples) * WARM_UP_SHARE) :]
    half = len(settled) // 2

    def span(values: list[int], unit: float) -> str:
        first, second = values[:half], values[half:]
        return (
            f"{min(values) / unit:.1f} to {max(values) / unit:.1f}; "
            f"mean of the first half {sum(first) / len(first) / unit:.1f}, "
            f"of the second {sum(second) / len(second) / unit:.1f}"
        )

    return "\n".join(
        (
            f"requests             {dict(sorted(seen.items()))}",
            f"memory in MiB        {span([sample[0] for sample in settled], 1024)}",
            f"descriptors          {span([sample[1] for sample in settled], 1)}",
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    arguments = parser.parse_args()
    with running() as server:
        print(asyncio.run(soak(server, 60 * arguments.minutes)))
        print(f"files left           {len(server.temporary_files())}")
    print(f"ended with           {server.process.returncode}")


if __name__ == "__main__":
    main()
