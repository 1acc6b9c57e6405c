#!/usr/bin/env python3
"""Compares our reader with V8's and wabt's on mutated modules.

    differential.py MODULES [--count N] [--seed S] [--keep FOLDER]

What V8 (node) calls valid and wabt can decode, we accept. What wabt can't even decode (wasm2wat
--no-check) and V8 does not call valid, we refuse; that takes a process a module, so only every fourth is
asked about. In between lies what only a validator of types refuses, which we leave to wasm2c. The
mutations are the same each time, unless another seed is asked for.

Of those that we take as programs, the copy that counts what it runs (--fuel) must be valid where the plain
copy is, and nowhere else.
"""
import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor


FLAGS = ["--enable-exceptions", "--enable-multi-memory", "--ignore-custom-section-errors"]
VALIDATE = """
const fs = require('fs');
for (const path of fs.readFileSync(0, 'utf8').trim().split('\\n'))
    console.log(WebAssembly.validate(fs.readFileSync(path)) ? 'valid' : 'invalid');
"""
INTERESTING = [0x00, 0x01, 0x02, 0x05, 0x0B, 0x40, 0x60, 0x6F, 0x70, 0x7B, 0x7F, 0x80, 0xFC, 0xFD, 0xFF]
# Features (bits of module_features.h) that wabt decodes with those flags: the others it may refuse.
SIMD, MULTI_MEMORY, EXCEPTIONS_LEGACY = 1 << 0, 1 << 1, 1 << 3
CATCH_ALL_AFTER_CATCH, CODE_AFTER_RETHROW, LARGE_EXCEPTIONS = 1 << 14, 1 << 15, 1 << 16
KNOWN = (SIMD | MULTI_MEMORY | EXCEPTIONS_LEGACY | CATCH_ALL_AFTER_CATCH | CODE_AFTER_RETHROW
         | LARGE_EXCEPTIONS)


def mutate(rng, data):
    """One to three changes: a byte, a bit, bytes removed, bytes doubled, the end cut off."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        at = rng.randrange(8, len(data))
        kind = rng.randrange(10)
        if kind < 5:
            data[at] = rng.choice(INTERESTING)
        elif kind < 7:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 7:
            del data[at:at + rng.randrange(1, 4)]
        elif kind == 8:
            data[at:at] = data[at:at + rng.randrange(1, 4)]
        else:
            del data[at:]
        if len(data) < 9:
            break
    return bytes(data)


def lines(command, given=None):
    return subprocess.run(command, input=given, capture_output=True, text=True,
                          check=True).stdout.splitlines()


def decodable(path):
    return subprocess.run(["wasm2wat", "--no-check", *FLAGS, path, "-o", os.devnull],
                          stderr=subprocess.DEVNULL).returncode == 0


def compare(paths):
    """The verdicts on each file: ours ("ok FEATURES" or "refused"), V8's, and for some wabt's."""
    build = pathlib.Path(os.environ.get("DAGGER_BUILD", "build"))
    ours = lines([build / "tests/module_verdict", *paths])
    v8 = lines(["node", "-e", VALIDATE], "\n".join(paths))
    with ThreadPoolExecutor(2) as pool:
        wabt = list(pool.map(decodable, paths[::4]))
    assert len(ours) == len(v8) == len(paths)
    return zip(paths, ours, v8, (wabt[i // 4] if i % 4 == 0 else None for i in range(len(paths))))


def fuel_differs(paths, folder):
    """(how many copies of the files are valid, the files of which one copy is and the other is not)"""
    build = pathlib.Path(os.environ.get("DAGGER_BUILD", "build"))
    subprocess.run([build / "tests/module_verdict", "--clean", folder, *paths], capture_output=True)
    plain = [path for path in sorted(pathlib.Path(folder).glob("*.wasm")) if path.name.count(".") == 1]
    fuel = [path.with_suffix(".fuel.wasm") for path in plain]
    verdicts = [lines(["node", "-e", VALIDATE], "\n".join(map(str, of))) for of in (plain, fuel)]
    different = [paths[int(path.stem)] for path, *both in zip(plain, *verdicts) if both[0] != both[1]]
    return verdicts[0].count("valid"), different


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("modules")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--keep", help="leave modules of different verdicts in this folder")
    options = parser.parse_args()
    for tool in ["node", "wasm2wat"]:
        if not shutil.which(tool):
            print(f"{tool} is not installed")
            sys.exit(77)
    rng = random.Random(options.seed)
    originals = [path.read_bytes() for path in sorted(pathlib.Path(options.modules).glob("*.wasm"))]
    failures = valid = malformed = 0
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(options.count):
            data = originals[number] if number < len(originals) else mutate(rng, rng.choice(originals))
            paths.append(os.path.join(folder, f"{number}.wasm"))
            pathlib.Path(paths[-1]).write_bytes(data)
        for path, our, v8, wabt in compare(paths):
            accepted = our.startswith("ok")
            valid += v8 == "valid"
            malformed += wabt is False and v8 != "valid"
            # Older V8s take sections of proposals that came to nothing (14: string literals).
            if v8 == "valid" and not accepted and decodable(path):
                what = "valid for V8, refused by us"
            elif wabt is False and v8 != "valid" and accepted and not int(our.split()[1], 16) & ~KNOWN:
                what = "malformed for wabt, accepted by us"
            else:
                continue
            failures += 1
            print(f"{os.path.basename(path)}: {what}")
            if options.keep:
                shutil.copy(path, options.keep)
        os.mkdir(os.path.join(folder, "copies"))
        copies, different = fuel_differs(paths, os.path.join(folder, "copies"))
        for path in different:
            failures += 1
            print(f"{os.path.basename(path)}: with fuel it is valid, without it is not, or the other way round")
            if options.keep:
                shutil.copy(path, options.keep)
    print(f"{copies} copies are valid")
    print(f"{options.count} modules (seed {options.seed}): {valid} valid for V8, "
          f"{malformed} malformed for wabt, {failures} differences")
    if copies < options.count // 20 or valid < options.count // 10 or malformed < options.count // 40:
        sys.exit("the mutations are too wild or too tame to compare anything")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
