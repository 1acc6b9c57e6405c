"""A static guest needs nothing beside it: an image of one file, run as the only file there is."""

import os
import subprocess
import sys
import tarfile

from cluster import SKIPPED, WordCountTest, main, sandboxed
from texts import counted, texts

# As root in a user namespace of its own, with the folder as its root.
CHROOT = ["unshare", "--user", "--map-root-user", "--root"]


class Scratch(WordCountTest):
    options = ("-static", "-s")

    def image(self, program):
        """What `docker import` takes: a tar with the program as its only file."""
        layer = self.dir / f"{program}.tar"
        subprocess.run(
            [
                "tar",
                "--create",
                "--file",
                layer,
                "--directory",
                self.bin,
                "--owner=0",
                "--group=0",
                "--sort=name",
                "--mtime=@0",
                program,
            ],
            check=True,
        )
        with tarfile.open(layer) as archive:
            self.assertEqual(archive.getnames(), [program])
        return layer

    def run_image(self, layer, program, source, target):
        root = self.dir / f"root-{program}"
        root.mkdir()
        subprocess.run(["tar", "--extract", "--file", layer, "--directory", root], check=True)
        self.assertEqual(os.listdir(root), [program])
        with source.open("rb") as stdin, target.open("wb") as stdout:
            subprocess.run(
                [*CHROOT, root, f"/{program}"],
                stdin=stdin,
                stdout=stdout,
                check=True,
                env={**self.env, **sandboxed(self.bin / program)},
            )
        self.assertEqual(os.listdir(root), [program])

    def test_word_count(self):
        file = texts(self.dir, 3, 3000)[2]
        mapped, total = self.dir / "mapped", self.dir / "total"
        self.run_image(self.image("map"), "map", file, mapped)
        self.run_image(self.image("reduce"), "reduce", mapped, total)
        self.assertEqual(total.read_bytes(), counted([file]))


if __name__ == "__main__":
    if subprocess.run([*CHROOT, "/", "true"], capture_output=True).returncode != 0:
        print("this host lets nobody make a user namespace")
        sys.exit(SKIPPED)
    main("unshare", "tar", "clang")
