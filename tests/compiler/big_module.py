#!/usr/bin/env python3
"""Makes a module of 60 MB with 620,000 functions, and measures how long the reader takes for it and
how much memory.

    big_module.py [--functions N] [--keep FILE] [--check] [--sanitized]

Prints seconds of processor time and peak resident memory of the best of five readings. --check fails if that is more than a
second, or more memory than the module's size and a quarter (not --sanitized, which costs both).
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile


def leb(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def section(number, contents):
    return bytes([number]) + leb(len(contents)) + contents


def vector(entries):
    return leb(len(entries)) + b"".join(entries)


def body(rng, functions):
    """A function as compilers make them: locals, loads and stores, calls, blocks, a table of labels."""
    code = bytearray(vector([leb(3) + b"\x7f", leb(1) + b"\x7e"]))
    code += b"\x23\x00\x41" + leb(rng.randrange(64)) + b"\x6b\x22\x02\x24\x00"  # stack pointer
    code += b"\x20\x02\x28\x02" + leb(rng.randrange(4096)) + b"\x22\x03"  # i32.load
    code += b"\x04\x40\x20\x02\x20\x03\x36\x02\x08\x05\x01\x0b"  # if, i32.store, else, nop, end
    code += b"\x02\x40\x02\x40\x02\x40\x20\x03\x0e\x02\x00\x01\x02\x0b\x0b\x0b"  # br_table
    for _ in range(2):
        code += b"\x20\x00\x20\x01\x10" + leb(rng.randrange(functions)) + b"\x1a"
    code += b"\x42" + leb(rng.randrange(64)) + b"\x21\x05"
    code += b"\x20\x02\x41\x10\x6a\x24\x00\x20\x03\x0b"
    return leb(len(code)) + bytes(code)


def module(functions):
    rng = random.Random(620000)
    bodies = [body(rng, functions) for _ in range(1000)]
    names = (leb(i) + leb(len(name)) + name
             for i in range(functions) for name in [b"guest_%d" % i])
    function_names = leb(functions) + b"".join(names)
    return b"".join([
        b"\0asm\1\0\0\0",
        section(1, vector([b"\x60\x02\x7f\x7f\x01\x7f"])),
        section(3, leb(functions) + b"\0" * functions),
        section(5, b"\x01\x00\x11"),
        section(6, b"\x01\x7f\x01\x41\x80\x80\x04\x0b"),
        section(7, vector([b"\x04main\x00\x00"])),
        section(10, leb(functions) + b"".join(bodies[i % 1000] for i in range(functions))),
        section(0, b"\x04name\x01" + leb(len(function_names)) + function_names),
    ])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--functions", type=int, default=620000)
    parser.add_argument("--keep", help="leave the module in this file")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--sanitized", action="store_true")
    options = parser.parse_args()
    build = pathlib.Path(os.environ.get("DAGGER_BUILD", "build"))
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or os.path.join(folder, "big.wasm")
        data = module(options.functions)
        with open(path, "wb") as file:
            file.write(data)
        runs = []
        for _ in range(5):
            done = subprocess.run([build / "tests/module_verdict", "--time", path],
                                  capture_output=True, text=True, check=True)
            seconds, resident = done.stdout.split()
            runs.append((float(seconds), int(resident)))
    seconds, resident = min(runs)
    size = len(data)
    print(f"{size / 1e6:.1f} MB, {options.functions} functions: {seconds:.3f} s, "
          f"{resident * 1024 / 1e6:.1f} MB resident at most")
    if options.check and not options.sanitized:
        if seconds > 1:
            sys.exit("slower than a second")
        if resident * 1024 > size * 1.25:
            sys.exit("more memory than the module's size and a quarter")


if __name__ == "__main__":
    main()
