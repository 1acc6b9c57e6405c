"""dagger's own side: its command line, what it refuses, its limits, and wabt's faults that it keeps from
guests. What guests do on it is in tests/programs, which runs on both engines."""

import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
DAGGER, DAGGERCC = BUILD / "bin/dagger", BUILD / "bin/daggercc"

# AddressSanitizer needs terabytes of address space.
SANITIZED = DAGGER.exists() and b"__asan_init" in DAGGER.read_bytes()
limited_memory = unittest.skipIf(SANITIZED, "memory can't be limited here")

HELLO = """(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "stdout://") (data (i32.const 16) "Hello, world!\\n")
  (func $main (export "dagger_main") (result i32)
    (drop (call $write (call $open (i32.const 0) (i32.const 9)) (i32.const 16) (i32.const 14)))
    (i32.const 7)))
"""

# arguments, words that the message must have
REFUSED = [
    ([], ["no input", "usage: dagger"]),
    ([""], ["empty"]),
    (["--frobnicate", "a.wasm"], ["unknown option '--frobnicate'", "dagger --help"]),
    (["--entr=x", "a.wasm"], ["did you mean --entry?"]),
    (["--fuel=none", "a.wasm"], ["--fuel", "'none'"]),
    (["--fuel=0", "a.wasm"], ["--fuel"]),
    (["--max-memory=12Q", "a.wasm"], ["'12Q'"]),
    (["--\x1b[31m", "a"], ["unknown option '--\\x1b[31m'"]),
]


class DaggerTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="dagger-interp-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def write(self, name, content):
        (self.dir / name).write_bytes(content.encode() if isinstance(content, str) else content)

    def dagger(self, *arguments, status=0, program=DAGGER, env=None, **more):
        done = subprocess.run([program, *arguments], cwd=self.dir, capture_output=True,
                              env={"PATH": os.environ["PATH"], **(env or {})},
                              timeout=120, **({"stdin": subprocess.DEVNULL} | more))  # fmt: skip
        self.assertEqual(done.returncode, status, done.stderr)
        done.said = done.stderr.decode()
        return done

    def guest(self, body, **more):
        """Runs a guest whose entry point has this body, on both engines; the same must come of it."""
        self.write("guest.wat", f'(module {body})')
        interpreted = self.dagger("guest.wat", **more)
        subprocess.run([DAGGERCC, "guest.wat"], cwd=self.dir, check=True)
        compiled = self.dagger(program=self.dir / "guest", **more)
        self.assertEqual(interpreted.stdout, compiled.stdout)
        return interpreted


