"""--target as the driver takes it, what is said where something of it is missing, and an installed tree."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.append(os.path.join(os.environ["DAGGER_SOURCE"], "tests/driver"))
from harness import BUILD, HELLO_WAT, SOURCE, DriverTest, main  # noqa: E402

AARCH64, MUSL = "aarch64-linux-gnu", "x86_64-linux-musl"


def needs(*programs):
    lacking = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(lacking, f"{lacking} not installed")


def machine(path):
    """e_machine of an ELF file."""
    return int.from_bytes(path.read_bytes()[18:20], "little")


class Target(DriverTest):
    def setUp(self):
        super().setUp()
        self.write("hello.wat", HELLO_WAT)

    def tools(self, *names):
        """A PATH with these programs and those that daggercc needs besides."""
        folder = self.top / "tools"
        folder.mkdir()
        for name in [*names, "node", "wasm2c", "wat2wasm"]:
            if found := shutil.which(name):
                (folder / name).symlink_to(found)
        return {"PATH": str(folder)}

    def installed(self):
        """A tree with daggercc and no runtime of another target."""
        prefix = self.top / "installed"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        return prefix

    def test_unknown(self):
        for triple in ("arm-linux-gnueabihf", "../evil", "aarch64", "aarch64-linux-gnu/../x"):
            with self.subTest(triple):
                done = self.daggercc(f"--target={triple}", "hello.wat", status=2)
                self.assertEqual(
                    done.error,
                    f"daggercc: error: --target: '{triple}' is not one of {AARCH64} x86_64-linux-gnu "
                    f"{MUSL}\n",
                )
        done = self.daggercc("--target=\x1b[2J", "hello.wat", status=2)
        self.assertNotIn("\x1b", done.error)

    def test_no_compiler(self):
        done = self.daggercc(f"--target={AARCH64}", "hello.wat", status=1, env=self.tools("cc", "as"))
        self.assertIn(f"can't find the C compiler '{AARCH64}-gcc'", done.error)
        self.assertIn("apt install gcc-aarch64-linux-gnu libc6-dev-arm64-cross", done.error)

    @needs("gcc", "clang")
    def test_other_compiler(self):
        for command, triple in (("gcc", AARCH64), ("clang", MUSL)):
            with self.subTest(triple):
                done = self.daggercc(f"--target={triple}", f"--cc={command}", "hello.wat", status=1)
                self.assertIn(f"{command} does not compile for {triple}\n", done.error)

    @needs(f"{AARCH64}-gcc")
    def test_a_compiler_that_does_not_answer(self):
        """CFLAGS that it can't take; where there is no target, it says so when it compiles."""
        options = {"env": {"CFLAGS": "-include nowhere.h"}, "status": 1}
        done = self.daggercc(f"--target={AARCH64}", "-c", "hello.wat", **options)
        self.assertIn(f"{AARCH64}-gcc does not say what it compiles for\n", done.error)
        self.assertEqual(sorted(os.listdir(self.dir)), ["hello.wat"])
        done = self.daggercc("-c", "hello.wat", **options)
        self.assertNotIn("does not say", done.error)
        self.assertIn("nowhere.h: No such file", done.error)

    @needs(f"{AARCH64}-gcc")
    def test_no_runtime(self):
        program = self.installed() / "bin/daggercc"
        done = self.daggercc(f"--target={AARCH64}", "hello.wat", status=1, program=program)
        self.assertIn(f"lib/dagger/{AARCH64}/libdagger.a: No such file", done.error)
        self.assertIn(f"scripts/target {AARCH64} builds it", done.error)
        self.assertEqual(sorted(os.listdir(self.dir)), ["hello.wat"])

    @needs(f"{AARCH64}-gcc")
    def test_no_runtime_needed(self):
        """C is the same for all targets, an object is without a runtime."""
        program = self.installed() / "bin/daggercc"
        for arguments in (["--emit=c"], ["-c"]):
            self.daggercc(f"--target={AARCH64}", *arguments, "hello.wat", program=program)
        self.daggercc("--emit=c", "hello.wat", "-o", "native.c")
        self.assertEqual(machine(self.dir / "hello.o"), 183)
        self.assertEqual((self.dir / "hello.c").read_text().replace("hello", "native"),
                         (self.dir / "native.c").read_text().replace("hello", "native"))  # fmt: skip

    @needs(f"{AARCH64}-gcc", "clang")
    def test_compilers(self):
        """CC is of this machine; clang is told."""
        for number, options in enumerate(([], ["-s"], ["-static", "-s"], ["--cc=clang", "-s"])):
            with self.subTest(options):
                name = f"hello{number}"
                self.daggercc(f"--target={AARCH64}", *options, "hello.wat", "-o", name,
                              env={"CC": "gcc"})  # fmt: skip
                self.assertEqual(machine(self.dir / name), 183)
                self.daggercc("--target", AARCH64, *options, "--reproducible", "hello.wat", "-o", "a")
                self.daggercc("--target", AARCH64, *options, "--reproducible", "hello.wat", "-o", "b")
                self.assertEqual((self.dir / "a").read_bytes(), (self.dir / "b").read_bytes())

    @needs(f"{AARCH64}-gcc")
    def test_inspect(self):
        self.daggercc(f"--target={AARCH64}", "-s", "hello.wat")
        told = json.loads(self.daggercc("--inspect=json", "hello").stdout)
        self.assertIn(f"--target={AARCH64}", told["options"])
        self.assertEqual(told["memory"], "guard")
        done = self.daggercc(f"--target={AARCH64}", "--memory=fixed", "hello.wat", status=1)
        self.assertIn("--memory=fixed is for x86-64", done.error)

    @needs(f"{AARCH64}-gcc", "qemu-aarch64")
    def test_signed_addresses(self):
        """A backtrace through return addresses that pointer authentication has signed."""
        self.write("deep.wat", '(module (func $inner unreachable) (func $main (export "main") (call $inner)))')
        self.daggercc(f"--target={AARCH64}", "-static", "-O0", "deep.wat",
                      env={"CFLAGS": "-mbranch-protection=standard"})  # fmt: skip
        code = subprocess.run([f"{AARCH64}-objdump", "-d", self.dir / "deep"], capture_output=True,
                              text=True, check=True).stdout  # fmt: skip
        self.assertIn("paciasp", code)
        done = subprocess.run(["qemu-aarch64", "-cpu", "max", "-0", "deep", self.dir / "deep"],
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 134)
        self.assertEqual(done.stderr.decode(), "deep: trap: unreachable\n    at inner (function 0)\n"
                                               "    at main (function 1)\n")  # fmt: skip

    @needs(f"{MUSL}-gcc", "readelf")
    def test_musl(self):
        for options, needed in (([], ["libc.so"]), (["-static"], [])):
            with self.subTest(options):
                self.daggercc(f"--target={MUSL}", *options, "hello.wat")
                told = subprocess.run(["readelf", "-dl", self.dir / "hello"], capture_output=True,
                                      text=True, check=True).stdout  # fmt: skip
                found = [line.split("[")[1].rstrip("]") for line in told.splitlines()
                         if "(NEEDED)" in line]  # fmt: skip
                self.assertEqual(found, needed)
                self.assertEqual("ld-musl" in told, bool(needed))
                self.assertIn("Elf file type is DYN", told)
                self.assertEqual(self.run_guest("hello"), b"hello\n")

    @needs(f"{MUSL}-gcc")
    def test_installed(self):
        """scripts/target puts the runtime into an installed tree, which may be moved then."""
        prefix = self.installed()
        subprocess.run([SOURCE / "scripts/target", MUSL, "--tree", BUILD, "--prefix", prefix],
                       check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        prefix = prefix.rename(self.top / "moved")
        self.write("simd.wat", '(module (func (export "main") (result i32) (i8x16.extract_lane_s 3 '
                               '(i8x16.add (v128.const i32x4 7 0 0 0x7000000) (v128.const i8x16 '
                               '0 0 0 7 0 0 0 0 0 0 0 0 0 0 0 0)))))')  # fmt: skip
        for guest in ("hello", "simd"):
            self.daggercc(f"--target={MUSL}", f"{guest}.wat", program=prefix / "bin/daggercc")
            self.run_guest(guest)


class Script(unittest.TestCase):
    """scripts/target."""

    def target(self, *arguments, **more):
        command = [SOURCE / "scripts/target", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
        return done.returncode, done.stderr

    def test_usage(self):
        for arguments in ([], [AARCH64, "--tree"], [AARCH64, "--what", "x"]):
            self.assertEqual(self.target(*arguments)[0], 2, arguments)
        status, said = self.target("arm\x1b-linux")
        self.assertEqual(status, 2)
        self.assertIn(f"is not one of {AARCH64} x86_64-linux-gnu {MUSL}\n", said)
        self.assertNotIn("\x1b", said)

    def test_no_compiler(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("bash", "dirname", "readlink", "realpath", "sed"):
                pathlib.Path(folder, name).symlink_to(shutil.which(name))
            status, said = self.target(AARCH64, env={"PATH": folder})
        self.assertEqual(status, 1)
        self.assertIn("apt install gcc-aarch64-linux-gnu libc6-dev-arm64-cross", said)


if __name__ == "__main__":
    main()
