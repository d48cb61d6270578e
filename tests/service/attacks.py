# SPDX-License-Identifier: Apache-2.0
"""Replays earlier attacks on the server and its limits, and prints the current results.

    SPECIESNET_SERVER=…/speciesnet-server SPECIESNET_PROGRAM=…/speciesnet python3 tests/service/attacks.py

Runs its own servers on the loopback interface. Ends with 0 if every line passes."""

import contextlib
import http.client
import io
import json
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from harness import (
    BINARY,
    FILE_LIMIT,
    SOURCE,
    Part,
    Server,
    descriptors,
    encode_form,
    png,
    png_chunk,
    png_header,
    png_of_size,
    process_status,
    read_all,
    resident_kib,
    running,
    start,
    wait_until,
)

SILENT = 1000
LARGE = (7000, 7000)  # About the maximum that the budget of work allows.
HEALTHZ = b"GET /healthz HTTP/1.0\r\n\r\n"
ATTACKS: list[tuple[str, Callable[[], str]]] = []


def attack(what: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Registers a function that returns the result of an attack, or fails if it is not the expected one."""

    def register(function: Callable[[], str]) -> Callable[[], str]:
        ATTACKS.append((what, function))
        return function

    return register


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def slowest_healthz(server: Server, count: int = 50) -> float:
    """Returns seconds."""
    slowest = 0.0
    for _ in range(count):
        begun = time.monotonic()
        assert server.get("/healthz").status == 200
        slowest = max(slowest, time.monotonic() - begun)
    return slowest


def jpeg_of_scans(scans: int, arithmetic: bool) -> bytes:
    """Returns 64 megapixels in which each scan has a few bytes and covers the whole image."""

    def segment(code: int, content: bytes) -> bytes:
        return struct.pack(">HH", code, 2 + len(content)) + content

    def scan(components: bytes, first: int, last: int) -> bytes:
        named = b"".join(bytes((component, 0)) for component in components)
        return segment(0xFFDA, bytes([len(components)]) + named + bytes((first, last, 0)))

    frame = struct.pack(">BHHB", 8, 8000, 8000, 3) + b"".join(bytes((n, 0x11, 0)) for n in (1, 2, 3))
    codes = b"".join(segment(0xFFC4, bytes([kind, 1]) + bytes(16)) for kind in (0, 0x10))
    return (
        b"\xff\xd8"
        + segment(0xFFDB, b"\0" + b"\1" * 64)
        + segment(0xFFCA if arithmetic else 0xFFC2, frame)
        + (b"" if arithmetic else codes)
        + scan(b"\1\2\3", 0, 0)
        + b"".join(scan(bytes([1 + n % 3]), 1, 63) for n in range(1, scans))
        + b"\xff\xd9"
    )


def tiff_of_segments(width: int, height: int, tile: int = 0) -> bytes:
    """Returns strips of a row, or tiles, that all share 1.25 MB of deflate data without output."""
    data = b"\x78\x9c" + b"\0\0\0\xff\xff" * 250_000
    count = (width // tile) * (height // tile) if tile else height
    offsets = 8 + len(data)
    sizes = offsets + 4 * count
    fields = {256: (1, width), 257: (1, height), 258: (1, 8), 259: (1, 8), 262: (1, 1), 277: (1, 1)}
    if tile:
        fields |= {322: (1, tile), 323: (1, tile), 324: (count, offsets), 325: (count, sizes)}
    else:
        fields |= {273: (count, offsets), 278: (1, 1), 279: (count, sizes)}
    lists = struct.pack("<I", 8) * count + struct.pack("<I", len(data)) * count
    entries = b"".join(struct.pack("<HHII", tag, 4, *fields[tag]) for tag in sorted(fields))
    head = struct.pack("<2sHI", b"II", 42, sizes + 4 * count)
    return head + data + lists + struct.pack("<H", len(fields)) + entries + bytes(4)


def png_of_texts(count: int) -> bytes:
    text = png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(2**20), 9))
    small = png(8, 8)
    return small[:33] + count * text + small[33:]


def webp_of_codes(sets: int = 65_536) -> bytes:
    """Returns a megapixel of lossless WebP in which each block of 4×4 pixels may have its own set of prefix codes."""
    written = bytearray()
    waiting, count = 0, 0

    def put(value: int, bits: int) -> None:
        nonlocal waiting, count
        waiting |= value << count
        count += bits
        while count >= 8:
            written.append(waiting & 255)
            waiting >>= 8
            count -= 8

    def put_plain_bytes(others: int) -> None:
        """Writes a code of eight bits for each byte; the lengths 8 and 0 have one bit each."""
        put(8 << 1, 5)
        for length in (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8):
            put(int(length in (0, 8)), 3)
        for symbol in range(-1, 256 + others):
            put(int(0 <= symbol < 256), 1)

    side, constant = 1024, 1
    put(0x2F, 8)
    put((side - 1) << 14 | (side - 1), 28)
    put(1 << 6, 11)  # Version, no transform, no cache, sets of codes for the smallest blocks.
    put_plain_bytes(24)
    put_plain_bytes(0)
    for _ in range(3):
        put(constant, 4)
    for block in range(side * side // 16):
        for byte in (block % sets & 255, block % sets >> 8):
            put(int(f"{byte:08b}"[::-1], 2), 8)
    for _ in range(5 * sets):
        put(constant, 4)
    put(0, 7)
    chunk = b"VP8L" + struct.pack("<I", len(written)) + bytes(written) + bytes(len(written) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def tiff_of_webp(strips: int = 16) -> bytes:
    """Returns sixteen megapixels in strips of such images."""
    strip = webp_of_codes()
    offsets = [8 + number * len(strip) for number in range(strips)]
    lists = 8 + strips * len(strip)
    numbers = struct.pack(f"<{2 * strips}I", *offsets, *[len(strip)] * strips)
    bits = lists + len(numbers)
    fields = {256: (4, 1, 1024), 257: (4, 1, 1024 * strips), 258: (3, 3, bits), 259: (3, 1, 50_001), 262: (3, 1, 2),
              273: (4, strips, lists), 277: (3, 1, 3), 278: (4, 1, 1024), 279: (4, strips, lists + 4 * strips)}  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, *fields[tag]) for tag in sorted(fields))
    directory = bits + 6 + bits % 2
    return (struct.pack("<2sHI", b"II", 42, directory) + strips * strip + numbers + struct.pack("<3H", 8, 8, 8)
            + bytes(bits % 2) + struct.pack("<H", len(fields)) + entries + bytes(4))  # fmt: skip


def avif_of_items(items: int = 19_000, references: int = 300_000) -> bytes:
    """Returns an AVIF with items that are each searched for in all references."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    numbers = range(2, 2 + items)
    handler = struct.pack(">I4s", 0, b"pict") + bytes(13)
    places = struct.pack(">IHHHHHII", 0, 0x4400, 1, 1, 0, 1, 0, 8)
    entries = [struct.pack(">IHH4sB", 2 << 24, number, 0, b"av01", 0) for number in (1, *numbers)]
    sizes = box(b"ispe", struct.pack(">III", 0, 64, 64))
    uses = b"".join(struct.pack(">HBB", number, 1, 1) for number in (1, *numbers))
    lists = {
        b"hdlr": bytes(4) + handler,
        b"pitm": struct.pack(">IH", 0, 1),
        b"iloc": places,
        b"iinf": struct.pack(">IH", 0, 1 + items) + b"".join(box(b"infe", entry) for entry in entries),
        b"iprp": box(b"ipco", sizes) + box(b"ipma", struct.pack(">II", 0, 1 + items) + uses),
        b"iref": bytes(4) + b"".join(box(b"cdsc", struct.pack(">HHH", 2 + n % items, 1, 1)) for n in range(references)),
    }
    meta = box(b"meta", bytes(4) + b"".join(box(kind, content) for kind, content in lists.items()))
    return box(b"ftyp", b"avif\0\0\0\0mif1avif") + meta


def processor_seconds(server: Server) -> float:
    fields = Path(f"/proc/{server.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@attack("uploads that ask for minutes: JPEGs of 99 and 2,000 scans, TIFFs of 65,500 strips and 250,000 tiles, PNGs of 4,000 texts and of 64 megapixels, WebPs of 65,536 sets of codes, alone and in TIFF, AVIFs of 19,000 items")
def costly_pictures() -> str:
    pictures = {
        "99 arithmetic scans": jpeg_of_scans(99, arithmetic=True),
        "99 scans": jpeg_of_scans(99, arithmetic=False),
        "2,000 scans": jpeg_of_scans(2000, arithmetic=False),
        "strips": tiff_of_segments(16, 65_500),
        "tiles": tiff_of_segments(8000, 8000, 16),
        "texts": png_of_texts(4000),
        "64 megapixels": png(8000, 8000),
        "64 megapixels upright": png(1, 64_000_000),
        "sets of codes": webp_of_codes(),
        "sets of codes in TIFF": tiff_of_webp(),
        "items": avif_of_items(),
    }
    with running("--threads", "1") as server:
        server.post_photo(png(8, 8))
        begun = processor_seconds(server)
        server.post_photo(png(8, 8))
        networks = processor_seconds(server) - begun
        outcomes = []
        for name, picture in pictures.items():
            assert len(picture) <= FILE_LIMIT, name
            begun = processor_seconds(server)
            answer = server.post_photo(picture).status
            spent = max(0.0, processor_seconds(server) - begun - (networks if answer == 200 else 0))
            assert answer in (200, 400) and spent < 1, (name, answer, spent)
            outcomes.append(f"{name} {answer}, {spent:.2f} s")
    return "; ".join(outcomes) + " of processor time beside the networks"


def with_silent(data: bytes) -> str:
    with running() as server, contextlib.ExitStack() as open_sockets:
        alone = slowest_healthz(server)
        threads = process_status(server, "Threads")
        for _ in range(SILENT):
            open_sockets.enter_context(server.connect()).sendall(data)
        beside = slowest_healthz(server)
        assert process_status(server, "Threads") <= threads
        assert beside < max(0.1, 3 * alone), (alone, beside)
        return f"/healthz at most {1000 * beside:.0f} ms (alone {1000 * alone:.0f}), no thread more"


@attack(f"{SILENT} connections that send nothing")
def silent() -> str:
    return with_silent(b"")


@attack(f"{SILENT} heads that never end")
def endless_heads() -> str:
    return with_silent(b"GET /healthz HTTP/1.1\r\nX: ")


@attack("3,000 connections, three times --connections")
def many_connections() -> str:
    with running() as server, contextlib.ExitStack() as open_sockets:
        for _ in range(3000):
            open_sockets.enter_context(server.connect())
        time.sleep(1.1)
        slowest = slowest_healthz(server, 10)
        count = server.metric("speciesnet_connections")
        assert count <= 1024 + 64
        return f"{count:.0f} are kept, /healthz 200 within {1000 * slowest:.0f} ms"


@attack("bodies of 5 MB that never end, over 200 connections")
def endless_bodies() -> str:
    head = b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5200000\r\n\r\n"
    with running("--connection-memory", "64") as server, contextlib.ExitStack() as open_sockets:
        before = resident_kib(server)
        for _ in range(200):
            client = open_sockets.enter_context(server.connect(source="127.0.0.2"))
            with contextlib.suppress(OSError):
                client.sendall(head + bytes(1_000_000))
        time.sleep(1.1)
        answer = server.post_photo(png_of_size(FILE_LIMIT)).status
        assert answer == 200, answer
        grown = (resident_kib(server) - before) / 1024
        assert grown < 160, grown
        return f"another client's photo {answer}, memory +{grown:.0f} MiB"


@attack("SIGTERM with --drain 1 while a hundred photos are worked on")
def stop_at_work() -> str:
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "a.png").write_bytes(png(*LARGE))
        body = json.dumps({"instances": [{"filepath": "a.png"}] * 100}).encode()
        with running("--drain", "1", "--allow-root", root) as server, server.connect() as client:
            client.sendall(b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            wait_until(lambda: server.metric("speciesnet_queue_running") == 1)
            begun = time.monotonic()
            code = server.stop(signal.SIGTERM)
            took = time.monotonic() - begun
            answer = status(read_all(client))
        assert (code, answer) == (0, 503) and took < 10, (code, answer, took)
        return f"ends with {code} after {took:.1f} s, the client has {answer}"


@attack("SIGTERM with --drain 1 while the model is being read")
def stop_at_loading() -> str:
    with tempfile.TemporaryDirectory() as name:
        with running("--drain", "1", until="address") as server:
            begun = time.monotonic()
            code = server.stop(signal.SIGTERM)
            took = time.monotonic() - begun
        assert code == 0 and took < 10, (code, took, name)
        return f"ends with {code} after {took:.1f} s"


@attack("a photo that takes longer than --deadline, for each worker")
def overdue_workers() -> str:
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "a.png").write_bytes(png(*LARGE))
        body = json.dumps({"instances": [{"filepath": "a.png"}] * 100}).encode()
        with running("--workers", "1", "--deadline", "1", "--allow-root", root) as server:
            answer = server.request("POST", "/predict", body)
            ready = server.get("/readyz")
            assert answer.status == 504, answer.status
            # If the photo was finished in time, the worker is free again.
            assert ready.status in (200, 503)
            wait_until(lambda: server.get("/readyz").status == 200, 60)
            return f"{answer.status}; /readyz {ready.status} until the worker is free, then 200"


@attack("the temporary folder is removed")
def lost_folder() -> str:
    with running() as server:
        server.temporary_folder.rmdir()
        ready, photo = server.get("/readyz").status, server.post_photo(png(8, 8)).status
        server.temporary_folder.mkdir()
        assert (ready, photo) == (503, 503)
        return f"/readyz {ready}, photos {photo}"


@attack("no descriptors left (prlimit)")
def no_descriptors() -> str:
    with running() as server:
        limit = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (descriptors(server), limit[1]))
        refused = {status(server.raw(HEALTHZ)) for _ in range(10)}
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limit)
        wait_until(lambda: status(server.raw(HEALTHZ)) == 200)
        assert refused == {503}, refused
        return "503 for each client; 200 when there are some again"