class CommandLine(DaggerTest):
    def test_refused(self):
        for arguments, words in REFUSED:
            with self.subTest(arguments):
                said = self.dagger(*arguments, status=2).said
                for word in words:
                    self.assertIn(word, said)
                self.assertNotIn("\x1b", said)

    def test_the_talk(self):
        self.write("dagger_hello.wat", HELLO)
        subprocess.run(["wat2wasm", "dagger_hello.wat"], cwd=self.dir, check=True)
        self.assertEqual(self.dagger("dagger_hello.wasm", status=7).stdout, b"Hello, world!\n")
        subprocess.run([DAGGERCC, "dagger_hello.wasm", "-o", "dagger_hello"], cwd=self.dir, check=True)
        done = self.dagger(program=self.dir / "dagger_hello", status=7)
        self.assertEqual(done.stdout, b"Hello, world!\n")

    def test_what_follows_the_module_is_the_guests(self):
        self.write("app.wat", HELLO)
        self.dagger("app.wat", "--help", "-x", "more", status=7)
        self.dagger("--", "app.wat", status=7)

    def test_standard_input(self):
        self.dagger("-", status=7, stdin=None, input=HELLO.encode())

    def test_help_fits_a_screen(self):
        lines = self.dagger("--help").stdout.decode().splitlines()
        self.assertLessEqual(len(lines), 24)
        self.assertLessEqual(max(map(len, lines)), 80)
        manual = (BUILD / "share/man/man1/dagger.1").read_text()
        for line in lines:
            if line.startswith("  --"):
                self.assertIn(line.split()[0].split("=")[0].replace("-", "\\-"), manual)

    def test_version(self):
        self.assertRegex(self.dagger("--version").stdout.decode(), r"dagger \S+\nengine: wabt 1.0.32")

    def test_a_full_standard_output(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([DAGGER, "--help"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"can't write", done.stderr)

    def test_stats_and_trace(self):
        self.write("app.wat", HELLO)
        said = self.dagger("--stats", "--trace", "app.wat", status=7).said
        self.assertIn('app: write(0, "Hello, world!\\n", 14) = 14\n', said)
        self.assertIn("app: stats: interpreted\n", said)
        self.assertRegex(said, r"\n    instructions: \d+\n")


class Modules(DaggerTest):
    def test_no_file(self):
        self.assertIn("can't open 'no.wasm'", self.dagger("no.wasm", status=1).said)

    def test_what_is_no_module(self):
        self.write("a.wasm", b"\0asm\1\0\0\0\1\5\1\x60")
        self.assertIn("offset 0x", self.dagger("a.wasm", status=1).said)
        self.write("b.wasm", b"\x1f\x8b\x08")
        self.assertIn("gzip", self.dagger("b.wasm", status=1).said)

    def test_what_is_no_text(self):
        self.write("a.wat", "(module (func $\u202e (call $nobody)))")
        said = self.dagger("a.wat", status=1).said
        self.assertIn("a.wat:1:", said)
        self.assertNotIn("\u202e", said)

    def test_text_that_goes_too_deep(self):
        self.write("a.wat", "(module (func " + "(block " * 1000000)
        self.assertIn("reading the text", self.dagger("a.wat", status=1).said)

    def test_other_imports(self):
        self.write("a.wat", '(module (import "env" "socket" (func)) (func (export "main")))')
        self.assertIn('"env"."socket"', self.dagger("a.wat", status=1).said)

    def test_what_only_daggercc_compiles(self):
        # (tag) and (try_table (catch_all 0)), which wabt 1.0.32's text has no words for
        self.write("new.wasm", b"\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\x0d\3\1\0\0\7\x08\1\4main\0\0"
                               b"\x0a\x0d\1\x0b\0\x02\x40\x1f\x40\1\2\0\x0b\x0b\x0b")
        said = self.dagger("new.wasm", status=1).said
        self.assertIn("the module uses exceptions (try_table, exnref), which the interpreter does not run", said)
        self.assertIn("daggercc compiles it", said)

    def test_what_nobody_runs(self):
        self.write("a.wat", '(module (func (export "main") (return_call 0)))')
        said = self.dagger("a.wat", status=1).said
        self.assertIn("tail calls, which daggercc is not trusted with", said)

    def test_what_wabt_does_not_take(self):
        # an element segment with (global.get 0)
        self.write("a.wasm", b"\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\4\4\1\x70\0\1\6\6\1\x70\0\xd0\x70\x0b"
                             b"\7\x08\1\4main\0\0\x09\x09\1\4\x41\0\x0b\1\x23\0\x0b\x0a\4\1\2\0\x0b")
        said = self.dagger("a.wasm", status=1).said
        self.assertIn("the interpreter does not take the module", said)


class Limits(DaggerTest):
    FOREVER = '(func $f (export "main") (loop (br 0)))'

    def test_fuel(self):
        self.write("a.wat", f"(module {self.FOREVER})")
        said = self.dagger("--fuel=1000000", "a.wat", status=152).said
        self.assertEqual(said, "a: limit: out of fuel\n    at f (function 0)\n")

    def test_max_memory(self):
        self.write("a.wat", '(module (memory 1) (func (export "main") (result i32)'
                            " (i32.add (memory.grow (i32.const 3)) (memory.grow (i32.const 1)))))")
        self.dagger("--max-memory=256K", "a.wat", status=0)  # 1 and -1
        self.dagger("--max-memory=320K", "a.wat", status=5)  # 1 and 4
        self.assertIn("starts with 65536 bytes", self.dagger("--max-memory=64", "a.wat", status=1).said)
        self.write("b.wat", '(module (memory 1) (memory 1) (func (export "main")))')
        self.assertIn("one memory", self.dagger("--max-memory=1M", "b.wat", status=1).said)

    @limited_memory
    def test_little_memory_of_the_host(self):
        self.write("a.wat", '(module (memory 1) (func (export "main") (result i32) (memory.grow (i32.const 65535))))')

        def limited():
            resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))

        self.dagger("a.wat", status=255, preexec_fn=limited)

    def test_huge_tables(self):
        self.write("a.wat", '(module (table 10000001 funcref) (func (export "main")))')
        self.assertIn("10000001 elements", self.dagger("a.wat", status=1).said)
        self.write("b.wat", '(module (table 1 funcref) (func (export "main") (result i32)'
                            " (table.grow 0 (ref.null func) (i32.const 10000000))))")  # fmt: skip
        self.dagger("b.wat", status=255)


