# SPDX-License-Identifier: Apache-2.0
"""POST /uploadfile/: accepted and refused requests, and the messages."""

import io
import json
import os
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from harness import (
    FILE_LIMIT,
    PHOTOS,
    Part,
    Server,
    encode_form,
    png,
    png_chunk,
    png_header,
    png_of_size,
    running,
)

HAS_HEIF = os.environ.get("SPECIESNET_HAS_HEIF") == "1"
JPEG_START = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")


class Upload(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(running())

    def check(self, answer, status: int) -> None:
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["content-type"], "application/json")
        self.assertEqual(self.server.temporary_files(), [])

    def test_a_photo_gets_a_name_a_score_top_classes_and_boxes(self) -> None:
        photo = sorted(PHOTOS.glob("*.jpg"))[0]
        answer = self.server.post_photo(photo.read_bytes(), photo.name, "image/jpeg")
        self.check(answer, 200)
        self.assertEqual(answer.json["filename"], photo.name)
        self.assertEqual(answer.json["content_size"], photo.stat().st_size)
        result = answer.json["speciesnet"]
        self.assertRegex(result["prediction"], r"^[a-z]+(_[a-z]+)*$")
        self.assertEqual(len(result["prediction_label"].split(";")), 7)
        self.assertTrue(0 <= result["prediction_score"] <= 1.0001)
        self.assertEqual(len(result["top_classes"]), 5)
        scores = [entry["score"] for entry in result["top_classes"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertEqual(set(result["top_classes"][0]), {"label", "score", "full_label"})
        for entry in result["detections"]:
            self.assertLessEqual({"category", "label", "conf", "bbox"}, set(entry))
            self.assertIn(
                (entry["category"], entry["label"]),
                {("1", "animal"), ("2", "human"), ("3", "vehicle")},
            )
            xmin, ymin, width, height = entry["bbox"]
            self.assertTrue(0 <= xmin <= xmin + width <= 1.0001, entry)
            self.assertTrue(0 <= ymin <= ymin + height <= 1.0001, entry)

    def test_the_most_confident_box_is_classified_and_the_others_on_request(self) -> None:
        photo = (PHOTOS / "zebra.jpg").read_bytes()

        def ask(**fields: str) -> dict:
            return self.server.post_photo(photo, fields=fields).json["speciesnet"]

        named = ("prediction", "prediction_score", "prediction_label")
        alone, every = ask(), ask(every_box="true")
        self.assertEqual([alone["detections"][0][name] for name in named], [alone[name] for name in named])
        self.assertFalse([box for box in alone["detections"][1:] if "prediction" in box])
        # The zebras overlap; boxes below the threshold of classification have no name.
        sure = [box for box in every["detections"] if box["conf"] >= 0.1]
        self.assertGreater(len(sure), 1)
        self.assertEqual({box["prediction"] for box in sure}, {"equus_quagga"})
        self.assertEqual(set(every), set(alone))
        self.assertEqual(every["prediction"], alone["prediction"])
        boxes = lambda answer: [(box["conf"], box["bbox"]) for box in answer["detections"]]
        self.assertEqual(boxes(every), boxes(alone))

    def test_the_demonstration_model_says_so_in_every_answer(self) -> None:
        result = self.server.post_photo(png(64, 64)).json["speciesnet"]
        self.assertIn("demo", result["model_version"])
        self.assertIn("not SpeciesNet", result["notice"])

    def test_curl_sends_a_photo_as_the_readme_says(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            photo = Path(folder) / "a photo.png"
            photo.write_bytes(png(64, 64))
            done = subprocess.run(
                [
                    "curl",
                    "--silent",
                    "--fail-with-body",
                    "-F",
                    f"file=@{photo}",
                    f"http://127.0.0.1:{self.server.port}/uploadfile/",
                ],
                capture_output=True,
                check=True,
            )
        self.assertEqual(json.loads(done.stdout)["filename"], "a photo.png")

    def test_a_file_of_exactly_the_limit_is_accepted(self) -> None:
        self.check(self.server.post_photo(png_of_size(FILE_LIMIT)), 200)

    def test_the_limit_is_an_option(self) -> None:
        with running("--upload-limit", "1") as small, running("--upload-limit", "6") as large:
            self.assertEqual(small.post_photo(png_of_size(2**20)).status, 200)
            self.assertEqual(small.post_photo(png_of_size(2**20 + 1)).status, 413)
            self.assertEqual(large.post_photo(png_of_size(FILE_LIMIT + 1)).status, 200)
            limits = [server.get("/version").json["upload_limit"] for server in (small, self.server, large)]
            self.assertEqual(limits, [2**20, FILE_LIMIT, 6 * 2**20])

    def test_one_byte_more_is_413(self) -> None:
        self.check(self.server.post_photo(png_of_size(FILE_LIMIT + 1)), 413)

    def test_a_body_announced_as_too_large_is_refused_before_it_is_sent(self) -> None:
        head = (
            b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        answer = self.server.raw(head, half_close=True)
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer)

    def test_a_chunked_body_is_refused_once_it_is_too_large(self) -> None:
        boundary = "b"
        body = encode_form(
            [Part("file", png_of_size(2 * FILE_LIMIT), "a.png", "image/png")], boundary
        )
        head = (
            b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        chunks = b"".join(
            b"%x\r\n%s\r\n" % (len(body[start : start + 65536]), body[start : start + 65536])
            for start in range(0, len(body), 65536)
        )
        answer = self.server.raw(head + chunks + b"0\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer)

    def test_a_chunked_photo_is_accepted(self) -> None:
        body = encode_form([Part("file", png(64, 64), "a.png", "image/png")], "b")
        head = (
            b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
        answer = self.server.raw(head + chunks + b"0\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)

    def test_a_declared_type_that_is_not_an_image_is_415(self) -> None:
        for declared in (
            "text/plain",
            "application/pdf",
            "application/octet-stream",
            "video/mp4",
            "x",
        ):
            with self.subTest(declared):
                self.check(self.server.post_photo(png(8, 8), content_type=declared), 415)

    def test_a_photo_declared_as_another_kind_of_image_is_accepted(self) -> None:
        for declared in ("image/jpeg", "IMAGE/PNG", "image/pjpeg; q=1", "image/x-unknown"):
            with self.subTest(declared):
                self.check(self.server.post_photo(png(8, 8), content_type=declared), 200)

    def test_without_a_declared_type_the_content_decides(self) -> None:
        self.check(self.server.post_photo(png(8, 8), content_type=None), 200)
        self.check(self.server.post_photo(b"just words", content_type=None), 400)

    def test_a_file_that_is_not_an_image_is_400_whatever_its_declared_type(self) -> None:
        contents = {
            "empty": b"",
            "text": b"hello",
            "html": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
            "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
            "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
            "zip": b"PK\x03\x04" + bytes(60),
            "heic": bytes.fromhex("00000018667479706865696300000000") + b"mif1heic" + bytes(64),
            "avif": bytes.fromhex("0000001c6674797061766966000000006d6966316d696166") + bytes(64),
            "mp4": bytes.fromhex("00000018667479706d70343200000000") + bytes(64),
            "elf": b"\x7fELF" + bytes(60),
            "jpeg header and garbage": JPEG_START + b"garbage" * 100,
            "png header and garbage": b"\x89PNG\r\n\x1a\n" + b"garbage" * 100,
            "png cut within its header": png(8, 8)[:20],
            "gif of no size": b"GIF89a" + bytes(20),
            "html that begins like a gif": b"GIF89a=1;<script>alert(1)</script>",
            "zeros": bytes(1000),
        }
        for name, content in contents.items():
            with self.subTest(name):
                self.check(self.server.post_photo(content, content_type="image/jpeg"), 400)

    def test_a_photo_that_is_cut_short_is_answered_and_marked(self) -> None:
        photo = sorted(PHOTOS.glob("*.jpg"))[0].read_bytes()
        whole = self.server.post_photo(photo)
        cut = self.server.post_photo(photo[: len(photo) // 2])
        self.check(whole, 200)
        self.check(cut, 200)
        self.assertNotIn("truncated", whole.json["speciesnet"])
        self.assertIs(cut.json["speciesnet"]["truncated"], True)

    def test_heic_is_answered_or_refused_with_a_hint(self) -> None:
        photo = (Path(__file__).parents[1] / "fixtures" / "heif" / "plain.heic").read_bytes()
        if HAS_HEIF:
            self.check(self.server.post_photo(photo, content_type="image/heic"), 200)
            return
        answer = self.server.post_photo(photo, content_type="image/heic")
        self.check(answer, 400)
        self.assertIn("convert the photo to JPEG", answer.body.decode())

    def test_an_image_that_is_an_archive_or_a_document_as_well_is_400(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("page.html", "<script>alert(1)</script>")
        document = b"GIF89a\x01\x00\x01\x00\x00\xff\x00%PDF-1.7"
        for name, content in {"zip": png(8, 8) + packed.getvalue(), "pdf": document}.items():
            with self.subTest(name):
                self.check(self.server.post_photo(content), 400)

    def test_what_a_phone_appends_to_a_photo_does_not_matter(self) -> None:
        film = bytes.fromhex("00000018667479706d70343200000000") + bytes(500)
        self.check(self.server.post_photo(png(8, 8) + film), 200)

    def test_more_pixels_than_allowed_are_refused_before_they_are_decoded(self) -> None:
        answer = self.server.post_photo(png_header(10_000, 10_000) + png_chunk(b"IDAT", b""))
        self.check(answer, 400)
        self.assertIn("10000x10000 pixels", answer.detail)

    def test_without_a_file_the_answer_is_fastapis_422(self) -> None:
        expected = [
            {"type": "missing", "loc": ["body", "file"], "msg": "Field required", "input": None}
        ]
        bodies = {
            "another field": self.server.post_form(
                [Part("photo", png(8, 8), "a.png", "image/png")]
            ),
            "a large photo in another field": self.server.post_form(
                [Part("photo", png_of_size(FILE_LIMIT), "a.png", "image/png")]
            ),
            "empty file field of a browser": self.server.post_form(
                [Part("file", b"", "", "application/octet-stream")]
            ),
            "no parts": self.server.post_form([]),
            "no form": self.server.request(
                "POST", "/uploadfile/", b"{}", Content_Type="application/json"
            ),
            "no body": self.server.request("POST", "/uploadfile/"),
        }
        for name, answer in bodies.items():
            with self.subTest(name):
                self.check(answer, 422)
                self.assertEqual(answer.detail, expected)

    def test_a_file_field_that_is_not_a_file_is_422(self) -> None:
        answer = self.server.post_form([Part("file", b"words")])
        self.check(answer, 422)
        self.assertEqual(answer.detail[0]["loc"], ["body", "file"])

    def test_two_files_are_422(self) -> None:
        part = Part("file", png(8, 8), "a.png", "image/png")
        self.check(self.server.post_form([part, part]), 422)

    def test_other_fields_and_files_are_ignored(self) -> None:
        self.check(
            self.server.post_form(
                [
                    Part("note", b"at the water hole"),
                    Part("attachment", b"words", "a.txt", "text/plain"),
                    Part("file", png(8, 8), "a.png", "image/png"),
                ]
            ),
            200,
        )

    def test_malformed_forms_are_400(self) -> None:
        form = encode_form([Part("file", png(8, 8), "a.png", "image/png")], "b")
        kind = "multipart/form-data; boundary=b"
        cases = {
            "no boundary": (form, "multipart/form-data"),
            "empty boundary": (form, 'multipart/form-data; boundary=""'),
            "long boundary": (form, "multipart/form-data; boundary=" + 71 * "b"),
            "no closing delimiter": (form[:-8], kind),
            "another boundary": (form, "multipart/form-data; boundary=c"),
            "part without a name": (form.replace(b'name="file"; ', b""), kind),
            "part without a header": (b"--b\r\n\r\nx\r\n--b--\r\n", kind),
            "garbage": (bytes(range(256)) * 20, kind),
        }
        for name, (body, content_type) in cases.items():
            with self.subTest(name):
                self.check(
                    self.server.request("POST", "/uploadfile/", body, Content_Type=content_type),
                    400,
                )

    def test_too_many_parts_and_too_long_part_headers_are_413(self) -> None:
        file = Part("file", png(8, 8), "a.png", "image/png")
        self.check(self.server.post_form([Part("a", b"1")] * 16 + [file]), 413)
        self.check(self.server.post_form([Part("a" * 10_000, b"1"), file]), 413)

    def test_a_field_that_is_too_long_is_422(self) -> None:
        self.check(self.server.post_form([Part("country", b"A" * 5000)]), 422)

    def test_an_encoded_body_is_415(self) -> None:
        self.check(self.server.post_photo(png(8, 8), Content_Encoding="gzip"), 415)

    def test_the_file_name_is_returned_and_never_a_path(self) -> None:
        for name in (
            "../../etc/passwd",
            "/etc/passwd",
            "C:\\photos\\lion.png",
            "löwe 🦁.png",
            "a;b.png",
        ):
            with self.subTest(name):
                answer = self.server.post_photo(png(8, 8), name)
                self.check(answer, 200)
                self.assertEqual(answer.json["filename"], name)

    def test_a_file_name_that_is_not_utf8_does_not_break_the_answer(self) -> None:
        form = encode_form([Part("file", png(8, 8), "NAME", "image/png")], "b").replace(
            b"NAME", b"caf\xe9.png"
        )
        answer = self.server.request(
            "POST", "/uploadfile/", form, Content_Type="multipart/form-data; boundary=b"
        )
        self.check(answer, 200)
        self.assertEqual(answer.json["filename"], "caf\ufffd.png")

    def test_other_paths_and_methods_are_404_and_405(self) -> None:
        self.check(self.server.get("/nothing"), 404)
        self.check(self.server.get("/uploadfile/"), 405)
        self.check(self.server.request("DELETE", "/uploadfile/"), 405)
        made_up = self.server.request("BREW", "/healthz?strength=7")
        self.check(made_up, 405)
        self.assertEqual(made_up.headers["allow"], "GET, HEAD")
        self.check(self.server.request("BREW", "/nothing"), 404)

    def test_a_missing_slash_redirects_and_preserves_method_and_body(self) -> None:
        answer = self.server.post_photo(png(8, 8), path="/uploadfile")
        self.assertEqual((answer.status, answer.headers["location"]), (307, "/uploadfile/"))

    def test_the_server_is_healthy(self) -> None:
        self.assertEqual(self.server.get("/healthz").json, {"status": "ok"})


if __name__ == "__main__":
    unittest.main()