@attack("no memory left for a photo (prlimit)")
def no_memory() -> str:
    with running() as server:
        assert server.post_photo(png(8, 8)).status == 200
        limit = resource.prlimit(server.process.pid, resource.RLIMIT_AS)
        used = process_status(server, "VmSize") * 1024
        resource.prlimit(server.process.pid, resource.RLIMIT_AS, (used + 100 * 2**20, limit[1]))
        refused = server.post_photo(png(*LARGE)).status
        resource.prlimit(server.process.pid, resource.RLIMIT_AS, limit)
        after = server.post_photo(png(8, 8)).status
        assert (refused, after) == (503, 200), (refused, after)
        return f"{refused}; {after} when there is some again"


@attack("a start with 60 to 800 MB of address space (ulimit -v)")
def little_memory() -> str:
    codes = []
    for megabytes in (60, 80, 100, 120, 160, 200, 260, 350, 500, 800):
        most = megabytes * 10**6
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen([BINARY, "--model", "demo", "--port", "0", "--drain", "1"], cwd=folder,
                                       stderr=subprocess.PIPE, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most)))  # fmt: skip
            try:
                # It ends, or reports that the model is ready.
                assert process.stderr
                said = b""
                while b"model_version" not in said and (line := process.stderr.readline()):
                    said += line
                process.terminate()
                code = process.wait(20)
            finally:
                process.kill()
                process.stderr.close()
        assert code in (0, 1, 127) and said, (megabytes, code, said)
        codes.append("ready" if b"model_version" in said else "an error")
    return ", ".join(codes) + "; each ends within 20 s of SIGTERM, at the latest"


