"""Fuel: what code costs, by hand; that both engines, all compilers and levels count the same; and where
guests end that have too little."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
DAGGER, DAGGERCC = BUILD / "bin/dagger", BUILD / "bin/daggercc"
PLENTY = 10**9

# Code, and what it costs: an instruction 1, but nothing block, loop, else, end, try, catch.
COSTS = [
    ("", 0),
    ("nop", 1),
    ("i32.const 1 drop", 2),
    ("block nop end", 1),
    ("block br 0 end nop", 2),
    ("block br 0 nop nop end nop", 2),  # what is never reached costs nothing
    ("return nop nop", 1),
    ("i32.const 0 if nop nop else nop end", 3),
    ("i32.const 1 if nop nop else nop end", 4),
    ("i32.const 0 if nop end nop", 3),
    ("block i32.const 0 br_if 0 nop nop end nop", 5),
    ("block i32.const 1 br_if 0 nop nop end nop", 3),
    ("block block i32.const 1 br_if 1 nop end nop nop end nop", 3),
    ("block block i32.const 0 br_if 1 nop end nop nop end nop", 6),
    ("block block block i32.const 0 br_table 0 1 2 end nop br 1 end nop nop end nop", 5),
    ("block block block i32.const 1 br_table 0 1 2 end nop br 1 end nop nop end nop", 5),
    ("block block block i32.const 9 br_table 0 1 2 end nop br 1 end nop nop end nop", 3),
    ("i32.const 1 if return end nop", 3),
    # a loop of 6 instructions, three times
    ("i32.const 3 local.set 0 loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end nop", 2 + 3 * 5 + 1),
    ("i32.const 3 local.set 0 block loop local.get 0 i32.eqz br_if 1 local.get 0 i32.const 1 i32.sub"
     " local.set 0 br 0 end end nop", 2 + 3 * 8 + 3 + 1),
    # a loop in a loop, 2 times 3 times, and a call in the outer one
    ("i32.const 2 local.set 1 loop call $f i32.const 3 local.set 0 loop local.get 0 i32.const 1 i32.sub"
     " local.tee 0 br_if 0 end local.get 1 i32.const 1 i32.sub local.tee 1 br_if 0 end",
     2 + 2 * (1 + 2 + 2 + 3 * 5 + 5)),
    ("call $f call $f", 2 * 3),
    ("i32.const 5 call $twice drop", 3 + 3),
    ("i32.const 7 call $count drop", 3 + 1 + 7 * 5),
    ("i32.const 7 call $count_return drop", 3 + 7 * 8 + 3 + 2),
    ("i32.const 0 call_indirect", 2 + 2),
    # bulk operations: 1 for 64 bytes or 8 elements
    ("i32.const 0 i32.const 1 i32.const 63 memory.fill", 4),
    ("i32.const 0 i32.const 1 i32.const 640 memory.fill nop", 5 + 10),
    ("i32.const 0 i32.const 1 i32.const 65536 memory.copy", None),
    ("i32.const 0 i32.const 100 i32.const 6400 memory.copy", 4 + 100),
    ("i32.const 0 i32.const 0 i32.const 128 memory.init $bytes data.drop $bytes", 5 + 2),
    ("i32.const 0 ref.null func i32.const 24 table.fill 0", 4 + 3),
    ("i32.const 0 i32.const 8 i32.const 16 table.copy", 4 + 2),
    ("ref.null func i32.const 80 table.grow 0 drop", 4 + 10),
    # in a function that keeps what is left in a local
    ("loop i32.const 0 i32.const 1 i32.const 640 memory.fill end call $f", 4 + 10 + 3),
]  # fmt: skip

MODULE = """(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table 32 200 funcref) (elem (i32.const 0) $f)
  (data $bytes "{bytes}")
  (func $f nop nop)
  (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func $count (param i32) (result i32)
    loop (result i32) local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 local.get 0 end)
  (func $count_return (param i32) (result i32) (local i32)
    loop local.get 0 i32.eqz if local.get 1 return end
      local.get 0 i32.const 1 i32.sub local.set 0 br 0 end unreachable)
  (func (export "main") (local i32 i32) {code}))
