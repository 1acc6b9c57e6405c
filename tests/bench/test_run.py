"""scripts/bench/run builds, checks and reports what it says; no figure of it is looked at."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
CONFIGS = ["gcc", "clang", "daggercc", "daggercc-relaxed", "stock", "node-steady"]


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dagger-bench-test-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)
        self.env = {**os.environ, "TMPDIR": folder.name}

    def bench(self, *arguments, status=0):
        done = subprocess.run([SOURCE / "scripts/bench/run", f"--build={BUILD}", *arguments],
                              env=self.env, cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        left = [path.name for path in self.dir.iterdir() if path.name.startswith("dagger-bench-")]
        self.assertEqual(left, [])
        return done

    def test_reports(self):
        done = self.bench("--quick", "--rounds=1", "--only=^(fib|dot_simd)$", "--json=out.json",
                          "--svg=out.svg", "--markdown=out.md", "--flavours=simd,scalar",
                          f"--configs={','.join(CONFIGS)}")
        found = json.loads((self.dir / "out.json").read_text())
        self.assertEqual(found["failures"], [])
        self.assertEqual(list(found["configurations"]), CONFIGS)
        self.assertEqual(set(found["programs"]), {"empty", "fib", "dot_simd"})
        for program in ("fib", "dot_simd"):
            rows = found["programs"][program]
            for flavour in ("simd", "scalar"):
                self.assertEqual(set(rows[flavour]), set(CONFIGS) - {"gcc", "clang"})
                for row in rows[flavour].values():
                    self.assertEqual(row["ratio"], row["work_ns"] / rows["best_native_ns"])
            self.assertEqual(min(row["ratio"] for row in rows["native"].values()), 1)
        self.assertEqual(done.stdout, (self.dir / "out.md").read_text())
        xml.etree.ElementTree.parse(self.dir / "out.svg")

    def test_wrong_results_are_failures(self):
        """A daggercc whose executables end well but say something else."""
        fake = self.dir / "tree/bin"
        fake.mkdir(parents=True)
        script = fake / "daggercc"
        script.write_text("#!/bin/sh\nwhile [ $# -gt 1 ]; do [ $1 = -o ] && out=$2; shift; done\n"
                          "[ \"$out\" ] || exit 0\n"
                          "printf '#!/bin/sh\\necho 0x00000001\\n' >\"$out\" && chmod +x \"$out\"\n")
        script.chmod(0o755)
        done = self.bench("--quick", "--rounds=1", "--only=^fib$", "--configs=gcc,daggercc",
                          f"--build={fake.parent}", "--json=out.json", status=1)
        failures = json.loads((self.dir / "out.json").read_text())["failures"]
        self.assertEqual({(f["program"], f["configuration"]) for f in failures},
                         {("fib", "daggercc"), ("empty", "daggercc")})
        self.assertIn("daggercc failed", done.stdout)

    def test_refused(self):
        for arguments, words in ((["--configs=nothing"], "no nothing; there are gcc"),
                                 (["--only=("], "not a regular expression"),
                                 (["--rounds=0"], "is not a number"),
                                 (["--stock=wasm2c"], "go together"),
                                 (["--json=/no/such/folder/x"], "there is no folder"),
                                 (["--build=/no/such"], "no bin/daggercc there")):
            with self.subTest(arguments):
                self.assertIn(words, self.bench(*arguments, status=2).stderr)
        self.assertIn("no program's name", self.bench("--only=^nothing$", status=1).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