@attack("a compiled network is shortened while it is used")
def shortened_network() -> str:
    program = os.environ.get("SPECIESNET_PROGRAM")
    if not program:
        return "not tried without SPECIESNET_PROGRAM, which compiles it"
    with tempfile.TemporaryDirectory() as name:
        package = Path(name) / "package"
        shutil.copytree(SOURCE / "examples/demo/model", package)
        subprocess.run([program, "model", "compile", package], check=True, capture_output=True)
        (file,) = package.glob("detector.*.compiled")
        server = start(Path(name), model=str(package))
        os.truncate(file, 0)
        with contextlib.suppress(OSError, http.client.HTTPException):
            server.post_photo(png(8, 8))
        code = server.wait()
        assert (code, server.log[-1]["file"]) == (1, str(file)), (code, server.raw_log[-1])
        return f"ends with {code}; the log names the file"


@attack("--host ::, two IPv4 clients, one photo a minute each")
def mapped_addresses() -> str:
    with running("--host", "::", "--photos-per-minute", "1") as server:
        statuses = [
            server.post_photo(png(8, 8), source=source).status
            for source in ("127.0.0.1", "127.0.0.2", "127.0.0.1")
        ]
        assert statuses == [200, 200, 429], statuses
        return "each has its own: 200, 200; the first again: 429"


