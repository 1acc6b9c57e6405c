"""The runner of the specification's tests counts what holds as passed and what does not as failed."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE, BUILD = (pathlib.Path(os.environ[name]) for name in ("DAGGER_SOURCE", "DAGGER_BUILD"))
RUNNER = SOURCE / "tests" / "spec" / "runner"  # files that the runner itself is tested with


def run(*arguments):
    argv = [sys.executable, SOURCE / "scripts" / "spec", RUNNER, "--build", BUILD, "-j1", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=280, check=False)


def assertions(name):
    """How many are about refusals, how many are performed."""
    text = (RUNNER / f"{name}.wast").read_text(encoding="utf-8")
    refused = len(re.findall(r"\(assert_(malformed|invalid|unlinkable)", text))
    performed = len(re.findall(r"\(assert_", text)) - refused
    return refused - text.count("multiple memories"), performed


class Runner(unittest.TestCase):
    def test_good(self):
        options = ("-O1", "-O2 --memory=checked", "-c -O1")
        done = run("good", *(f"--config={words}" for words in options))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        refused, performed = assertions("good")
        self.assertIn(f"refusals: 1 of 1 files, {refused} assertions passed, 0 failures", done.stdout)
        for words in options:
            counted = f"{words}: 1 of 1 files, {performed} assertions passed, 0 failures"
            self.assertIn(counted, done.stdout)
        self.assertIn("1 executables (checked memory), 3 modules as objects", done.stdout)
        self.assertIn("0 executables, 4 modules as objects", done.stdout)

    def test_bad(self):
        done = run("bad", "--config=-O0", "--config=-c -O0")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        refused, performed = assertions("bad")
        # One more: a module whose imports are nowhere.
        self.assertIn(f" 0 assertions passed, {refused + 1} failures", done.stdout)
        self.assertEqual(done.stdout.count(f" 0 assertions passed, {performed} failures"), 2)

    def test_usage(self):
        self.assertEqual(run("no-such-file").returncode, 2)


if __name__ == "__main__":
    unittest.main()
