"""What a guest is given by options, on both engines: --invoke, reactors, --allow-undefined-imports, --dir
and --env as they are checked. What WASI's calls do is in tests/wasi."""

import subprocess
import unittest

from harness import BUILD, DriverTest

DAGGER = BUILD / "bin/dagger"

NUMBERS = """(module
  (global $ready (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $ready (i32.const 1)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i64) (result i64) (local.get 0))
  (func (export "half") (param f64 f32) (result f64 f32)
    (f64.mul (local.get 0) (f64.const 0.5)) (f32.mul (local.get 1) (f32.const 0.5)))
  (func (export "many") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (export "ready") (result i32) (global.get $ready))
  (func (export "nothing"))
  (func (export "fails") (param i32) unreachable)
  (func (export "vector") (param v128))
  (func (export "main") (result i32) (i32.add (global.get $ready) (i32.const 2))))
"""

# Export, arguments, what is printed.
INVOKED = [
    ("add", ["2", "3"], "5\n"),
    ("add", ["-1", "0x10"], "15\n"),
    ("add", ["4294967295", "0"], "-1\n"),
    ("add", ["-2147483648", "0"], "-2147483648\n"),
    ("wide", ["0xffffffffffffffff"], "-1\n"),
    ("wide", ["-9223372036854775808"], "-9223372036854775808\n"),
    ("half", ["1e308", "0x1p-3"], "5e+307\n0.0625\n"),
    ("half", ["inf", "nan"], "inf\nnan\n"),
    ("half", ["0.2", "0.2"], "0.1\n0.1\n"),
    ("half", ["0.6000000000000001", "16777217"], "0.30000000000000004\n8388608\n"),
    ("many", ["1", "2", "3", "4"], "4\n3\n2\n1\n"),
    ("ready", [], "1\n"),
    ("nothing", [], ""),
]

# Export, arguments, what the message has.
BAD_ARGUMENTS = [
    ("add", [], "expected 2 arguments: i32 i32, found 0"),
    ("add", ["1"], "found 1"),
    ("add", ["1", "2", "3"], "found 3"),
    ("wide", [], "expected 1 argument: i64, found 0"),
    ("add", ["1", "x"], 'argument 2: expected a number (i32), found "x"'),
    ("add", ["4294967296", "0"], "argument 1"),
    ("add", ["-2147483649", "0"], "argument 1"),
    ("add", ["", "0"], "argument 1"),
    ("add", [" 1", "0"], "argument 1"),
    ("add", ["1 ", "0"], "argument 1"),
    ("add", ["0x", "0"], "argument 1"),
    ("add", ["--1", "0"], "argument 1"),
    ("add", ["1.0", "0"], "argument 1"),
    ("wide", ["18446744073709551616"], "argument 1"),
    ("half", ["1.0.0", "1"], "(f64)"),
    ("half", ["1", "\x1b[31m"], 'found "\\x1b[31m"'),
]

UNDEFINED = """(module
  (import "env" "first\\1b[31m" (func $first (param i32 i64 f64) (result f32)))
  (import "a.b" "pair" (func $pair (result i32 i64)))
  (import "wasi_snapshot_preview1" "fd_write" (func $wrong (param i64)))
  (import "dagger" "close" (func $close (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "main") (result i32) (call $close (i32.const 9)))
  (func (export "first") (drop (call $first (i32.const 1) (i64.const 2) (f64.const 3))))
  (func (export "pair") (call $pair) drop drop)
  (func (export "wrong") (call $wrong (i64.const 1))))
"""
UNDEFINED_NAMES = {
    "first": r'"env"."first\x1b[31m"',
    "pair": '"a.b"."pair"',
    "wrong": '"wasi_snapshot_preview1"."fd_write"',
}

STARTS = """(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "main") (result i32) (i32.const 1))
  (func (export "_start") (call $exit (i32.const 258)))
  (func (export "other") (result i32) (i32.const 3)))
"""


class GuestTest(DriverTest):
    def run_guest(self, command, arguments=(), env=None, status=0):
        done = subprocess.run([*command, *arguments], cwd=self.dir, env={**self.env, **(env or {})},
                              capture_output=True, timeout=120, stdin=subprocess.DEVNULL)  # fmt: skip
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def engines(self, source, *options):
        """A command for each engine that runs the guest."""
        name = f"guest{len(list(self.dir.iterdir()))}.wat"
        self.write(name, source)
        self.daggercc("-O0", name, "-o", name[:-4], *options)
        commands = [[self.dir / name[:-4]]]
        return commands + ([[DAGGER, *options, name]] if DAGGER.exists() else [])


