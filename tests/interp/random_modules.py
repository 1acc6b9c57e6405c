"""Random modules on both engines: what a module that nobody would write does, compiled and interpreted,
must be the same.

    random_modules.py [--count N] [--seed N] [--jobs N] [--keep FOLDER]

wasm-opt makes a module of random bytes, and random_exceptions.py every fifth one. An entry point is added
that calls the export whose number is read from standard input, with constants, and writes the result and
whatever the module logs. A run's standard output, status and trap are compared. NaNs are masked, because
their payloads may differ: wasm-opt makes each into 0, and in vectors we do. Backtraces are not compared,
since a C compiler may put functions into one another.
"""

import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import random_exceptions

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SKIPPED = 77
COMPILE_TIMEOUT, RUN_TIMEOUT = 300, 60  # seconds
SCRATCH = 15 * 65536  # where the entry point keeps what it writes: memories have 16 pages

# What modules may use beyond the first WebAssembly, and options of daggercc, in turn.
FEATURES = [
    ["sign-ext", "mutable-globals", "nontrapping-float-to-int", "bulk-memory"],
    ["sign-ext", "mutable-globals", "nontrapping-float-to-int", "bulk-memory", "simd"],
    ["sign-ext", "mutable-globals", "nontrapping-float-to-int", "bulk-memory", "multivalue"],
    [],
]
OPTIONS = [[], ["-O1"], ["--memory=guard"], ["-O3"], ["--memory=checked"], ["--cc=clang", "-O1"]]
PASSES = [[], [], ["-O2"], ["-O3", "--flatten"]]
# Of every other module: what it uses, or where it ends, must be the same on both engines.
FUEL = [1000000000, 40, 300, 2000]

LOGS = {"i32": "i32.store", "i64": "i64.store", "f32": "f32.store", "f64": "f64.store",
        "v128": "v128.store"}  # fmt: skip
SIZES = {"i32": 4, "f32": 4, "i64": 8, "f64": 8, "v128": 16}
CONSTANTS = {
    "i32": ["0", "1", "-1", "0x7fffffff", "0x80000000", "17"],
    "i64": ["0", "1", "-1", "0x7fffffffffffffff", "0x8000000000000000", "4294967296"],
    "f32": ["0", "-0", "1.5", "-1e30", "inf", "4294967296"],
    "f64": ["0", "-0", "1.5", "-1e300", "inf", "9223372036854775808"],
}

# What makes NaNs in vectors, by the number of operands; lanes that are NaN become 0.
VECTOR_NANS = {
    1: ["ceil", "floor", "trunc", "nearest", "sqrt", "demote_f64x2_zero", "promote_low_f32x4"],
    2: ["add", "sub", "mul", "div", "min", "max"],
}

HEAD = """
 (import "dagger" "open" (func $dagger$open (param i32 i32) (result i32)))
 (import "dagger" "read" (func $dagger$read (param i32 i32 i32) (result i32)))
 (import "dagger" "write" (func $dagger$write (param i32 i32 i32) (result i32)))
"""


def log_function(kind):
    """Writes a letter for the type and the value's bytes."""
    return f"""
 (func $dagger$log-{kind} (param $x {kind})
  (i32.store8 (i32.const {SCRATCH + 64}) (i32.const {ord(kind[0])}))
  ({LOGS[kind]} (i32.const {SCRATCH + 65}) (local.get $x))
  (drop (call $dagger$write (i32.const 1) (i32.const {SCRATCH + 64}) (i32.const {1 + SIZES[kind]}))))
"""


def without_nans(text):
    """The module with vector instructions replaced by calls, and the functions that they call."""
    functions = ""
    for operands, names in VECTOR_NANS.items():
        for op in (f"{shape}.{name}" for shape in ("f32x4", "f64x2") for name in names):
            text, count = re.subn(rf"\({re.escape(op)}(?=\s)", f"(call $dagger${op}", text)
            if count:
                given = " ".join(f"(local.get {n})" for n in range(operands))
                functions += f"""
 (func $dagger${op} (param {" ".join(["v128"] * operands)}) (result v128)
  (local $x v128)
  (local.set $x ({op} {given}))
  (v128.and (local.get $x) ({op[:5]}.eq (local.get $x) (local.get $x))))
"""
    return text, functions


