"""Our own list of what WebAssembly asks for, in the default configuration: tests/spec/own/*.wast."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE, BUILD = (pathlib.Path(os.environ[name]) for name in ("DAGGER_SOURCE", "DAGGER_BUILD"))
OWN = SOURCE / "tests" / "spec" / "own"


class Own(unittest.TestCase):
    def test_all(self):
        argv = [sys.executable, SOURCE / "scripts" / "spec", OWN, "--build", BUILD, "-j1"]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=500, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # None was left out on the way.
        texts = [path.read_text(encoding="utf-8") for path in OWN.glob("*.wast")]
        written = sum(len(re.findall(r"^\s*\(assert_", text, re.M)) for text in texts)
        counted = sum(int(count) for count in re.findall(r"(\d+) assertions passed", done.stdout))
        self.assertEqual(counted, written, done.stdout)


if __name__ == "__main__":
    unittest.main()
