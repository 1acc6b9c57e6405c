"""The runner of the specification's tests counts what holds as passed and what does not as failed."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE, BUILD = (pathlib.Path(os.environ[name]) for name in ("DAGGER_SOURCE", "DAGGER_BUILD"))
OWN = SOURCE / "tests" / "spec" / "own"


def run(*arguments):
    argv = [sys.executable, SOURCE / "scripts" / "spec", OWN, "--build", BUILD, "-j1", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=280, check=False)


def assertions(name):
    text = (OWN / f"{name}.wast").read_text(encoding="utf-8")
    return len(re.findall(r"\(assert_", text)) - text.count("multiple memories")


class Runner(unittest.TestCase):
    def test_good(self):
        for options in (["-O1"], ["-O2", "--memory=checked"]):
            done = run("good", *options)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            counted = f"{assertions('good')} assertions passed, 0 failures"
            self.assertIn(counted, done.stdout, options)

    def test_bad(self):
        done = run("bad", "-O0")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        # One more: a module whose imports are nowhere.
        self.assertIn(f" 0 assertions passed, {assertions('bad') + 1} failures", done.stdout)

    def test_usage(self):
        self.assertEqual(run("no-such-file").returncode, 2)


if __name__ == "__main__":
    unittest.main()
