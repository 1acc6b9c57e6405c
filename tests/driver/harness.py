"""What the driver's tests share: a folder of their own, guests, and a way to run daggercc in it."""

import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
DAGGERCC = BUILD / "bin/daggercc"

HELLO_WAT = """(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "stdout://") (data (i32.const 16) "hello\\n")
  (func $say_hello (export "dagger_main") (result i32)
    (drop (call $write (call $open (i32.const 0) (i32.const 9)) (i32.const 16) (i32.const 6)))
    (i32.const 7)))
"""


def section(number, content):
    return bytes([number, len(content)]) + content


def text(value):
    return bytes([len(value)]) + value


# The binary of a guest that returns 7, with an import it does not call.
PLAIN_WASM = (b"\0asm\1\0\0\0"
              + section(1, b"\2\x60\0\1\x7f\x60\1\x7f\1\x7f")
              + section(2, b"\1" + text(b"dagger") + text(b"flush") + b"\0\1")
              + section(3, b"\1\0")
              + section(7, b"\1" + text(b"main") + b"\0\1")
              + section(10, b"\1\4\0\x41\7\x0b"))


class DriverTest(unittest.TestCase):
    """Each test works in a fresh folder, with another fresh one as TMPDIR, and leaves none."""

    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="dagger-driver-"))
        self.addCleanup(self.remove_top)
        self.dir = self.top / "work"
        self.temp = self.top / "temp"
        self.dir.mkdir()
        self.temp.mkdir()
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.top), "TMPDIR": str(self.temp)}

    def remove_top(self):
        shutil.rmtree(self.top)

    def write(self, name, content):
        path = self.dir / name
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return path

    def script(self, name, content):
        path = self.write(name, content)
        path.chmod(0o755)
        return path

    def daggercc(self, *arguments, env=None, status=0, cwd=None, program=DAGGERCC, **more):
        """Runs it; checks the exit status and that nothing temporary is left."""
        result = subprocess.run([program, *arguments], cwd=cwd or self.dir,
                                env={**self.env, **(env or {})}, capture_output=True,
                                **({"stdin": subprocess.DEVNULL} | more))
        self.assertEqual(result.returncode, status, result.stderr.decode(errors="replace"))
        self.assertNothingLeft()
        result.error = result.stderr.decode()
        return result

    def assertNothingLeft(self):
        self.assertEqual(os.listdir(self.temp), [])
        self.assertEqual([n for n in os.listdir(self.dir) if n.startswith(".")], [])

    def run_guest(self, name, status=7, **more):
        result = subprocess.run([self.dir / name], cwd=self.dir, capture_output=True,
                                stdin=subprocess.DEVNULL, **more)
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout

    def mode(self, name):
        return stat.S_IMODE((self.dir / name).stat().st_mode)


def main():
    unittest.main(verbosity=1)