def constant(kind, rng):
    if kind == "v128":
        return "(v128.const i32x4 %d %d %d %d)" % tuple(rng.getrandbits(31) for _ in range(4))
    return f"({kind}.const {rng.choice(CONSTANTS[kind])})"


def call_of(function, rng):
    """A call with constants, its results logged. None: it takes or gives what can't be logged."""
    params = [k for words in re.findall(r"\(param ([^)]*)\)", function[1]) for k in words.split()
              if not k.startswith("$")]  # fmt: skip
    results = [k for words in re.findall(r"\(result ([^)]*)\)", function[1]) for k in words.split()]
    if not set(params + results) <= set(SIZES) or len(results) > 1:
        return None
    call = f"(call {function[0]} {' '.join(constant(k, rng) for k in params)})"
    return f"(call $dagger$log-{results[0]} {call})" if results else call


def instrumented(text, simd, rng):
    """The module with calls in place of what it logs by, and the number of exports it can call."""
    kinds = [kind for kind in SIZES if simd or kind != "v128"]
    text = re.sub(r'\n \(import "fuzzing-support" "log-(\w+)" \(func [^\n]*', "", text)
    text = re.sub(r"\(call \$log-(\w+)", r"(call $dagger$log-\1", text)
    text, more = without_nans(text)
    functions = dict(re.findall(r"\n \(func (\$\S+)((?: \((?:param|result)[^\n]*?\))*)\n", text))
    calls = []
    for name in re.findall(r'\(export "[^"]*" \(func (\$\S+)\)\)', text):
        call = call_of((name, functions.get(name, "(param ?)")), rng)
        if call:
            calls.append(call)
    tests = "\n".join(
        f"  (if (i32.eq (i32.load8_u (i32.const {SCRATCH})) (i32.const {n})) {call})"
        for n, call in enumerate(calls)
    )
    main = f"""
 (func $dagger$main (export "dagger_main")
  (i64.store (i32.const {SCRATCH}) (i64.const {int.from_bytes(b"stdin://", "little")}))
  (drop (call $dagger$open (i32.const {SCRATCH}) (i32.const 8)))
  (i64.store (i32.const {SCRATCH}) (i64.const {int.from_bytes(b"stdout:/", "little")}))
  (i32.store8 (i32.const {SCRATCH + 8}) (i32.const 47))
  (drop (call $dagger$open (i32.const {SCRATCH}) (i32.const 9)))
  (drop (call $dagger$read (i32.const 0) (i32.const {SCRATCH}) (i32.const 1)))
{tests}
  )
"""
    first = text.index("(module") + len("(module")
    last = text.rindex(")")
    logs = "".join(map(log_function, kinds))
    return text[:first] + HEAD + text[first:last] + more + logs + main + ")\n", len(calls)


def call(command, **keywords):
    return subprocess.run(command, capture_output=True, **keywords)


def make_exceptions(rng, folder):
    text, wasm = folder / "made.wat", folder / "guest.wasm"
    changed, exports = instrumented(random_exceptions.module(rng), False, rng)
    text.write_text(changed)
    done = call(["wat2wasm", "--enable-exceptions", text, "-o", wasm], text=True, timeout=COMPILE_TIMEOUT)
    if done.returncode != 0:
        raise RuntimeError(f"wat2wasm: {done.stderr.splitlines()[:5]}")
    return wasm, exports


