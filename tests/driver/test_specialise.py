"""What daggercc makes of wasm2c's output for an executable: when it does, when it can't and compiles
the C as it is, and the address that the guest's memory then has."""

import subprocess
import unittest

from harness import BUILD, DriverTest, HELLO_WAT, main

RUNNER = (f"exec node --stack-size=60000 '{BUILD}/share/dagger/wasm2c/wasm2c-node.mjs'"
          f" '{BUILD}/share/dagger/wasm2c/node_modules/wabt/bin/wasm2c'")
NOTE = "this wasm2c writes C that is not known here"
# Writes 3 pages further than there are, if asked to by the address it is given.
MEMORY_WAT = """(module (memory (export "memory") 1)
  (data (i32.const 65534) "ab")
  (func (export "main") (result i32) %s))"""
TRAP = "trap: out of bounds memory access"

# Takes a page in the middle of the range before main() runs.
TAKEN_C = """
#define _GNU_SOURCE
#include <sys/mman.h>
__attribute__((constructor)) static void take(void)
{
    mmap((void *)0x140000000, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}
"""


class Specialised(DriverTest):
    def run_guest(self, *argv):
        return subprocess.run([self.dir / argv[0], *argv[1:]], capture_output=True, text=True)

    def changed_wasm2c(self, *edits):
        """A wasm2c whose C is edited by sed."""
        edits = " ".join(f"-e '{edit}'" for edit in edits)
        return self.script("changed", f"""#!/bin/sh
for last; do out=$source; source=$last; done
case "$*" in *--version*|*--help*) {RUNNER} "$@" ;; esac
({RUNNER} "$@") || exit
for file in *.c; do sed -i {edits} "$file"; done
""")

    def is_specialised(self, *arguments):
        """By the start, whose instance is none then; and says so where it is not."""
        error = self.daggercc("-v", "--save-temps=kept", *arguments).error
        specialised = "static char instance;" in (self.dir / "kept/start.c").read_text()
        self.assertEqual(NOTE in error, not specialised, error)
        self.assertEqual(" data.o " in error, specialised, error)
        return specialised

    def test_known_c_is(self):
        self.write("a.wat", HELLO_WAT)
        for arguments in ([], ["--memory=guard"], ["--memory=checked"], ["-static"], ["-g"]):
            with self.subTest(arguments):
                self.assertTrue(self.is_specialised(*arguments, "a.wat"))
                self.assertEqual(self.run_guest("a").stdout, "hello\n")

    def test_c_with_another_top_is_compiled_as_it_is(self):
        self.write("a.wat", HELLO_WAT)
        for edit in ("s/^#include <math.h>/&\\n/", "s/^DEFINE_TABLE_FILL(funcref)/& /", "1s/wasm2c/wasm2d/",
                     "s/^#define LOAD_DATA/#define  LOAD_DATA/"):
            with self.subTest(edit):
                wasm2c = self.changed_wasm2c(edit)
                self.assertFalse(self.is_specialised(f"--wasm2c={wasm2c}", "a.wat"))
                done = self.run_guest("a")
                self.assertEqual((done.stdout, done.returncode), ("hello\n", 7))

    def test_c_with_an_unknown_definition_is_compiled_as_it_is(self):
        self.write("a.wat", HELLO_WAT)
        for edit in ("s/^static void init_memories/struct unknown { int a; };\\n&/",
                     "s/^static void init_memories/#define UNKNOWN 1\\n&/",
                     "s/^  0x/  0X/"):
            with self.subTest(edit):
                wasm2c = self.changed_wasm2c(edit)
                self.assertFalse(self.is_specialised(f"--wasm2c={wasm2c}", "a.wat"))
                self.assertEqual(self.run_guest("a").stdout, "hello\n")

    def test_fallback_says_so_under_v_only(self):
        self.write("a.wat", HELLO_WAT)
        wasm2c = self.changed_wasm2c("1s/wasm2c/wasm2d/")
        self.assertEqual(self.daggercc(f"--wasm2c={wasm2c}", "a.wat").error, "")

    def test_all_versions_of_npm(self):
        self.write("a.wat", HELLO_WAT)
        packages = sorted((BUILD / "node/npm/node_modules").glob("wabt-*/bin/wasm2c"))
        self.assertGreaterEqual(len(packages), 3)
        for wasm2c in packages:
            with self.subTest(wasm2c):
                self.assertTrue(self.is_specialised(f"--wasm2c={wasm2c}", "a.wat"))
                self.assertEqual(self.run_guest("a").stdout, "hello\n")


