# SPDX-License-Identifier: Apache-2.0
"""The photos that a command processes, compared with what Python's pathlib finds, which the reference uses.

The files are empty, so that every one of them fails to decode: the order of the failures is the order of
the inputs.
"""

import os
import unittest
from pathlib import Path

from command_line import (
    ALL_FINE,
    HAS_HEIF,
    PHOTOS,
    SOME_FAILED,
    WRONG_USAGE,
    CommandLineTest,
    run,
)

EXTENSIONS = ["jpg", "JPG", "jpeg", "JPEG", "png", "PNG", "tif", "TIF", "tiff", "TIFF", "webp", "WEBP"]
HEIF = Path(__file__).parents[1] / "fixtures" / "heif"
APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"


def found_by_reference(*folders: str) -> list[str]:
    """The reference's folder scan (utils.py, prepare_instances_dict)."""
    found = {
        path
        for folder in folders
        for extension in EXTENSIONS
        for path in Path(folder).glob(f"**/*.{extension}")
    }
    return [path.as_posix() for path in sorted(found)]


class InputsTest(CommandLineTest):
    def make(self, *names: str) -> None:
        for name in names:
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    def found(self, *arguments: str | Path) -> list[str]:
        document, _ = self.predict(*arguments, status=SOME_FAILED, cwd=self.folder)
        return [prediction["filepath"] for prediction in document["predictions"]]

    def test_folders_are_searched_as_the_reference_does(self) -> None:
        self.make(
            *(f"photo.{extension}" for extension in EXTENSIONS),
            *("photo.gif", "photo.jpg.txt", "notes.txt", ".jpg", "jpg"),
            *("a/b.jpg", "a.b/c.jpg", "a-b/c.jpg", "a b/c.jpg", "a/b/c.jpg", "A/z.jpg", "a.jpg"),
            *(".hidden/photo.png", "é/photo.webp", "𝒶/photo.jpg", "zz/\n.jpg"),
        )
        for folder in (".", "a", "./a/../a//", str(self.folder), "a/"):
            with self.subTest(folder=folder):
                os.chdir(self.folder)
                self.assertEqual(self.found("--folders", folder), found_by_reference(folder))

    def test_photos_in_overlapping_folders_are_processed_once(self) -> None:
        self.make("a/1.jpg", "a/b/2.jpg", "c/3.jpg")
        expected = ["a/1.jpg", "a/b/2.jpg", "c/3.jpg"]
        self.assertEqual(self.found("--folders", "c,a/b,./a"), expected)
        self.assertEqual(self.found("--folders", "c", "a", "a/b"), expected)

    def test_loops_of_links_end(self) -> None:
        self.make("a/1.jpg")
        os.symlink(self.folder, self.folder / "a" / "back")
        os.symlink("1.jpg", self.folder / "a" / "link.jpg")
        os.symlink("nowhere", self.folder / "a" / "dangling.jpg")
        self.assertEqual(
            self.found("--folders", "a"), ["a/1.jpg", "a/dangling.jpg", "a/link.jpg"]
        )

    def test_a_folder_named_like_a_photo_is_a_folder(self) -> None:
        self.make("a.jpg/1.jpg")
        self.assertEqual(self.found("--folders", "."), ["a.jpg/1.jpg"])

    def refused(self, *arguments: str | Path) -> str:
        """Returns the error message for invalid arguments."""
        done = run("predict", "--model", "demo", *arguments, cwd=self.folder)
        self.assert_refused(done, WRONG_USAGE)
        return done.stderr

    def test_an_input_without_photos_is_an_error_that_lists_what_was_found(self) -> None:
        self.make("a/film.mp4", "a/film.AVI", "a/photo.CR2", "b/notes.txt")
        (self.folder / "empty.txt").write_text("\n", encoding="utf-8")
        (self.folder / "empty.json").write_text('{"instances": []}', encoding="utf-8")
        (self.folder / "c").mkdir()
        self.assertIn("no photos in 'a'; skipped: 1 RAW, 2 videos", self.refused("--folders", "a"))
        self.assertIn("no photos in 'b', 'c'; skipped: 1 other file",
                      self.refused("--folders", "b,c"))  # fmt: skip
        self.assertIn("there are no photos", self.refused("--filepaths_txt", "empty.txt"))
        self.assertIn("there are no photos", self.refused("--instances_json", "empty.json"))
        self.make("d/1.jpg")
        self.assertIn("skipped: 1 excluded file",
                      self.refused("--folders", "d", "--exclude", "1*"))  # fmt: skip

    def test_extensions_in_any_case_are_accepted(self) -> None:
        self.make("a.Jpg", "b.JpEg", "c.Tif", "d.jpG", "e.jpg_", "f.gpj")
        self.assertEqual(self.found("--folders", "."), ["a.Jpg", "b.JpEg", "c.Tif", "d.jpG"])

    def test_files_of_operating_systems_are_skipped_and_counted(self) -> None:
        self.make("1.jpg", "@eaDir/1.jpg/thumb.jpg", "$RECYCLE.BIN/2.jpg", "a/.Trashes/3.jpg",
                  "a/#recycle/4.jpg", "System Volume Information/5.jpg", "a/__MACOSX/6.jpg",
                  ".Trash-1000/files/7.jpg")  # fmt: skip
        (self.folder / "._1.jpg").write_bytes(APPLE_DOUBLE)
        (self.folder / "a/._2.JPG").write_bytes(APPLE_DOUBLE)
        # A photo with a similar name.
        (self.folder / "a/._3.jpg").write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        document, messages = self.predict("--folders", ".", status=SOME_FAILED, cwd=self.folder)
        names = [prediction["filepath"] for prediction in document["predictions"]]
        self.assertEqual(names, ["1.jpg", "a/._3.jpg"])
        self.assertIn("2 photos: 1 done, 1 failed; skipped: 2 system files, 7 system folders", messages)

    def test_every_file_of_a_folder_is_accounted_for(self) -> None:
        self.make("film.mp4", "a/film.MOV", "a/raw.CR2", "raw.dng", "b/p.gif", "b/p.bmp",
                  "notes.txt", "b/out.csv")  # fmt: skip
        for name in ("1.jpg", "b/2.jpg"):
            (self.folder / name).write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        os.symlink("b", self.folder / "linked")
        _, messages = self.predict("--folders", ".", status=ALL_FINE, cwd=self.folder)
        self.assertIn(
            "2 photos: 2 done, 0 failed; skipped: 1 BMP, 1 GIF, 2 RAW, "
            "1 linked folder, 2 other files, 2 videos\n",
            messages,
        )

    def add_heif(self) -> None:
        for name, source in {"1.HEIC": "plain.heic", "2.heif": "turned_gps.heic", "3.avif": "plain.avif"}.items():
            (self.folder / name).write_bytes((HEIF / source).read_bytes())
        (self.folder / "4.jpg").write_bytes((PHOTOS / "zebra.jpg").read_bytes())

    @unittest.skipUnless(HAS_HEIF, "this build has no libheif")
    def test_heic_and_avif_in_folders_are_processed(self) -> None:
        self.add_heif()
        document, messages = self.predict("--folders", ".", status=ALL_FINE, cwd=self.folder)
        names = [prediction["filepath"] for prediction in document["predictions"]]
        self.assertEqual(names, ["1.HEIC", "2.heif", "3.avif", "4.jpg"])
        self.assertIn("4 photos: 4 done, 0 failed\n", messages)

    @unittest.skipIf(HAS_HEIF, "this build has libheif")
    def test_without_libheif_heic_is_counted_and_a_named_file_refused_with_a_hint(self) -> None:
        self.add_heif()
        _, messages = self.predict("--folders", ".", status=ALL_FINE, cwd=self.folder)
        self.assertIn("1 photo: 1 done, 0 failed; skipped: 1 AVIF, 2 HEIC\n", messages)
        _, messages = self.predict("--filepaths", "1.HEIC", status=SOME_FAILED, cwd=self.folder)
        self.assertIn("convert the photo to JPEG", messages)

    def test_annotated_copies_are_skipped(self) -> None:
        photos = self.folder / "photos"
        photos.mkdir()
        (photos / "1.jpg").write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        results = self.folder / "out.json"
        self.predict("--folders", photos, "--predictions_json", results, status=ALL_FINE)
        done = run("visualize", "--predictions_json", results, "--output_folder", photos / "drawn")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertTrue((photos / "drawn/1.jpg").exists())
        document, messages = self.predict("--folders", photos, status=ALL_FINE)
        self.assertEqual(len(document["predictions"]), 1)
        self.assertIn("skipped: 1 annotated copy", messages)

    def test_files_and_folders_are_excluded_by_patterns(self) -> None:
        self.make("a/1.jpg", "a/1_thumb.jpg", "a/old/2.jpg", "b/old/3.jpg", "b/4.jpg", "old.jpg")
        for patterns, expected in (
            (["*_thumb.jpg"], ["a/1.jpg", "a/old/2.jpg", "b/4.jpg", "b/old/3.jpg", "old.jpg"]),
            (["old"], ["a/1.jpg", "a/1_thumb.jpg", "b/4.jpg", "old.jpg"]),
            (["old/"], ["a/1.jpg", "a/1_thumb.jpg", "b/4.jpg", "old.jpg"]),
            (["a/old", "*_thumb*"], ["a/1.jpg", "b/4.jpg", "b/old/3.jpg", "old.jpg"]),
            (["a/*"], ["b/4.jpg", "b/old/3.jpg", "old.jpg"]),
            (["[ab]"], ["old.jpg"]),
        ):
            given = [f"--exclude={pattern}" for pattern in patterns]
            with self.subTest(patterns=patterns):
                self.assertEqual(self.found("--folders", ".", *given), expected)
        self.assertEqual(self.found("--filepaths", "a/1.jpg,b/4.jpg", "--exclude", "b/*"), ["a/1.jpg"])

    @unittest.skipIf(os.geteuid() == 0, "the superuser may read every folder")
    def test_a_folder_that_cannot_be_read_is_named_and_the_others_are_processed(self) -> None:
        self.make("a/1.jpg", "b/2.jpg")
        (self.folder / "a").chmod(0)
        self.addCleanup((self.folder / "a").chmod, 0o700)
        done = run("predict", "--model", "demo", "--folders", self.folder)
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertIn("cannot read folder", done.stderr)
        self.assertIn("2.jpg", done.stdout)

    def test_lists_are_split_at_commas_outside_quotes(self) -> None:
        self.assertEqual(
            self.found("--filepaths", 'b.jpg, a.jpg ,"c,d.jpg"'), ["b.jpg", "a.jpg", "c,d.jpg"]
        )
        self.assertEqual(self.found("--filepaths", "b.jpg", "a.jpg"), ["b.jpg", "a.jpg"])

    def test_lists_are_read_as_windows_writes_them(self) -> None:
        lines = '"zebra one.jpg"\r\n\'b c.jpg\'\r\n  d"e.jpg\r\n\r\n"C:\\Site 1\\é.jpg"\r\n𝒶.jpg\r\n'
        expected = ["zebra one.jpg", "b c.jpg", 'd"e.jpg', "C:\\Site 1\\é.jpg", "𝒶.jpg"]
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be"):
            mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
            (self.folder / "list.txt").write_bytes(mark + lines.encode(encoding))
            with self.subTest(encoding=encoding):
                self.assertEqual(self.found("--filepaths_txt", "list.txt"), expected)
        (self.folder / "list.txt").write_bytes(lines.encode("utf-16-le"))
        self.assertIn("contains zero bytes", self.refused("--filepaths_txt", "list.txt"))

    def test_instances_are_read_as_programs_write_them(self) -> None:
        file = self.folder / "instances.json"
        text = '{"instances": [{"filepath": "a.jpg", "country": %s, "latitude": %s, "longitude": %s}]}'
        file.write_text(text % ("NaN", "NaN", "NaN"), encoding="utf-8-sig")
        self.assertEqual(self.found("--instances_json", "instances.json"), ["a.jpg"])
        for latitude, words in (
            ("Infinity", ("instances[0].latitude", "Infinity is not a JSON number", "a.jpg")),
            ('"1"', ("instances[0].latitude", "is not a number", "a.jpg")),
            ("91", ("instances[0] ('a.jpg')", "latitude")),
        ):
            file.write_text(text % ('"KEN"', latitude, "NaN"), encoding="utf-8")
            messages = self.refused("--instances_json", "instances.json")
            for word in ("--instances_json", *words):
                self.assertIn(word, messages)
        file.write_text(text % ('"KEN"', "1", "NaN"), encoding="utf-16")
        self.assertIn("the text is UTF-16; save it as UTF-8", self.refused("--instances_json", file))
        two = '{"instances": [{"filepath": "a.jpg"}, {"filepath": "b.jpg", "country": "KNE"}]}'
        file.write_text(two, encoding="utf-8")
        messages = self.refused("--instances_json", file)
        self.assertIn("instances[1] ('b.jpg'): country", messages)
        self.assertIn("did you mean KEN (Kenya)?", messages)

    def test_documents_may_begin_with_a_mark(self) -> None:
        document = self.folder / "out.json"
        text = '{"predictions": [{"filepath": "a.jpg", "country": NaN, "detections": []}]}'
        document.write_text(text, encoding="utf-8-sig")
        done = run("summary", "--predictions_json", document)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("blank", done.stdout)
        document.write_text(text.replace("[]", '[{"category": "1", "conf": NaN}]'), encoding="utf-8")
        done = run("summary", "--predictions_json", document)
        self.assert_refused(done, WRONG_USAGE, "predictions[0].detections[0].conf", "NaN is not a JSON number")
        document.write_text(text, encoding="utf-16")
        done = run("summary", "--predictions_json", document)
        self.assert_refused(done, WRONG_USAGE, "UTF-16")

    def test_list_files_have_one_entry_per_line(self) -> None:
        self.make("a/1.jpg", "b/2.jpg")
        (self.folder / "files.txt").write_bytes("\ufeff b.jpg \r\n\r\nä b,c.jpg\n".encode())
        self.assertEqual(self.found("--filepaths_txt", "files.txt"), ["b.jpg", "ä b,c.jpg"])
        (self.folder / "folders.txt").write_text("b\na\n", encoding="utf-8")
        self.assertEqual(self.found("--folders_txt", "folders.txt"), ["a/1.jpg", "b/2.jpg"])


if __name__ == "__main__":
    unittest.main()