def make(seed, folder):
    """A module and the number of its exports, or None: wasm-opt made nothing of these bytes, or a text
    that wasm-as does not read."""
    rng = random.Random(seed)
    if seed % 5 == 4:
        return make_exceptions(rng, folder)
    features = FEATURES[seed % len(FEATURES)]
    flags = [f"--enable-{feature}" for feature in features]
    given, text, wasm = folder / "given", folder / "made.wat", folder / "guest.wasm"
    given.write_bytes(rng.randbytes(rng.choice((500, 2000, 8000))))
    command = ["wasm-opt", "-ttf", given, *flags, *rng.choice(PASSES), "--denan", "-S", "-o", text]
    if call(command, timeout=COMPILE_TIMEOUT).returncode != 0:
        return None
    changed, exports = instrumented(text.read_text(), "simd" in features, rng)
    text.write_text(changed)
    done = call(["wasm-as", *flags, text, "-o", wasm], text=True, timeout=COMPILE_TIMEOUT)
    return (wasm, exports) if done.returncode == 0 else None


def result(command, number, stats):
    """(status, standard output, trap, with `stats` fuel) of one run; None: it took too long."""
    try:
        done = call(command, input=bytes([number]), timeout=RUN_TIMEOUT,
                    env={**os.environ, "DAGGER_STATS": "1" if stats else "0"})  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    said = done.stderr.decode("utf-8", "backslashreplace").splitlines()
    return done.returncode, done.stdout, [line for line in said
                                           if not line.startswith("    ") and ": stats: " not in line
                                           or line.startswith("    fuel: ")]  # fmt: skip


def try_one(seed, keep):
    """(verdict, what is wrong) of one module; verdicts are counted."""
    with tempfile.TemporaryDirectory(prefix="dagger-random-") as top:
        folder = pathlib.Path(top)
        made = make(seed, folder)
        if made is None:
            return "not made", []
        wasm, exports = made
        options = OPTIONS[seed // len(FEATURES) % len(OPTIONS)]
        fuel = [f"--fuel={FUEL[seed // 2 % len(FUEL)]}"] if seed % 2 else []
        compiler = [BUILD / "bin/daggercc", *options, *fuel, wasm, "-o", folder / "guest"]
        compiled = call(compiler, text=True, timeout=COMPILE_TIMEOUT)
        bad, traps = [], 0
        if compiled.returncode != 0 and "is not trusted with" in compiled.stderr:
            refused = call([BUILD / "bin/dagger", wasm], text=True, timeout=RUN_TIMEOUT)
            if refused.returncode == 1 and "is not trusted with" in refused.stderr:
                return "refused", []
        if compiled.returncode != 0:
            bad.append(f"does not compile: {compiled.stderr.splitlines()[:3]}")
        for number in range(exports if not bad else 0):
            ours = result([folder / "guest"], number, fuel)
            theirs = result([BUILD / "bin/dagger", *fuel, wasm], number, fuel)
            traps += ours is not None and ours[0] in (134, 152)
            if ours != theirs or ours is None:
                bad.append(f"export {number}: compiled: {ours}, interpreted: {theirs}")
        if bad and keep:
            shutil.copy(wasm, pathlib.Path(keep) / f"{seed}.wasm")
        return ("different" if bad else "same", bad, exports, traps)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="of the first module")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="leave modules that differ in this folder")
    options = parser.parse_args()
    if not shutil.which("wasm-opt") or not (BUILD / "bin/dagger").exists():
        print("wasm-opt is not installed, or dagger is not built")
        return SKIPPED
    verdicts = collections.Counter()
    with ThreadPoolExecutor(options.jobs) as pool:
        seeds = range(options.seed, options.seed + options.count)
        for done, (seed, found) in enumerate(zip(seeds, pool.map(lambda seed: try_one(seed, options.keep), seeds)), 1):
            if done % 100 == 0 and options.count > 100:
                print(f"{done} modules", flush=True)
            verdicts[found[0]] += 1
            if len(found) > 2:
                verdicts["runs"] += found[2]
                verdicts["traps"] += found[3]
            for line in found[1]:
                print(f"seed {seed}: {line}", flush=True)
    print(f"{options.count} modules from seed {options.seed}: "
          + ", ".join(f"{count} {what}" for what, count in sorted(verdicts.items())))  # fmt: skip
    return 1 if verdicts["different"] or verdicts["same"] < options.count * 0.75 else 0


if __name__ == "__main__":
    sys.exit(main())
