"""What the tests of packaging share: a folder of their own, with a blank in its name, and commands
run there."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
ASC = BUILD / "node/assemblyscript/node_modules/.bin/asc"
SKIPPED = 77


def install(prefix, destdir=""):
    subprocess.run(
        ["cmake", "--install", BUILD, "--prefix", prefix],
        env={**os.environ, "DESTDIR": str(destdir)},
        check=True,
        capture_output=True,
    )
    return prefix


class PackagingTest(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="dagger package-"))
        self.addCleanup(shutil.rmtree, self.top)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("DAGGER_", "CMAKE_"))}

    def run_in(self, folder, *arguments, status=0, env=None):
        """Runs a command; gives what it said on both outputs."""
        done = subprocess.run(
            arguments,
            cwd=folder,
            env=env or self.env,
            text=True,
            timeout=250,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.assertEqual(done.returncode, status, f"{arguments}\n{done.stdout}")
        return done.stdout

    def compile_hello(self, include, module):
        """The first sample, with the headers for guests in `include`."""
        self.run_in(
            self.top, "clang", "--target=wasm32", "-O2", "-mbulk-memory", "-nostdlib", "-Wl,--no-entry",
            f"-I{include}", SOURCE / "samples/c/hello.c", "-o", module,
        )  # fmt: skip

    def debian_package(self):
        """Has the package made; gives its file."""
        self.run_in(BUILD, "cpack", "-G", "DEB", "-B", self.top / "cpack")
        [package] = self.top.glob("cpack/dagger_*.deb")
        return package