@attack("X-Forwarded-For twice, with a port, with brackets")
def forwarded() -> str:
    form = encode_form([Part("file", png(8, 8), "a.png", "image/png")], "b")

    def post(server: Server, *lines: str) -> int:
        headers = "".join(f"X-Forwarded-For: {line}\r\n" for line in lines)
        head = (
            f"POST /uploadfile/ HTTP/1.0\r\n{headers}Content-Length: {len(form)}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        return status(server.raw(head.encode() + form))

    with running("--photos-per-minute", "1", "--behind-proxy") as server:
        first = post(server, "192.0.2.1")
        others = [
            post(server, "198.51.100.1", "192.0.2.1"),
            post(server, "192.0.2.1:80"),
            post(server, "[::ffff:192.0.2.1]:80"),
        ]
        assert (first, others) == (200, [429] * 3), (first, others)
        return "one client: 200, then 429 each"


@attack("200 guesses of the API key")
def guesses() -> str:
    with running(SPECIESNET_API_KEY="s3cret") as server:
        statuses = [server.post_photo(png(8, 8), X_API_Key=f"{n}").status for n in range(200)]
        assert statuses.count(401) < 20, statuses
        return f"{statuses.count(401)} answered 401, {statuses.count(429)} answered 429"


@attack("/predict: too many pixels; a ZIP behind the picture")
def predict_limits() -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", "b")
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "large.png").write_bytes(png_header(9000, 9000) + png_chunk(b"IDAT", b""))
        (Path(root) / "zip.png").write_bytes(png(8, 8) + packed.getvalue())
        body = json.dumps({"instances": [{"filepath": "large.png"}, {"filepath": "zip.png"}]})
        with running("--allow-root", root) as server:
            predictions = server.request("POST", "/predict", body.encode()).json["predictions"]
        assert all("DETECTOR" in entry["failures"] for entry in predictions), predictions
        return "both fail"