class Invoke(GuestTest):
    def test_numbers_go_in_and_come_out(self):
        for name in dict.fromkeys(row[0] for row in INVOKED):
            for command in self.engines(NUMBERS, f"--invoke={name}"):
                for export, arguments, said in INVOKED:
                    if export == name:
                        with self.subTest(command=command, arguments=arguments):
                            self.assertEqual(self.run_guest(command, arguments), (said, ""))

    def test_arguments_that_are_none_end_with_status_2(self):
        for name in dict.fromkeys(row[0] for row in BAD_ARGUMENTS):
            for command in self.engines(NUMBERS, f"--invoke={name}"):
                for export, arguments, part in BAD_ARGUMENTS:
                    if export == name:
                        with self.subTest(command=command, arguments=arguments):
                            out, error = self.run_guest(command, arguments, status=2)
                            self.assertEqual(out, "")
                            self.assertIn(part, error)

    def test_a_trap_is_one(self):
        for command in self.engines(NUMBERS, "--invoke=fails"):
            self.assertIn("trap: unreachable", self.run_guest(command, ["1"], status=134)[1])

    def test_results_that_nobody_takes_are_an_error(self):
        for command in self.engines(NUMBERS, "--invoke=ready"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(command, cwd=self.dir, env=self.env, stdout=full,
                                      stderr=subprocess.PIPE, timeout=120)  # fmt: skip
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"can't write the results", done.stderr)

    def test_what_cannot_be_invoked_is_refused(self):
        self.write("a.wat", NUMBERS)
        for name, part in (("vector", "i32, i64, f32 and f64 only"), ("absent", "--invoke names")):
            self.assertIn(part, self.daggercc("a.wat", f"--invoke={name}", status=1).error)

    def test_a_reactor_is_initialized_before_its_entry(self):
        for command in self.engines(NUMBERS):
            self.run_guest(command, status=3)


class Undefined(GuestTest):
    def test_they_are_refused_with_the_remedy(self):
        self.write("a.wat", UNDEFINED)
        error = self.daggercc("a.wat", status=1).error
        self.assertIn("3 imports are not part", error)
        self.assertIn("--allow-undefined-imports", error)

    def test_they_trap_when_called_and_not_before(self):
        for command in self.engines(UNDEFINED, "--allow-undefined-imports"):
            self.run_guest(command, status=(-4) & 255)
        for entry, name in UNDEFINED_NAMES.items():
            for command in self.engines(UNDEFINED, "--allow-undefined-imports", f"--entry={entry}"):
                error = self.run_guest(command, status=134)[1]
                self.assertIn(f"trap: an import that is not there was called: {name}\n", error)

    def test_what_is_no_function_stays_refused(self):
        self.write("a.wat", '(module (import "env" "g" (global i32)) (func (export "main")))')
        self.assertIn('"env"."g" (global)',
                      self.daggercc("a.wat", "--allow-undefined-imports", status=1).error)  # fmt: skip


class Wasi(GuestTest):
    def test_its_start_comes_before_main(self):
        for command in self.engines(STARTS):
            self.run_guest(command, status=2)
        for command in self.engines(STARTS, "--entry=other"):
            self.run_guest(command, status=3)

    def test_directories_and_variables_are_checked(self):
        self.write("a.wat", STARTS)
        for option in ("--dir=::a", "--dir=a::", "--dir=a::b::rw", "--dir=a::::ro", "--env==x"):
            self.assertIn("is not", self.daggercc("a.wat", option, status=2).error)
        for option in ("--dir=.", "--env=A", "--invoke=other"):
            self.assertIn("for executables", self.daggercc("a.wat", option, "-c", status=2).error)

    def test_a_directory_that_is_not_there_ends_with_status_2(self):
        for command in self.engines(STARTS, "--dir=absent::x"):
            self.assertIn('directory "absent"', self.run_guest(command, status=2)[1])
        for command in self.engines(STARTS):
            for given in ("absent", "::a", ".::a::rw", ".,absent::b"):
                self.assertIn("directory", self.run_guest(command, env={"DAGGER_DIRS": given}, status=2)[1])
            self.run_guest(command, env={"DAGGER_DIRS": ""}, status=2)  # its own 258 & 255


if __name__ == "__main__":
    unittest.main()
