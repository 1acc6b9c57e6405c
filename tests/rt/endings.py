"""How programs end: traps before the entry is reached, exact backtraces, faults that are not the
guest's, output that can't be delivered, too little memory, a bad environment.

    endings.py [--without CHECK...]    all the functions that main() lists, but those
"""

import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
DAGGERCC = BUILD / "bin" / "daggercc"

HEAD = """
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "stdout://")
  (data (i32.const 32) "written")
  (func $say (drop (call $write (call $open (i32.const 16) (i32.const 9))
                                (i32.const 32) (i32.const 7))))
"""

failures = []


def expect(what, actual, expected):
    if actual != expected:
        failures.append(what)
        print(f"{what}:\n  expected {expected!r}\n  got      {actual!r}")


class Folder:
    """Compiles guests into a temporary folder and runs them."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def compile(self, name, module, *options):
        text = isinstance(module, str)
        source = self.path / f"{name}.{'wat' if text else 'wasm'}"
        source.write_bytes(f"(module {module})".encode() if text else module)
        program = self.path / name
        if subprocess.run([DAGGERCC, *options, source, "-o", program], timeout=240).returncode:
            sys.exit(f"{name} can't be compiled")
        return program

    def run(self, program, **options):
        """(status, standard output, standard error)"""
        stdout = options.pop("stdout", subprocess.PIPE)
        arguments = options.pop("arguments", [program])
        run = subprocess.run(arguments, executable=program, stdin=subprocess.DEVNULL, stdout=stdout,
                             stderr=subprocess.PIPE, timeout=60, **options)  # fmt: skip
        return run.returncode, (run.stdout or b"").decode(), run.stderr.decode()


def without_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def before_the_entry(folder):
    trapping_start = folder.compile("start", HEAD + """
      (func $start call $say unreachable)
      (start $start)
      (func (export "main"))""", "-O0")  # fmt: skip
    expect("a start function that traps", folder.run(trapping_start),
           (134, "written", "start: trap: unreachable\n    at start (function 3)\n"))  # fmt: skip
    data = folder.compile("data", '(memory 1) (data (i32.const 65530) "1234567") (func (export "main"))')
    expect("a data segment out of bounds", folder.run(data),
           (134, "", "data: trap: out of bounds memory access\n"))  # fmt: skip
    elements = folder.compile("elements", """
      (table 2 funcref) (elem (i32.const 2) $main) (func $main (export "main"))""")
    expect("an element segment out of bounds", folder.run(elements),
           (134, "", "elements: trap: out of bounds table access\n"))  # fmt: skip
    initialize = folder.compile("initialize", HEAD + """
      (func $prepare (export "_initialize") call $say unreachable)
      (func (export "main"))""", "-O2")  # fmt: skip
    expect("an initialize function that traps", folder.run(initialize),
           (134, "written",
            "initialize: trap: unreachable\n    at prepare (function 3)\n"))  # fmt: skip


def leb(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + leb(number >> 7)


def section(number, contents):
    return bytes([number]) + leb(len(contents)) + contents


def named(names):
    """A module whose functions call each other, the last one being unreachable. Names are bytes."""
    count = len(names)
    bodies = [b"\0\x10" + leb(i + 1) + b"\x0b" for i in range(count - 1)] + [b"\0\0\x0b"]
    entries = b"".join(
        leb(i) + leb(len(name)) + name for i, name in enumerate(names) if name is not None
    )
    subsection = leb(sum(name is not None for name in names)) + entries
    return (b"\0asm\1\0\0\0" + section(1, b"\1\x60\0\0") + section(3, leb(count) + b"\0" * count)
            + section(7, b"\1\4main\0\0")
            + section(10, leb(count) + b"".join(leb(len(body)) + body for body in bodies))
            + section(0, b"\4name" + section(1, subsection)))  # fmt: skip


def backtraces(folder):
    names = [b"main", b"esc\x1b[31m\n", None, "größe".encode(), "a\u202eb".encode(),
             b'*/ "quoted" \\', b"x" * 300]  # fmt: skip
    expected = [
        "    at " + "x" * 200 + " (function 6)",
        '    at */ "quoted" \\\\ (function 5)',
        "    at a\\u{202e}b (function 4)",
        "    at größe (function 3)",
        "    at function 2",
        "    at esc\\x1b[31m\\n (function 1)",
        "    at main (function 0)",
    ]
    for options in ([], ["-s"], ["-static", "-s"], ["--cc=clang"]):
        if options == ["--cc=clang"] and not any(
            os.access(pathlib.Path(p) / "clang", os.X_OK) for p in os.environ["PATH"].split(":")
        ):
            continue
        program = folder.compile("named", named(names), "-O0", *options)
        expect(f"names in a backtrace {options}", folder.run(program),
               (134, "", "\n".join(["named: trap: unreachable", *expected, ""])))  # fmt: skip
    expect("the program's name",
           folder.run(program, arguments=["/x/a\nb"])[2].splitlines()[0],
           "a\\nb: trap: unreachable")  # fmt: skip


def deep_frames(folder):
    """Frames of hundreds of values that are needed after the call, at every level."""
    locals_ = range(400)
    guest = f"""
      (memory (export "memory") 1)
      (func $deep (param i64) (result i64) {' '.join('(local i64)' for _ in locals_)}
        {' '.join(f'(local.set {i + 1} (i64.load offset={i * 8} (i32.const 0)))' for i in locals_)}
        (drop (call $deep (i64.add (local.get 0) (local.get 400))))
        {' '.join(f'(i64.store offset={i * 8} (i32.const 8) (local.get {i + 1}))' for i in locals_)}
        (local.get 1))
      (func (export "main") (drop (call $deep (i64.const 1))))"""
    for level in ("-O0", "-O2", "-O3"):
        status, _, error = folder.run(folder.compile("deep", guest, level))
        expect(f"large frames {level}", (status, error.splitlines()[:2]),
               (134, ["deep: trap: call stack exhausted", "    at deep (function 0)"]))  # fmt: skip


HOST_FAULT = """
#include <stdint.h>
#include <stddef.h>
#include <stdlib.h>
struct dagger_process;
int32_t __wrap_dagger_process_read(struct dagger_process *, uint32_t, uint8_t *, size_t);
int32_t __wrap_dagger_process_read(struct dagger_process *p, uint32_t sd, uint8_t *data, size_t len)
{
    (void)p, (void)sd, (void)len;
    volatile uint8_t *bad[] = {NULL, data + 200000,
                               (uint8_t *)(((uintptr_t)&p & ~(uintptr_t)0xffffff) - 0x1000000)};
    *bad[getenv("BAD")[0] - '0'] = 1;
    return 0;
}
"""


def host_faults(folder):
    """A bug in host code must look like one, wherever its address lies."""
    source, object_file = folder.path / "fault.c", folder.path / "fault.o"
    source.write_text(HOST_FAULT)
    subprocess.run(["cc", "-O1", "-fPIC", "-c", source, "-o", object_file], check=True)
    program = folder.compile("host", """
      (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "main") (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1))))""",
      "-Wl,--wrap=dagger_process_read", f"-Wl,{object_file}")  # fmt: skip
    for number, where in enumerate(["null", "beyond the guest's memory", "below its stack"]):
        run = folder.run(program, env={"BAD": str(number)}, preexec_fn=without_core)
        expect(f"a host fault at {where}", run, (-signal.SIGSEGV, "", ""))


def undeliverable(folder):
    full = open("/dev/full", "wb")
    text = "error: not all output was delivered: the target is full\n"
    ends = folder.compile("ends", HEAD + '(func (export "main") call $say)')
    expect("a full disk turns success into failure", folder.run(ends, stdout=full),
           (1, "", f"ends: {text}"))  # fmt: skip
    fails = folder.compile("fails", HEAD + '(func (export "main") (result i32) call $say i32.const 7)')
    expect("a full disk leaves a failure as it is", folder.run(fails, stdout=full),
           (7, "", f"fails: {text}"))  # fmt: skip
    traps = folder.compile("traps", HEAD + '(func (export "main") call $say unreachable)', "-O0")
    expect("a full disk is told after the trap", folder.run(traps, stdout=full),
           (134, "",
            f"traps: trap: unreachable\n    at function 3\ntraps: {text}"))  # fmt: skip


def little_memory(folder):
    guest = HEAD + """
      (func (export "main") (result i32)
        (drop (memory.grow (i32.const 100)))
        (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 1))
        (if (i32.ne (memory.grow (i32.const 65535)) (i32.const -1)) (then unreachable))
        call $say
        (memory.size))"""

    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))

    checked = folder.compile("checked", guest, "--memory=checked")
    expect("checked mode with little address space", folder.run(checked, preexec_fn=limited),
           (101, "written", ""))  # fmt: skip
    guard = folder.compile("guard", guest)
    status, output, error = folder.run(guard, preexec_fn=limited)
    said = error.replace("Out of memory", "Cannot allocate memory")  # C libraries differ
    expect("guard mode with little address space", (status, output, said),
           (1, "", "guard: error: can't reserve 8 GiB of address space for the guest's memory: "
            "Cannot allocate memory; raise the limit (ulimit -v) or compile with "
            "--memory=checked\n"))  # fmt: skip
    limited_program = folder.compile("limited", guest, "--max-memory=1M")
    expect("a limit on memory", folder.run(limited_program), (1, "written", ""))


def environment(folder):
    program = folder.compile("environment", HEAD + '(func (export "main") call $say)')
    for name, value, text in [
        ("DAGGER_IDLE_TIMEOUT", "0", "expected seconds between 0.001 and 2000000, found \"0\""),
        ("DAGGER_CONNECT_TIMEOUT", "", "expected seconds between 0.001 and 2000000, found \"\""),
        ("DAGGER_ROOT", "", "expected a directory, found \"\"; unset it for the working directory"),
    ]:
        expect(f"{name}={value}", folder.run(program, env={name: value}),
               (2, "", f"environment: error: {name}: {text}\n"))  # fmt: skip
    good = {"DAGGER_IDLE_TIMEOUT": "0.5", "DAGGER_ROOT": "/", "SSL_CERT_FILE": ""}
    expect("good values", folder.run(program, env=good), (0, "written", ""))


def too_large(folder):
    table = folder.compile("table", '(table 10000001 funcref) (func (export "main"))')
    expect("a table that is too large", folder.run(table),
           (1, "", "table: error: the guest has a table of 10000001 elements, more than the "
            "10000000 supported\n"))  # fmt: skip


def odd_starts(folder):
    """What whoever starts a program may have left behind."""
    program = folder.compile("odd", HEAD + """
      (func $main (export "main") (call $say) (drop (i32.load (i32.const 0x7fffff00))))""")  # fmt: skip
    faults = {signal.SIGSEGV, signal.SIGBUS}
    text = "odd: trap: out of bounds memory access\n    at main (function 3)\n"
    expect("blocked fault signals",
           folder.run(program, preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, faults)),
           (134, "written", text))  # fmt: skip
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with open(reading, "rb") as pipe:
        try:
            while True:
                os.write(writing, b"x")
        except BlockingIOError:
            pass
        process = subprocess.Popen([program], stdout=subprocess.PIPE, stderr=writing,
                                   stdin=subprocess.DEVNULL)  # fmt: skip
        os.close(writing)
        process.stdout.read(7)  # then it reports, and ends or waits
        while pathlib.Path(f"/proc/{process.pid}/stat").read_text().split()[2] not in "SZ":
            pass
        process.stdout.close()
        error = pipe.read().lstrip(b"x").decode()
        expect("a standard error that is full and not blocking", (process.wait(), error),
               (134, text))  # fmt: skip


def main(without):
    with tempfile.TemporaryDirectory() as path:
        for check in (before_the_entry, backtraces, deep_frames, host_faults, undeliverable,
                      little_memory, environment, too_large, odd_starts):  # fmt: skip
            if check.__name__ not in without:
                check(Folder(path))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