class Faults(DaggerTest):
    """What wabt 1.0.32 does wrong by itself."""

    def test_a_call_before_a_try_is_not_in_it(self):
        self.guest("""
          (tag $t)
          (func $thrower (throw $t))
          (func $inner (call $thrower) (try (do (nop)) (catch_all unreachable)))
          (func (export "main") (result i32)
            (try (do (call $inner)) (catch_all (return (i32.const 3)))) (i32.const 4))""", status=3)

    def test_a_catch_keeps_the_locals(self):
        self.guest("""
          (tag $t (param i32))
          (func (export "main") (result i32) (local $a i32) (local $b i64) (local $c i32)
            (local.set $a (i32.const 40))
            (i32.const 100)
            (try (result i32) (do (local.set $b (i64.const 5)) (throw $t (i32.const 7)))
              (catch $t (local.set $c)
                (try (do (throw $t (i32.const 1))) (catch_all (local.set $a (i32.const 50))))
                (i32.add (local.get $a) (i32.wrap_i64 (local.get $b)))))
            (i32.add (i32.add (local.get $c)))
          )""", status=162)  # fmt: skip

    @limited_memory
    def test_references_on_the_stack_do_not_add_up(self):
        self.write("a.wat", """(module (func $f) (elem declare func $f)
          (func (export "main") (local $i i32)
            (loop (drop (ref.is_null (ref.func $f)))
              (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                                 (i32.const 3000000))))))""")

        def limited():
            resource.setrlimit(resource.RLIMIT_DATA, (16 << 20, 16 << 20))

        self.dagger("a.wat", preexec_fn=limited)

    @limited_memory
    def test_exceptions_are_freed(self):
        self.write("a.wat", """(module (tag $t (param i64 i64)) (memory 1)
          (func (export "main") (local $i i32)
            (loop (try (do (throw $t (i64.const 1) (i64.const 2))) (catch $t drop drop))
              (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                                 (i32.const 1000000))))))""")

        def limited():
            resource.setrlimit(resource.RLIMIT_DATA, (100 << 20, 100 << 20))

        self.dagger("a.wat", preexec_fn=limited)

    def test_the_stack_of_values_ends(self):
        locals_ = "(local " + "i64 " * 2000 + ")"
        done = self.guest(f'(func $f (export "main") {locals_} (call $f))', status=134)
        self.assertTrue(done.said.startswith("guest: trap: call stack exhausted\n    at f (function 0)\n"))

    def test_an_indirect_call_that_exhausts_the_stack_is_a_trap(self):
        done = self.guest("""(table funcref (elem $g)) (type $t (func (result i64)))
          (func $g (type $t) (i64.add (call_indirect (type $t) (i32.const 0)) (i64.const 1)))
          (func (export "main") (drop (call $g)))""", status=134)  # fmt: skip
        self.assertTrue(done.said.startswith("guest: trap: call stack exhausted\n"))

    def test_uncaught_exceptions_have_a_backtrace(self):
        done = self.guest("""(tag $t) (type $f (func)) (table funcref (elem $thrower))
          (func $thrower (type $f) (throw $t))
          (func $main (export "main") (call_indirect (type $f) (i32.const 0)))""", status=134)  # fmt: skip
        self.assertEqual(done.said, "guest: trap: uncaught exception\n"
                                    "    at thrower (function 0)\n    at main (function 1)\n")

    def test_segments_before_the_start_function(self):
        self.guest("""(memory 1) (global $g (mut i32) (i32.const 0))
          (data (i32.const 4) "\\07") (start $s)
          (func $s (global.set $g (i32.load8_u (i32.const 4))) (drop (memory.grow (i32.const 1))))
          (func (export "_initialize") (global.set $g (i32.mul (global.get $g) (i32.const 3))))
          (func (export "main") (result i32) (i32.add (global.get $g) (memory.size)))""", status=23)

    def test_segments_out_of_bounds(self):
        for segment, what in [('(memory 1) (data (i32.const 65533) "four")', "memory"),
                              ("(table 1 funcref) (elem (i32.const 1) func 0)", "table")]:
            with self.subTest(what):
                done = self.guest(f'(func (export "main")) {segment}', status=134)
                self.assertEqual(done.said, f"guest: trap: out of bounds {what} access\n")


if __name__ == "__main__":
    if not DAGGER.exists():
        print("dagger is not built")
        sys.exit(77)
    unittest.main()
