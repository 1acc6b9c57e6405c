"""Embedded modules that import WASI: what they are given, how they end, threads, size."""

import os
import shutil
import sys
import unittest

from embedding import HERE, SOURCE, STRICT, EmbedTest

sys.path.append(str(SOURCE / "tests/wasi"))
import run as wasi  # noqa: E402

CLANG = ["clang", "--target=wasm32-wasi", "-O2", "-Wall", "-Wextra", "-Werror"]


@unittest.skipUnless(shutil.which("clang") and os.path.isdir("/usr/include/wasm32-wasi"),
                     "clang and wasi-libc are not installed")
class Wasi(EmbedTest):
    def guest(self, name, *options, model="reactor"):
        """Compiles tests/embed/NAME.c to libNAME.a."""
        module = self.dir / f"{name}.wasm"
        self.run_in([*CLANG, f"-mexec-model={model}", HERE / f"{name}.c", "-o", module])
        self.archive(module, *options)

    def test_given(self):
        for memory in ("guard", "checked"):
            with self.subTest(memory=memory):
                self.guest("reactor", f"--memory={memory}")
                self.program("wasi.c", "reactor")
                (self.dir / memory).mkdir()
                done = self.run_in(["../program"], cwd=self.dir / memory, input=b"not for guests")
                self.assertEqual(done.stdout, b"")

    def test_exit(self):
        self.guest("reactor")
        self.guest("command", model="command")
        self.archive("leaver")
        done = self.works("wasi_exit.c", "reactor", "command", "leaver")
        self.assertEqual(done.stdout, 3 * b"bye\n" + 2 * b"one\ntwo\n")

    def test_threads(self):
        self.guest("reactor")
        lines = self.works("wasi_threads.c", "reactor").stdout.decode().splitlines()
        self.assertEqual(sorted(lines),
                         sorted([f"thread {i} round {j}" for i in range(6) for j in range(100)]
                                + ["bye"] * 6 * 34))

    def test_sanitized_programs(self):
        self.guest("reactor")
        flags = [*STRICT, "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
        self.program("wasi.c", "reactor", flags=flags)
        self.run_in(["./program"])

    def test_rust(self):
        try:
            rustc = wasi.rust()
        except wasi.Missing as missing:
            self.skipTest(str(missing))
        module = self.dir / "cdylib.wasm"
        self.run_in([*rustc, "--crate-type=cdylib", HERE / "cdylib.rs", "-o", module])
        self.archive(module)
        self.works("wasi_rust.c", "cdylib")

    def test_sizes(self):
        """Nobody gets what he does not import."""
        self.guest("reactor")
        self.archive("io")
        self.archive("quitter")
        main = ('#include "{0}.h"\nint main(void)\n{{\n    struct dagger_instance *instance;\n'
                "    return dagger_instance_new(&{0}_module, NULL, &instance) != 0;\n}}\n")
        for name, has in (("reactor", {"wasi", "streams"}), ("io", {"streams"}), ("quitter", set())):
            with self.subTest(name):
                (self.dir / f"{name}.c").write_text(main.format(name))
                self.program(self.dir / f"{name}.c", name)
                self.run_in(["./program"])
                symbols = self.run_in(["nm", "program"]).stdout.decode()
                found = {"wasi": " dagger_wasi_find", "streams": " dagger_stream_open"}
                self.assertEqual({key for key, symbol in found.items() if symbol in symbols}, has)


if __name__ == "__main__":
    unittest.main(verbosity=2)