"""

# Talks before and after it computes, in a recursion, loops of both kinds and through a table.
TALKING = """(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "stdout://0123456789abcdefghij")
  (table 2 2 funcref) (elem (i32.const 0) $fib $sum)
  (type $number (func (param i32) (result i32)))
  (global $sd (mut i32) (i32.const 0))
  (start $start)
  (func $start (global.set $sd (call $open (i32.const 0) (i32.const 9))) (call $say (i32.const 0)))
  (func $say (param i32)
    (drop (call $write (global.get $sd) (i32.add (i32.const 9) (local.get 0)) (i32.const 1))))
  (func $fib (param i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                     (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $sum (param i32) (result i32) (local i32)
    (loop
      (local.set 1 (i32.add (local.get 1) (i32.load8_u (local.get 0))))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func (export "main") (result i32) (local i32 i32)
    (loop
      (call $say (local.get 0))
      (local.set 1 (i32.add (local.get 1)
                            (call_indirect (type $number) (local.get 0) (i32.and (local.get 0) (i32.const 1)))))
      (memory.fill (i32.const 100) (i32.const 0) (i32.mul (local.get 0) (i32.const 100)))
      (br_if 0 (i32.lt_s (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 9))))
    (local.get 1)))
"""

WAYS = (["-O0"], ["-O2"], ["-O3"], ["-O0", "--cc=clang"], ["-O3", "--cc=clang"], ["--memory=guard"],
        ["--memory=checked"], ["-g", "-static"])  # fmt: skip


class FuelTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="dagger-fuel-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def write(self, name, content):
        (self.dir / name).write_text(content)

    def run_it(self, *command, **env):
        """(status, standard output, what was said without backtrace and figures but fuel's)"""
        done = subprocess.run(command, cwd=self.dir, capture_output=True, stdin=subprocess.DEVNULL, timeout=120,
                              env={"PATH": os.environ["PATH"], "DAGGER_STATS": "1", **env})  # fmt: skip
        said = [line for line in done.stderr.decode().splitlines()
                if line.startswith("    fuel:") or not line.startswith("    ") and ": stats: " not in line]
        return done.returncode, done.stdout, said

    def compile(self, *options):
        done = subprocess.run([DAGGERCC, *options], cwd=self.dir, capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)

    def used(self, *command, **env):
        status, _, said = self.run_it(*command, **env)
        match = re.fullmatch(r"    fuel: (\d+) of \d+", said[-1])
        self.assertTrue(match and len(said) == 1, said)
        return status, int(match[1])


class Costs(FuelTest):
    def test_by_hand(self):
        for code, cost in COSTS:
            with self.subTest(code):
                self.write("a.wat", MODULE.format(code=code, bytes="x" * 128))
                if cost is None:
                    self.assertEqual(self.run_it(DAGGER, "--fuel=1000000", "a.wat")[0], 134)
                else:
                    self.assertEqual(self.used(DAGGER, f"--fuel={PLENTY}", "a.wat"), (0, cost))

    def test_compiled(self):
        """All of them in one module, each called in turn."""
        cases = [(code, cost) for code, cost in COSTS if cost is not None and "$bytes" not in code]
        functions = "".join(f"(func $case{i} (local i32 i32) {code})" for i, (code, _) in enumerate(cases))
        code = " ".join(f"call $case{i}" for i in range(len(cases)))
        self.write("a.wat", MODULE.format(code=f"{code}) {functions} (func", bytes=""))
        expected = sum(cost for _, cost in cases) + len(cases)
        self.assertEqual(self.used(DAGGER, f"--fuel={PLENTY}", "a.wat"), (0, expected))
        for way in WAYS:
            with self.subTest(way):
                self.compile(*way, f"--fuel={PLENTY}", "a.wat")
                self.assertEqual(self.used("./a"), (0, expected))

    def test_exceptions(self):
        """A call that may be caught ends a piece; what throws has paid for its own."""
        self.write("a.wat", """(module (tag $t)
          (func $throw nop throw $t nop)
          (func (export "main")
            try call $throw nop nop catch $t nop end
            try call $throw nop nop catch_all nop nop end
            try nop nop delegate 0
            nop))""")  # fmt: skip
        self.assertEqual(self.used(DAGGER, "--fuel=1000", "a.wat"), (0, (1 + 2 + 1) + (1 + 2 + 2) + 2 + 1))


class Little(FuelTest):
    """With less than is needed a guest ends, and at the same place on both engines."""

    def test_everywhere(self):
        self.write("a.wat", TALKING)
        status, needed = self.used(DAGGER, f"--fuel={PLENTY}", "a.wat")
        full = self.run_it(DAGGER, f"--fuel={needed}", "a.wat")
        self.assertEqual((full[0], full[1]), (status, b"0012345678"))
        for way in WAYS[::2]:
            self.compile(*way, f"--fuel={PLENTY}", "a.wat")
            self.assertEqual(self.used("./a"), (status, needed))
        seen = set()
        for fuel in [*range(1, needed, 7), needed - 1]:
            ours = self.run_it("./a", DAGGER_FUEL=str(fuel))
            self.assertEqual(ours, self.run_it(DAGGER, f"--fuel={PLENTY}", "a.wat", DAGGER_FUEL=str(fuel)))
            self.assertEqual((ours[0], ours[2][0]), (152, "a: limit: out of fuel"))
            self.assertTrue(full[1].startswith(ours[1]))
            seen.add(ours[1])
        self.assertGreater(len(seen), 8)

    def test_an_unreachable_stays_a_trap(self):
        self.write("a.wat", '(module (func (export "main") nop unreachable))')
        self.assertEqual(self.run_it(DAGGER, "--fuel=2", "a.wat"), (134, b"", ["a: trap: unreachable"]))
        self.compile("--fuel=2", "a.wat")
        self.assertEqual(self.run_it("./a"), (134, b"", ["a: trap: unreachable"]))

    def test_a_backtrace(self):
        self.write("a.wat", '(module (func $f (export "main") (loop (br 0))))')
        self.compile("-O0", "--fuel=100000", "a.wat")
        for command in (["./a"], [DAGGER, "--fuel=100000", "a.wat"]):
            done = subprocess.run(command, cwd=self.dir, capture_output=True)
            self.assertEqual((done.returncode, done.stderr),
                             (152, b"a: limit: out of fuel\n    at f (function 0)\n"))  # fmt: skip

    def test_the_environment(self):
        self.write("a.wat", '(module (func (export "main") nop nop))')
        self.compile("--fuel=10", "a.wat")
        self.assertEqual(self.used("./a", DAGGER_FUEL="99"), (0, 2))
        self.assertEqual(self.run_it("./a", DAGGER_FUEL="99")[2], ["    fuel: 2 of 10"])
        self.assertEqual(self.run_it("./a", DAGGER_FUEL="1")[0], 152)
        for bad in ("", "0", "-1", "x", "9223372036854775808"):
            self.assertEqual(self.run_it("./a", DAGGER_FUEL=bad)[0], 2, bad)
        self.compile("a.wat")
        for command in (["./a"], [DAGGER, "a.wat"]):
            status, _, said = self.run_it(*command, DAGGER_FUEL="5")
            self.assertEqual(status, 2)
            self.assertIn("--fuel=N", said[0])


if __name__ == "__main__":
    unittest.main()