class Fixed(DriverTest):
    def run_guest(self, name):
        done = subprocess.run([self.dir / name], capture_output=True, text=True)
        return done.returncode, done.stderr

    def test_address_range_that_is_taken(self):
        self.write("a.wat", HELLO_WAT)
        self.write("taken.c", TAKEN_C)
        subprocess.run(["cc", "-c", "-fPIC", "taken.c"], cwd=self.dir, check=True)
        self.daggercc("a.wat", f"-Wl,{self.dir}/taken.o")
        status, error = self.run_guest("a")
        self.assertEqual(status, 1)
        self.assertIn("a: error: something else is where the guest's memory belongs", error)
        self.assertIn("--memory=guard", error)
        # as the message says:
        self.daggercc("--memory=guard", "a.wat", f"-Wl,{self.dir}/taken.o")
        self.assertEqual(self.run_guest("a"), (7, ""))

    def test_bounds_in_every_mode(self):
        accesses = {"(i32.load8_u (i32.const 65535))": ord("b"),
                    "(i32.load8_u (i32.const 65536))": TRAP,
                    "(i32.load (i32.const 65533))": TRAP,
                    "(i32.load offset=4294967295 (i32.const -1))": TRAP,
                    "(i32.store8 offset=4294967295 (i32.const -1) (i32.const 1)) (i32.const 0)": TRAP,
                    "(memory.fill (i32.const 65535) (i32.const 7) (i32.const 2))"
                    "(i32.load8_u (i32.const 65535))": TRAP,
                    "(drop (memory.grow (i32.const 1))) (i32.load8_u (i32.const 131071))": 0}
        for access, wanted in accesses.items():
            self.write("a.wat", MEMORY_WAT % access)
            for memory in ("fixed", "guard", "checked"):
                with self.subTest(access, memory=memory):
                    self.daggercc(f"--memory={memory}", "a.wat")
                    status, error = self.run_guest("a")
                    if wanted == TRAP:
                        self.assertEqual(status, 134)
                        self.assertIn(f"a: {TRAP}", error)
                    else:
                        self.assertEqual((status, error), (wanted, ""))

    def test_fixed_is_refused_where_it_can_not_be(self):
        self.write("a.wat", '(module (memory 1) (memory 1) (func (export "main")))')
        self.assertIn("for modules with one memory",
                      self.daggercc("--memory=fixed", "a.wat", status=1).error)
        self.daggercc("a.wat")

    def test_relaxed_loads(self):
        """A load whose value is not used need not trap; any other does."""
        dropped = "(drop (i32.load (i32.const 65536))) (i32.const 3)"
        for cc in ("gcc", "clang"):
            for memory in ("fixed", "guard"):
                options = (f"--cc={cc}", f"--memory={memory}", "a.wat")
                with self.subTest(options):
                    self.write("a.wat", MEMORY_WAT % dropped)
                    self.daggercc(*options)
                    self.assertEqual(self.run_guest("a")[0], 134)
                    self.daggercc("--relaxed-loads", *options)
                    self.assertEqual(self.run_guest("a"), (3, ""))
                    self.write("a.wat", MEMORY_WAT % "(i32.load (i32.const 65536))")
                    self.daggercc("--relaxed-loads", *options)
                    self.assertEqual(self.run_guest("a")[0], 134)


if __name__ == "__main__":
    main()
