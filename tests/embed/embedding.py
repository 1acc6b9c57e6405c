"""What the tests of embedded modules share: a folder of their own, archives, and programs linked with them
by the one line that docs/embedding.md gives."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
HERE = SOURCE / "tests/embed"
STRICT = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"]


class EmbedTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="dagger-embed-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def run_in(self, arguments, status=0, **more):
        done = subprocess.run(arguments, capture_output=True, timeout=250,
                              **({"input": b"", "cwd": self.dir} | more))
        self.assertEqual(done.returncode, status,
                         f"{arguments}\n{done.stderr.decode(errors='replace')}")
        return done

    def archive(self, module, *options, name=None, status=0):
        """Compiles tests/embed/MODULE.wat, or a path, to libNAME.a and NAME.h."""
        path = HERE / f"{module}.wat" if isinstance(module, str) else module
        name = name or path.stem
        done = self.run_in([BUILD / "bin/daggercc", "--emit=archive", path, "-o", f"lib{name}.a",
                            "-j1", *options], status=status)
        if status == 0:
            self.assertEqual(done.stderr, b"")
        return done.stderr.decode()

    def program(self, source, *names, cc="cc", flags=STRICT, output="program", more=()):
        path = HERE / source if isinstance(source, str) else source
        self.run_in([cc, *flags, "-I.", f"-I{HERE}", path, *more,
                     *(f"lib{name}.a" for name in names), "-lm", "-o", output])

    def works(self, source, *names, status=0, **more):
        """Compiles the program and runs it."""
        self.program(source, *names)
        return self.run_in(["./program"], status=status, **more)
