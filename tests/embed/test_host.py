"""Embedded modules and the program around them: its faults, its limits, its signals, its language."""

import os
import shutil
import signal
import unittest

from embedding import BUILD, HERE, STRICT, EmbedTest

CXX = """
#include "traps.h"
#include "counter.h"
int main()
{
    dagger_instance *traps = nullptr;
    int32_t sum = 0;
    if (dagger_instance_new(&traps_module, nullptr, &traps) != DAGGER_RESULT_OK)
        return 1;
    int result = traps_add(traps, 1, 2, &sum);
    return dagger_instance_free(traps) != 0 || result != 0 || sum != 3;
}
"""
SHARED = """
#include "traps.h"
int add(int a, int b);
int add(int a, int b)
{
    struct dagger_instance *traps;
    int32_t sum = -1;
    if (dagger_instance_new(&traps_module, 0, &traps) == 0) {
        if (traps_load(traps, -1, &sum) != DAGGER_RESULT_OUT_OF_BOUNDS)
            return -2;
        traps_add(traps, a, b, &sum);
        dagger_instance_free(traps);
    }
    return sum;
}
"""
USER = """
int add(int a, int b);
int main(void)
{
    return add(20, 22) != 42;
}
"""


class Host(EmbedTest):
    def test_faults(self):
        self.archive("traps")
        self.archive("io")
        self.program("faults.c", "traps", "io")
        for how in ("siginfo", "plain", "none"):
            with self.subTest(how):
                self.assertEqual(self.run_in(["./program", how]).stdout, b"ended\n")
        for how in ("default", "thread", "sent", "callback", "guard"):
            with self.subTest(how):
                done = self.run_in(["./program", how], status=-signal.SIGSEGV)
                self.assertEqual(done.stdout, b"")

    def test_failures(self):
        for name in ("failing", "starting", "initializing", "io"):
            self.archive(name)
        self.works("failures.c", "failing", "starting", "initializing", "io")

    def test_streams(self):
        self.archive("io")
        self.assertEqual(self.works("streams.c", "io").stdout, b"delivered\nbyte by byte\n")

    def test_modules_without_streams_are_small(self):
        self.archive("counter")
        self.archive("traps")
        self.program("instances.c", "traps", "counter")
        symbols = self.run_in(["nm", "program"]).stdout
        self.assertIn(b"traps_add", symbols)
        self.assertNotIn(b"dagger_stream_open", symbols)
        self.assertNotIn(b"dagger_start", symbols)

    def test_cxx(self):
        self.archive("traps")
        self.archive("counter")
        (self.dir / "main.cc").write_text(CXX)
        self.program(self.dir / "main.cc", "traps", "counter", cc="c++",
                     flags=["-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        self.run_in(["./program"])

    def test_shared_library(self):
        """What it shows is what its author wrote."""
        self.archive("traps")
        (self.dir / "shared.c").write_text(SHARED)
        (self.dir / "user.c").write_text(USER)
        self.program(self.dir / "shared.c", "traps", flags=["-fPIC", "-shared", "-Wl,-z,defs"],
                     output="libshared.so")
        self.run_in(["cc", "user.c", "libshared.so", "-Wl,-rpath,$ORIGIN", "-o", "user"])
        self.run_in(["./user"])
        shown = self.run_in(["nm", "-D", "--defined-only", "libshared.so"]).stdout.decode()
        self.assertEqual([line.split()[-1] for line in shown.splitlines()], ["add"])

    def test_static_program(self):
        self.archive("traps")
        self.archive("counter")
        self.program("instances.c", "traps", "counter", flags=[*STRICT, "-static"])
        self.run_in(["./program"])

    def test_symbols_do_not_clash(self):
        """Ours begin with dagger or wasm_rt, those of a module with its name."""
        self.archive("traps")
        shown = self.run_in(["nm", "-g", "--defined-only", "libtraps.a"]).stdout.decode()
        names = [line.split()[-1] for line in shown.splitlines() if len(line.split()) == 3]
        for name in names:
            self.assertRegex(name, r"^(dagger_|wasm_rt_|traps_)")
        self.assertIn("traps_module", names)


class Compiling(EmbedTest):
    def test_names(self):
        shutil.copy(HERE / "counter.wat", self.dir / "my-codec.v2.wat")
        daggercc = [BUILD / "bin/daggercc", "--emit=archive"]
        self.run_in([*daggercc, "my-codec.v2.wat"])
        self.assertEqual(sorted(path.name for path in self.dir.iterdir()),
                         ["libmy-codec.v2.a", "my-codec.v2.h", "my-codec.v2.wat"])
        self.assertIn("int my_codec_v2_next(", (self.dir / "my-codec.v2.h").read_text())
        for name, word in (("-", "must be"), ("codec.o", "must be"), ("lib.a", "must be"),
                           ("7z.a", "must be"), ("a b.a", "must be"), ("libdagger.a", "runtime"),
                           ("lib/", "must be"), ("x" * 101 + ".a", "must be")):
            with self.subTest(name):
                done = self.run_in([*daggercc, "my-codec.v2.wat", "-o", name], status=1)
                self.assertIn(word, done.stderr.decode())
                self.assertEqual(len(list(self.dir.iterdir())), 3)

    def test_same_bytes(self):
        self.archive("traps", "-g")
        first = [(self.dir / name).read_bytes() for name in ("libtraps.a", "traps.h")]
        (self.dir / "deeper folder").mkdir()
        self.run_in([BUILD / "bin/daggercc", "--emit=archive", HERE / "traps.wat", "-g", "-j2", "-o",
                     "../libtraps.a"], cwd=self.dir / "deeper folder",
                    env={**os.environ, "TMPDIR": str(self.dir / "deeper folder"), "TZ": "Asia/Tokyo"})
        second = [(self.dir / name).read_bytes() for name in ("libtraps.a", "traps.h")]
        self.assertTrue(first == second)
        for part in first:
            self.assertNotIn(b"daggercc-", part)
            self.assertNotIn(str(BUILD).encode(), part)

    def test_no_output_after_an_error(self):
        (self.dir / "bad.c").write_text("")
        self.archive("counter", "-Wc,-include/no/such/file", name="bad", status=1)
        self.archive("counter", "--cc=false", name="bad", status=1)
        self.assertEqual([path.name for path in self.dir.iterdir()], ["bad.c"])

    def test_hostile_names(self):
        """Names that would end a comment, a string or an identifier stay out of the header."""
        names = ["*/ int x;", '\\"', "a-b", "int", "module", "", "\u202e", "export_1", "x" * 200]
        functions = "".join(f'(func (export "{name}"))' for name in names)
        (self.dir / "names.wat").write_text(f"(module {functions})")
        self.archive(self.dir / "names.wat")
        header = (self.dir / "names.h").read_text()
        self.assertTrue(header.isascii())
        functions = [line for line in header.splitlines() if line.startswith("int names_")]
        self.assertEqual([line.split("(")[0][len("int names_"):] for line in functions],
                         ["export_0", "export_1", "export_2", "int", *(f"export_{i}" for i in range(4, 9))])
        (self.dir / "main.c").write_text('#include "names.h"\nint main(void) { return 0; }')
        self.program(self.dir / "main.c", "names")


if __name__ == "__main__":
    unittest.main(verbosity=2)