@attack("pictures that end as ZIP64 or as the last of several disks")
def zip_tails() -> str:
    ends = {
        "ZIP64": struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0),
        "disks": struct.pack("<4sHHHHIIH", b"PK\5\6", 2, 2, 1, 1, 46, 0, 0),
    }
    with running() as server:
        statuses = {name: server.post_photo(png(8, 8) + end).status for name, end in ends.items()}
    assert set(statuses.values()) == {400}, statuses
    return "400"


@attack("heads of 16 KiB and a byte, at once and in pieces; targets of 8,192 bytes and one more")
def heads() -> str:
    def head(size: int) -> bytes:
        begin = b"GET /healthz HTTP/1.0\r\nX: "
        return begin + b"x" * (size - len(begin) - 4) + b"\r\n\r\n"

    def target(size: int) -> bytes:
        return b"GET /" + b"a" * (size - 1) + b" HTTP/1.0\r\n\r\n"

    with running() as server:
        whole = [status(server.raw(head(size), half_close=True)) for size in (16384, 16385)]
        with server.connect() as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, 16385, 500):
                client.sendall(head(16385)[start : start + 500])
                time.sleep(0.002)
            pieces = status(read_all(client))
        targets = [status(server.raw(target(size), half_close=True)) for size in (8192, 8193)]
    assert (whole, pieces, targets) == ([200, 431], 431, [404, 414]), (whole, pieces, targets)
    return "200 and 431, 431 in pieces, 404 and 414"


@attack("a photo of 4 MB under another field's name")
def other_field() -> str:
    with running() as server:
        answer = server.post_form([Part("image", png_of_size(4_000_000), "a.png", "image/png")])
    assert (answer.status, answer.detail[0]["type"]) == (422, "missing"), answer
    return "422, field `file` is missing"


def main() -> None:
    failed = 0
    print("| attack | what comes of it |\n|---|---|")
    for what, function in ATTACKS:
        try:
            outcome = function()
        except Exception as error:  # The others are still tried.
            failed += 1
            outcome = f"**does not hold**: {type(error).__name__} {error}"
        print(f"| {what} | {outcome} |", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
