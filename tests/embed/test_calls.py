"""Calls into embedded modules: values, traps, memory, several instances and modules, threads, nesting."""

import itertools
import shutil
import unittest

from embedding import STRICT, EmbedTest


class Calls(EmbedTest):
    def test_traps(self):
        for cc, memory in itertools.product(("gcc", "clang"), ("guard", "checked")):
            for level in ("-O0", "-O2"):
                if shutil.which(cc):
                    with self.subTest(cc=cc, memory=memory, level=level):
                        self.archive("traps", f"--cc={cc}", f"--memory={memory}", level)
                        self.works("traps.c", "traps")

    def test_instances(self):
        for memory in ("guard", "checked"):
            with self.subTest(memory=memory):
                self.archive("traps", f"--memory={memory}")
                self.archive("counter", f"--memory={memory}")
                self.works("instances.c", "traps", "counter")

    def test_modules_of_both_kinds(self):
        """A module whose accesses are checked beside one with guard pages."""
        self.archive("traps", "--memory=checked")
        self.archive("counter", "--memory=guard")
        self.works("instances.c", "traps", "counter")

    def test_threads(self):
        self.archive("counter")
        self.archive("io")
        output = self.works("threads.c", "counter", "io").stdout.decode()
        lines = sorted(output.splitlines())
        self.assertEqual(lines,
                         sorted(200 * [f"line {i} of a thread" for i in range(8)]))

    def test_nested(self):
        self.archive("counter")
        self.archive("io")
        self.works("nested.c", "counter", "io")

    def test_exceptions(self):
        for memory in ("guard", "checked"):
            with self.subTest(memory=memory):
                self.archive("throw", f"--memory={memory}")
                self.works("exceptions.c", "throw")

    def test_limits(self):
        options = ("--fuel=1000000", "--max-memory=192K", "--max-table=10", "--max-streams=3",
                   "--max-stream-bytes=100")
        self.archive("counter")
        for cc, memory in itertools.product(("gcc", "clang"), ("guard", "checked")):
            if shutil.which(cc):
                with self.subTest(cc=cc, memory=memory):
                    self.archive("limited", f"--cc={cc}", f"--memory={memory}", *options)
                    self.works("limits.c", "limited", "counter")

    def test_limits_that_an_archive_can_not_have(self):
        for option in ("--max-time=1", "--max-cpu-time=1"):
            said = self.archive("counter", option, status=2)
            self.assertIn("--max-cpu-time and --max-time are for executables", said)
        self.assertIn("tables start with 2", self.archive("counter", "--max-table=1", status=1))

    def test_sanitized_programs(self):
        """AddressSanitizer has handlers and stacks for them of its own."""
        for name in ("counter", "io", "traps"):
            self.archive(name)
        self.archive("limited", "--fuel=1000000", "--max-memory=192K", "--max-table=10",
                     "--max-streams=3", "--max-stream-bytes=100")
        flags = [*STRICT, "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
        for source, *names in (("traps", "traps"), ("nested", "counter", "io"),
                               ("threads", "counter", "io"), ("limits", "limited", "counter")):
            with self.subTest(source):
                self.program(f"{source}.c", *names, flags=flags)
                self.run_in(["./program"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
