#!/usr/bin/env python3
"""The rows of compiler/known_tops.h: what wasm2c writes at the top of each file.

    known_tops.py            checks them by every wasm2c that set-up has installed
    known_tops.py WASM2C     prints the row of a new one

A row has the length in bytes and the FNV-1a hash of each of three texts: what is included, what is
defined, and what is defined for SIMD.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DAGGER_BUILD", SOURCE / "build"))
PLAIN = b"\0asm\1\0\0\0"
# (module (func (drop (i8x16.splat (i32.const 0)))))
SIMD = PLAIN + bytes.fromhex("010401600000 03020100 0a090107004100fd0f1a0b")
SIMD_TYPE, SIMD_END = "typedef simde_v128_t v128;\n#endif\n", "// clang-format on\n"


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return value


def translate(wasm2c, module):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "top.c")
        source.with_suffix(".wasm").write_bytes(module)
        subprocess.run([*wasm2c, "-n", "guest", "-o", source, source.with_suffix(".wasm")], check=True)
        return source.read_text()


def texts_of(wasm2c):
    plain, simd = translate(wasm2c, PLAIN), translate(wasm2c, SIMD)
    head = re.search(r'\n+#include "top.h"\n(?:#define IS_SINGLE_UNSHARED_.*\n)?', plain)
    includes = plain[: head.start() + 1]
    definitions = plain[head.end() : plain.index("void wasm2c_guest_instantiate")].rstrip("\n") + "\n"
    of_simd = simd[simd.index(SIMD_TYPE) + len(SIMD_TYPE) :].lstrip("\n")
    of_simd = of_simd[: of_simd.index(SIMD_END) + len(SIMD_END)]
    return includes, definitions, of_simd


def row_of(wasm2c):
    """As in known_tops.h, without "TOP"."""
    return ", ".join(f"{len(text)}, {fnv(text):#018x}" for text in texts_of(wasm2c))


def installed():
    """Of each wasm2c that set-up has installed, its name and how it is run."""
    pinned = BUILD / "share/dagger/wasm2c"
    for package in [pinned / "node_modules/wabt", *sorted((BUILD / "node/npm/node_modules").glob("wabt-*"))]:
        yield package.name, ("node", "--stack-size=60000", pinned / "wasm2c-node.mjs", package / "bin/wasm2c")


def main():
    if len(sys.argv) > 1:
        print(f"TOP({row_of(sys.argv[1:])})")
        return 0
    rows = re.findall(r"^TOP\((.*)\)", (SOURCE / "compiler/known_tops.h").read_text(), re.M)
    runners = list(installed())
    bad = 0
    for name, runner in runners:
        if row_of(runner) not in rows:
            print(f"{name}: what it writes is in no row of known_tops.h")
            bad += 1
    print(f"{len(runners) - bad} of {len(runners)} are known")
    return 1 if bad or len(runners) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
