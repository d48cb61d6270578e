"""Which photos a command works on: compared with what Python's pathlib finds, as the reference uses it.

The files are empty, so every one of them fails to decode: the order of the failures is the order of
the inputs.
"""

import os
import unittest
from pathlib import Path

from command_line import ALL_FINE, SOME_FAILED, CommandLineTest, run

EXTENSIONS = ["jpg", "JPG", "jpeg", "JPEG", "png", "PNG", "tif", "TIF", "tiff", "TIFF", "webp", "WEBP"]


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
            *("photo.Jpg", "photo.gif", "photo.jpg.txt", "notes.txt", ".jpg", "jpg"),
            *("a/b.jpg", "a.b/c.jpg", "a-b/c.jpg", "a b/c.jpg", "a/b/c.jpg", "A/z.jpg", "a.jpg"),
            *(".hidden/photo.png", "é/photo.webp", "𝒶/photo.jpg", "zz/\n.jpg"),
        )
        for folder in (".", "a", "./a/../a//", str(self.folder), "a/"):
            with self.subTest(folder=folder):
                os.chdir(self.folder)
                self.assertEqual(self.found("--folders", folder), found_by_reference(folder))

    def test_photos_of_overlapping_folders_are_taken_once(self) -> None:
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

    def test_an_empty_folder_gives_an_empty_document(self) -> None:
        document, _ = self.predict("--folders", self.folder, status=ALL_FINE)
        self.assertEqual(document["predictions"], [])

    @unittest.skipIf(os.geteuid() == 0, "the superuser may read every folder")
    def test_a_folder_that_cannot_be_read_is_named_and_the_rest_goes_on(self) -> None:
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

    def test_list_files_have_one_entry_per_line(self) -> None:
        self.make("a/1.jpg", "b/2.jpg")
        (self.folder / "files.txt").write_bytes("\ufeff b.jpg \r\n\r\nä b,c.jpg\n".encode())
        self.assertEqual(self.found("--filepaths_txt", "files.txt"), ["b.jpg", "ä b,c.jpg"])
        (self.folder / "folders.txt").write_text("b\na\n", encoding="utf-8")
        self.assertEqual(self.found("--folders_txt", "folders.txt"), ["a/1.jpg", "b/2.jpg"])


if __name__ == "__main__":
    unittest.main()
