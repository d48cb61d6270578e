# SPDX-License-Identifier: Apache-2.0
"""Limits of clients: malformed heads, slow clients, a full queue, a deadline."""

import concurrent.futures
import contextlib
import re
import socket
import time
import unittest

from harness import (
    Part,
    Server,
    encode_form,
    png,
    png_of_size,
    process_status,
    read_all,
    resident_kib,
    running,
    wait_until,
)


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


class Heads(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(running())

    def test_malformed_and_ambiguous_heads_are_400(self) -> None:
        post = b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\n"
        heads = {
            "no request line": b"hello\r\nHost: a\r\n\r\n",
            "two spaces": b"GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
            "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
            "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "space before colon": b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
            "folded line": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
            "bare line feed": b"GET /healthz HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
            "zero byte": b"GET /healthz HTTP/1.1\r\nHost: a\0\r\n\r\n",
            "no colon": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
            "length is not a number": post + b"Content-Length: 1x\r\n\r\n",
            "negative length": post + b"Content-Length: -1\r\n\r\n",
            "huge length": post + b"Content-Length: 99999999999999999999999\r\n\r\n",
            "two lengths": post + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "length and chunked": post + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        }
        for name, head in heads.items():
            with self.subTest(name):
                self.assertEqual(status_of(self.server.raw(head, half_close=True)), 400)

    def test_an_unknown_transfer_encoding_is_501(self) -> None:
        head = b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
        self.assertEqual(status_of(self.server.raw(head, half_close=True)), 501)

    def test_a_head_that_is_too_long_is_431(self) -> None:
        long = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000
        many = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n"
        self.assertEqual(status_of(self.server.raw(long, half_close=True)), 431)
        self.assertEqual(status_of(self.server.raw(many, half_close=True)), 431)

    def test_a_head_of_16_kib_is_accepted_and_a_longer_one_refused_however_it_arrives(self) -> None:
        begin, end = b"GET /healthz HTTP/1.0\r\nX: ", b"\r\n\r\n"
        for size, status in ((16 * 1024, 200), (16 * 1024 + 1, 431)):
            head = begin + b"x" * (size - len(begin) - len(end)) + end
            for piece in (len(head), 1000):
                with self.subTest(f"{size} in pieces of {piece}"), self.server.connect() as client:
                    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for start in range(0, len(head), piece):
                        client.sendall(head[start : start + piece])
                        time.sleep(0.001)
                    self.assertEqual(status_of(read_all(client)), status)

    def test_a_target_may_have_8192_bytes(self) -> None:
        for size, status in ((8192, 404), (8193, 414)):
            head = b"GET /" + b"a" * (size - 1) + b" HTTP/1.1\r\nHost: a\r\n\r\n"
            self.assertEqual(status_of(self.server.raw(head, half_close=True)), status)

    def test_a_client_that_expects_100_continue_gets_it(self) -> None:
        form = encode_form([Part("file", png(8, 8), "a.png", "image/png")], "b")
        head = (
            b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n" % len(form)
        )
        with self.server.connect() as client:
            client.sendall(head)
            self.assertEqual(client.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            client.sendall(form)
            self.assertEqual(status_of(read_all(client)), 200)

    def test_requests_that_follow_each_other_on_one_connection_are_all_answered(self) -> None:
        request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        answer = self.server.raw(
            2 * request + request.replace(b"a\r\n", b"a\r\nConnection: close\r\n")
        )
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK"), 3)

    def test_an_unread_body_is_not_parsed_as_a_request(self) -> None:
        inner = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        head = b"GET /version HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(inner)
        self.assertEqual(self.server.raw(head + inner).count(b"HTTP/1.1 "), 1)

    def test_a_chunked_request_can_be_followed_by_another(self) -> None:
        form = encode_form([Part("file", png(8, 8), "a.png", "image/png")], "b")
        head = (
            b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        body = b"%x;extension\r\n%s\r\n0\r\nX-Request-ID: trailer\r\n\r\n" % (len(form), form)
        last = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        answer = self.server.raw(2 * (head + body) + last)
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK"), 3, answer)
        self.assertNotIn(b"trailer", answer)

    def test_malformed_chunks_are_400_and_nothing_after_them_is_a_request(self) -> None:
        head = b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        head += b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        inner = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        for chunk in (b"0x4\r\n--b\r\r\n", b"-1\r\n", b"4\n--b\r\n", b"1" * 1000, b"1\r\n--b\r\n"):
            with self.subTest(chunk[:20]):
                answer = self.server.raw(head + chunk + inner, half_close=True)
                self.assertEqual(status_of(answer), 400)
                self.assertEqual(answer.count(b"HTTP/1.1 "), 1)

    def test_chunks_without_an_end_fill_no_memory(self) -> None:
        head = b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        head += b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        self.server.raw(head + b"0\r\n\r\n", half_close=True)
        before = resident_kib(self.server)
        clients = [self.server.connect() for _ in range(20)]
        for client in clients:
            self.addCleanup(client.close)
            with contextlib.suppress(ConnectionError):
                client.sendall(head)
                for _ in range(8):
                    client.sendall(b"1" * 2**20)
        self.assertLess(resident_kib(self.server) - before, 50 * 1024)

    def test_an_early_answer_has_an_id_and_is_logged_and_counted(self) -> None:
        answer = self.server.raw(b"GET / HTTP/1.1\r\n\r\n").decode()
        found = re.search(r"X-Request-ID: ([0-9a-f]{16})", answer)
        assert found
        while not any(found[1] in line for line in self.server.raw_log):
            pass
        entry = next(line for line in self.server.log if line.get("request_id") == found[1])
        self.assertEqual((entry["status"], entry["client"]), (400, "127.0.0.1"))
        metrics = self.server.get("/metrics").body.decode()
        self.assertRegex(metrics, r'requests_total\{path="other",status="400"\} [1-9]')

    def test_a_range_is_not_served_in_parts(self) -> None:
        self.assertEqual(self.server.get("/version", Range="bytes=0-1").status, 200)


class SlowClients(unittest.TestCase):
    def test_a_head_that_trickles_in_ends_with_408(self) -> None:
        with running("--head-timeout", "1") as server, server.connect() as client:
            begun = time.monotonic()
            client.settimeout(0.1)
            received = b""
            while not received and time.monotonic() < begun + 20:
                client.sendall(b"x")
                try:
                    received = client.recv(4096)
                except TimeoutError:
                    pass
            self.assertEqual(status_of(received), 408)
            self.assertLess(time.monotonic() - begun, 10)

    def test_a_body_that_stops_ends_with_408_and_leaves_no_file(self) -> None:
        head = (
            b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nxxx'
        )
        with running("--body-timeout", "1") as server:
            self.assertEqual(status_of(server.raw(head)), 408)
            self.assertEqual(server.temporary_files(), [])

    def test_more_connections_than_allowed_are_503_and_the_server_recovers(self) -> None:
        with running("--connections", "2", "--head-timeout", "2") as server:
            begun = [server.connect() for _ in range(2)]
            for client in begun:
                self.addCleanup(client.close)
                client.sendall(b"G")
            with server.connect() as client:
                answer = read_all(client)
            self.assertEqual(status_of(answer), 503)
            self.assertIn(b"Retry-After:", answer)
            for client in begun:
                client.close()
            wait_until(lambda: status_of(server.raw(b"GET /healthz HTTP/1.0\r\n\r\n")) == 200)


class Silence(unittest.TestCase):
    """Idle connections use no thread, and do not displace active ones."""

    def silent(self, server: Server, count: int, data: bytes = b"", source: str = "127.0.0.1") -> list:
        clients = [server.connect(source=source) for _ in range(count)]
        for client in clients:
            self.addCleanup(client.close)
            client.sendall(data)
        return clients

    def test_a_thousand_silent_clients_take_no_thread_and_delay_nobody(self) -> None:
        with running() as server:
            before = process_status(server, "Threads")
            self.silent(server, 500)
            self.silent(server, 500, b"GET /healthz HTTP/1.1\r\nX: ")
            for _ in range(10):
                self.assertEqual(server.get("/healthz").status, 200)
            self.assertLessEqual(process_status(server, "Threads"), before)
            self.assertEqual(server.post_photo(png(8, 8)).status, 200)

    def test_without_room_silent_connections_are_closed_first(self) -> None:
        with running("--connections", "50") as server:
            for data in (b"", b"GET /healthz HTTP/1.1\r\nX: ", b"POST /uploadfile/ HTTP/1.1\r\n"):
                self.silent(server, 50, data)
            time.sleep(1.1)  # Younger connections are not closed in favour of others.
            for _ in range(10):
                self.assertEqual(server.get("/healthz").status, 200)
            self.assertLessEqual(server.metric("speciesnet_connections"), 50 + 64)

    def test_a_client_with_all_connections_loses_its_own_not_those_of_others(self) -> None:
        with running("--connections", "50") as server:
            (other,) = self.silent(server, 1, b"GET /healthz HTTP/1.0\r\n")
            self.silent(server, 49, source="127.0.0.2")
            time.sleep(1.1)
            self.silent(server, 30, source="127.0.0.2")
            other.sendall(b"\r\n")
            self.assertEqual(status_of(read_all(other)), 200)

    def test_a_client_with_only_young_connections_displaces_no_others(self) -> None:
        with running("--connections", "50") as server:
            others = self.silent(server, 10, b"GET /healthz HTTP/1.0\r\n")
            time.sleep(1.1)  # Old enough to be closed in favour of a client that holds no more.
            self.silent(server, 60, source="127.0.0.2")
            for other in others:
                other.sendall(b"\r\n")
                self.assertEqual(status_of(read_all(other)), 200)

    def test_memory_for_bodies_is_bounded_and_taken_from_the_largest_client(self) -> None:
        head = (
            b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        with running("--connection-memory", "16", "--deadline", "60") as server:
            self.silent(server, 5, head + bytes(3_000_000), source="127.0.0.2")
            time.sleep(1.1)
            for _ in range(3):
                self.assertEqual(server.post_photo(png_of_size(4_000_000)).status, 200)
            self.assertLess(server.metric("speciesnet_connection_bytes"), 16 * 2**20)


class Overload(unittest.TestCase):
    def post_at_once(self, server: Server, photo: bytes, count: int) -> list:
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda _: server.post_photo(photo), range(count)))

    def test_a_full_queue_is_503_with_retry_after_and_the_others_are_answered(self) -> None:
        with running("--workers", "1", "--queue", "1") as server:
            answers = self.post_at_once(server, png(4000, 4000), 12)
            self.assertEqual({answer.status for answer in answers}, {200, 503})
            for answer in answers:
                self.assertEqual("retry-after" in answer.headers, answer.status == 503)
            self.assertEqual(server.get("/readyz").status, 200)

    def test_a_photo_that_waits_too_long_is_504_and_never_started(self) -> None:
        with running("--workers", "1", "--queue", "64", "--deadline", "1") as server:
            answers = self.post_at_once(server, png(7000, 7000), 16)
            self.assertIn(504, {answer.status for answer in answers})
            self.assertLessEqual({answer.status for answer in answers}, {200, 504})
            self.assertEqual(server.temporary_files(), [])


if __name__ == "__main__":
    unittest.main()
