"""Limits but for fuel, on both engines: what is refused, what ends a guest, and what the environment may
change."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
DAGGER, DAGGERCC = BUILD / "bin/dagger", BUILD / "bin/daggercc"

IMPORTS = """
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
"""
SAYS = """
  (memory (export "memory") 2)
  (data (i32.const 0) "stdout://") (data (i32.const 16) "hello\\n")
  (func $say (drop (call $write (call $open (i32.const 0) (i32.const 9)) (i32.const 16) (i32.const 6))))
"""
WASI = """
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
"""


def url(at, text):
    return f'(data (i32.const {at}) "{text}")', f"(call $open (i32.const {at}) (i32.const {len(text)}))"


class LimitTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="dagger-limits-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def run_it(self, command, env=(), **more):
        done = subprocess.run(command, cwd=self.dir, capture_output=True, timeout=60,
                              env={"PATH": os.environ["PATH"], **dict(env)},
                              **({"stdin": subprocess.DEVNULL} | more))  # fmt: skip
        return done.returncode, done.stdout, done.stderr.decode()

    def commands(self, options, body):
        """Both engines' commands for a module."""
        (self.dir / "a.wat").write_text(f"(module {body})")
        done = subprocess.run([DAGGERCC, "-O0", *options, "a.wat"], cwd=self.dir, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return (["./a"], [DAGGER, *options, "a.wat"])

    def both(self, options, body, status, stdout=b"", said="", **more):
        """`said` is all that is on standard error, but for the backtrace and what a trace begins with."""
        for command in self.commands(options, body):
            with self.subTest(command):
                found = self.run_it(command, **more)
                told = "".join(line for line in found[2].splitlines(True)
                               if not line.startswith(("    ", "a: sandbox: ")))  # fmt: skip
                self.assertEqual((found[0], found[1], told), (status, stdout, said))


class Refusals(LimitTest):
    """A guest goes on."""

    def test_table(self):
        body = """(table 10 funcref) (func (export "main") (result i32)
            (i32.add (i32.mul (i32.const 10) (table.grow 0 (ref.null func) (i32.const 5)))
                     (table.grow 0 (ref.null func) (i32.const 1))))"""
        self.both(["--max-table=16"], body, 100 + 15)
        self.both(["--max-table=15"], body, 99)  # 10 and -1
        self.both(["--max-table=16"], body, 99, env={"DAGGER_MAX_TABLE": "15"})
        self.both(["--max-table=15"], body, 99, env={"DAGGER_MAX_TABLE": "16"})

    def test_several_tables(self):
        body = """(table $a 4 externref) (table $b 4 funcref) (func (export "main") (result i32)
            (drop (table.grow $a (ref.null extern) (i32.const 3)))
            (i32.add (table.grow $b (ref.null func) (i32.const 2)) (table.grow $b (ref.null func) (i32.const 1))))"""
        commands = self.commands(["--max-table=12"], body)
        self.assertEqual(self.run_it(commands[0])[0], 3)  # -1 and 4
        self.assertIn("one table", self.run_it(commands[1])[2])

    def test_tables_that_are_too_large_at_the_start(self):
        body = '(table 10 funcref) (func (export "main"))'
        ours, theirs = self.commands([], body)
        status, _, said = self.run_it(ours, env={"DAGGER_MAX_TABLE": "9"})
        self.assertEqual(status, 1)
        self.assertIn("begin with 10 elements", said)
        self.assertEqual(self.run_it(theirs, env={"DAGGER_MAX_TABLE": "9"})[0], 1)
        done = subprocess.run([DAGGERCC, "--max-table=9", "a.wat"], cwd=self.dir, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"start with 10 elements", done.stderr)

    def test_memory(self):
        body = '(memory 1) (func (export "main") (result i32) (memory.grow (i32.const 2)))'
        self.both([], body, 1)
        self.both([], body, 255, env={"DAGGER_MAX_MEMORY": "128KiB"})
        self.both(["--max-memory=192K"], body, 1, env={"DAGGER_MAX_MEMORY": "1M"})

    def test_streams(self):
        data, opened = url(0, "null://")
        body = f"""{IMPORTS} (memory (export "memory") 1) {data}
            (func (export "main") (result i32) (drop {opened}) (drop {opened}) {opened})"""
        self.both(["--max-streams=3"], body, 2)
        self.both(["--max-streams=2"], body, 256 - 11)
        self.both([], body, 256 - 11, env={"DAGGER_MAX_STREAMS": "2"})

    def test_bytes_of_a_stream(self):
        body = f"""{IMPORTS} {SAYS} (data (i32.const 32) "zero://")
            (func $times (param i32 i32 i32) (result i32)
              (i32.add (i32.mul (i32.const 10) (local.get 0)) (i32.add (local.get 1) (local.get 2))))
            (func (export "main") (result i32) (local $out i32) (local $in i32)
              (local.set $out (call $open (i32.const 0) (i32.const 9)))
              (local.set $in (call $open (i32.const 32) (i32.const 7)))
              (drop (call $write (local.get $out) (i32.const 16) (i32.const 6)))
              (call $times
                (i32.add (call $write (local.get $out) (i32.const 16) (i32.const 6))
                         (i32.add (call $write (local.get $out) (i32.const 16) (i32.const 1)) (i32.const 16)))
                (call $read (local.get $in) (i32.const 100) (i32.const 100))
                (i32.add (call $read (local.get $in) (i32.const 100) (i32.const 1)) (i32.const 6)))))"""
        # 4 bytes, NOSPACE; 10 bytes, PERM
        self.both(["--max-stream-bytes=10"], body[:-1], 10 * (4 - 15 + 16) + 10, b"hello\nhell")
        self.both([], body[:-1], 60, b"hello\nhell", env={"DAGGER_MAX_STREAM_BYTES": "10"})

    def test_bytes_of_a_stream_one_by_one(self):
        """Single bytes have a short way."""
        body = f"""{IMPORTS} {SAYS} (func (export "main") (result i32) (local $n i32) (local $sd i32)
              (local.set $sd (call $open (i32.const 0) (i32.const 9)))
              (block (loop
                (br_if 1 (i32.lt_s (call $write (local.get $sd) (i32.const 16) (i32.const 1)) (i32.const 0)))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br_if 0 (i32.lt_u (local.get $n) (i32.const 100)))))
              (local.get $n))"""
        self.both(["--max-stream-bytes=20"], body, 20, b"h" * 20)

    def test_trace_says_why(self):
        body = f"{IMPORTS} {SAYS} (func (export \"main\") (call $say) (call $say))"
        name = "a: "
        self.both(["--max-stream-bytes=4", "--max-streams=1"], body, 0, b"hell",
                  f'{name}open("stdout://", 9) = 0\n'
                  f'{name}write(0, "hello\\n", 6) = 4 (limit of bytes of a stream)\n'
                  f'{name}open("stdout://", 9) = -11 TOOMANY (limit of open streams)\n'
                  f'{name}write(4294967285, "hello\\n", 6) = -4 BADSD\n', env={"DAGGER_TRACE": "1"})  # fmt: skip

    def test_bytes_by_wasi(self):
        body = f"""{WASI} (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00\\10\\00\\00\\00\\06\\00\\00\\00hello\\n")
            (func (export "_start") (local $e i32)
              (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 40)))
              (if (i32.ne (i32.load (i32.const 40)) (i32.const 8)) (then unreachable))
              (local.set $e (call $fd_write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 40)))
              (if (i32.ne (local.get $e) (i32.const 51)) (then unreachable))
              (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 40)))
              (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 40)))
              (local.set $e (call $fd_read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 40)))
              (if (i32.ne (local.get $e) (i32.const 63)) (then unreachable)))"""  # NOSPC, PERM
        for command in self.commands(["--max-stream-bytes=8"], body):
            found = self.run_it(command, stdin=None, input=b"0123456789")
            self.assertEqual(found, (0, b"hello\nhe", ""))


class Time(LimitTest):
    """A guest ends, with what it wrote delivered. No test measures how soon; that it ends is enough."""

    SPINS = f'{IMPORTS} {SAYS} (func (export "main") (call $say) (loop (br 0)))'

    def test_a_guest_that_computes(self):
        self.both(["--max-time=0.2"], self.SPINS, 152, b"hello\n", "a: limit: out of time\n")
        self.both(["--max-cpu-time=0.2"], self.SPINS, 152, b"hello\n", "a: limit: out of processor time\n")

    def test_the_environment(self):
        self.both(["--max-time=1000"], self.SPINS, 152, b"hello\n", "a: limit: out of time\n",
                  env={"DAGGER_MAX_TIME": "0.1"})  # fmt: skip
        self.both([], self.SPINS, 152, b"hello\n", "a: limit: out of processor time\n",
                  env={"DAGGER_MAX_CPU_TIME": "0.1"})  # fmt: skip
        self.both(["--max-time=0.1"], self.SPINS, 152, b"hello\n", "a: limit: out of time\n",
                  env={"DAGGER_MAX_TIME": "1000"})  # fmt: skip

    def test_bad_values(self):
        for command in self.commands([], '(func (export "main"))'):
            for name in ("TIME", "CPU_TIME", "MEMORY", "TABLE", "STREAMS", "STREAM_BYTES"):
                for value in ("", "0", "-1", "x", "1x", "99999999999999999999"):
                    found = self.run_it(command, env={f"DAGGER_MAX_{name}": value})
                    self.assertEqual(found[0], 2, (name, value))
                    self.assertIn(f"DAGGER_MAX_{name}", found[2])

    def blocked(self, body, **more):
        self.both(["--max-time=0.2"], body, 152, b"hello\n", "a: limit: out of time\n", **more)

    def test_a_guest_that_waits_for_input(self):
        body = f"""{IMPORTS} {SAYS} (data (i32.const 32) "stdin://") (func (export "main")
            (call $say) (drop (call $read (call $open (i32.const 32) (i32.const 8)) (i32.const 100) (i32.const 9))))"""
        for _ in range(2):
            reads, writes = os.pipe()
            self.addCleanup(os.close, reads)
            self.addCleanup(os.close, writes)
        self.blocked(body, stdin=reads)

    def test_a_guest_that_sleeps(self):
        data, opened = url(32, "clock://monotonic?after=90000000000")
        self.blocked(f"""{IMPORTS} {SAYS} {data} (func (export "main") (call $say)
            (drop (call $read {opened} (i32.const 100) (i32.const 8))))""")

    def test_a_guest_that_waits_for_a_peer(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            data, opened = url(32, f"tcp://127.0.0.1:{server.getsockname()[1]}")
            self.blocked(f"""{IMPORTS} {SAYS} {data} (func (export "main") (call $say)
                (drop (call $read {opened} (i32.const 100) (i32.const 8))))""")

    def test_a_guest_of_wasi_that_sleeps(self):
        body = f"""{WASI} (data (i32.const 16) "\\01\\00\\00\\00") (data (i32.const 24) "\\00\\00\\00\\00\\00\\00\\00\\10")
            (func (export "_start") (drop (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))))"""
        self.both(["--max-time=0.2"], body, 152, b"", "a: limit: out of time\n")

    def test_a_guest_that_calls_and_calls(self):
        data, opened = url(32, "zero://")
        self.both(["--max-time=0.2"], f"""{IMPORTS} (memory (export "memory") 900) {data}
            (func (export "main") (local i32) (local.set 0 {opened})
              (loop (drop (call $read (local.get 0) (i32.const 100) (i32.const 50000000))) (br 0)))""",
            152, b"", "a: limit: out of time\n")  # fmt: skip

    def test_a_guest_in_the_heap(self):
        """Tables move as they grow; nothing may end the guest while they do."""
        body = f"""{IMPORTS} {SAYS} (table 0 funcref) (func $grow (export "main") (local i32)
            (call $say)
            (loop (drop (table.grow 0 (ref.null func) (i32.const 1)))
                  (br_if 0 (i32.lt_u (table.size 0) (i32.const 9000000))))
            (loop (br 0)))"""
        commands = self.commands(["--max-time=1"], body)
        for hundredths in range(1, 12, 2):
            found = self.run_it(commands[0], env={"DAGGER_MAX_TIME": f"0.0{hundredths:02}"[:5]})
            self.assertEqual(found[:2], (152, b"hello\n"), found)

    def test_output_that_nobody_reads(self):
        """It is given up in the end."""
        body = f"""{IMPORTS} {SAYS} (func (export "main") (local i32)
            (local.set 0 (call $open (i32.const 0) (i32.const 9)))
            (loop (drop (call $write (local.get 0) (i32.const 16) (i32.const 60000))) (br 0)))"""
        for command in self.commands(["--max-time=0.2"], body):
            reads, writes = os.pipe()
            done = subprocess.run(command, cwd=self.dir, stdin=subprocess.DEVNULL, stdout=writes,
                                  stderr=subprocess.PIPE, timeout=60)  # fmt: skip
            os.close(reads)
            os.close(writes)
            self.assertEqual(done.returncode, 152, done.stderr)
            self.assertIn(b"a: limit: out of time", done.stderr)

    def test_signals_that_were_blocked(self):
        def block():
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGPROF})

        self.both(["--max-time=0.2"], self.SPINS, 152, b"hello\n", "a: limit: out of time\n", preexec_fn=block)

    def test_a_guest_that_is_done_in_time(self):
        self.both(["--max-time=50", "--max-cpu-time=50"], '(func (export "main") (result i32) (i32.const 7))', 7)

    def test_options(self):
        for option in ("--max-time=0", "--max-time=x", "--max-time=1.5s", "--max-cpu-time=2000001", "--max-table=0",
                       "--max-streams=1K0", "--max-stream-bytes=12Q"):  # fmt: skip
            for program in (DAGGER, DAGGERCC):
                status, _, said = self.run_it([program, option, "a.wat"])
                self.assertEqual(status, 2)
                self.assertIn(option.split("=")[0], said)
        status, _, said = self.run_it([DAGGERCC, "--emit=archive", "--max-time=1", "a.wat"])
        self.assertEqual(status, 2)
        self.assertIn("are for executables", said)


if __name__ == "__main__":
    unittest.main()
