"""The four manual pages: man formats them without a complaint, whatis finds them, and they have what the
tables of the sources have."""

import re
import subprocess
import unittest

from packaging import BUILD, SOURCE, PackagingTest

PAGES = ("man1/daggercc.1", "man1/dagger.1", "man7/dagger-abi.7", "man7/dagger-streams.7")


def source(name):
    return (SOURCE / name).read_text()


class Manuals(PackagingTest):
    def formatted(self, page):
        """The page as text, in lines so long that nothing is broken."""
        self.env.update(
            MANWIDTH="1000",
            LC_ALL="C.UTF-8",
        )
        done = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", BUILD / "share/man" / page],
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        # A column of a table may be too narrow to fill its lines out to both edges: nothing is lost.
        bad = [x for x in done.stderr.splitlines() if not x.endswith("cannot adjust line")]
        self.assertEqual(bad, [])
        return re.sub(r"[│ ]+", " ", done.stdout)

    def test_all(self):
        for page in PAGES:
            with self.subTest(page):
                name = page.split("/")[1].split(".")[0]
                text = self.formatted(page)
                for heading in ("NAME", "DESCRIPTION", "SEE ALSO"):
                    self.assertEqual(text.count(f"\n{heading}\n"), 1, heading)
                said = self.run_in(self.top, "lexgrog", BUILD / "share/man" / page)
                self.assertIn(f'"{name} - ', said)
                for other in re.findall(r"\b(dagger[a-z-]*)\((\d)\)", text):
                    self.assertIn("man{1}/{0}.{1}".format(*other), PAGES)

    def test_abi_has_the_errors_and_the_imports(self):
        text = self.formatted("man7/dagger-abi.7")
        errors = re.findall(r'X\((\w+), (-\d+), "([^"]*)"\)', source("streams/error.h"))
        self.assertTrue(errors)
        for name, value, meaning in errors:
            self.assertIn(f" {value} {name} {meaning} ", text)
        core = source("rt/include/dagger/imports.h").split("DAGGER_WASI_IMPORTS")[0]
        imports = re.findall(r"X\((\w+), [01], \d", core)
        self.assertIn("open", imports)
        for name in imports:
            self.assertRegex(text, rf"\b(dagger|env)\.{name}\b")
        self.assertNotIn("log://", text)

    def test_streams_has_the_schemes(self):
        text = self.formatted("man7/dagger-streams.7")
        schemes = re.findall(r'\{"([a-z+]+)", ', source("streams/scheme.c"))
        self.assertIn("log", schemes)
        for scheme in schemes:
            self.assertRegex(text, rf"\n {re.escape(scheme)} ")
        self.assertNotIn("BADSD", text)


if __name__ == "__main__":
    unittest.main()
