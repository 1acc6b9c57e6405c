#!/usr/bin/env python3
"""Makes the inputs of fuzz_specialise that are kept in the tree: what the pinned wasm2c and
the oldest one write for modules of the tests, without what stands at the top.

usage: specialise_corpus.py [FOLDER]
"""

import pathlib
import subprocess
import sys
import tempfile

from known_tops import BUILD, SOURCE, installed, texts_of

CORPUS = SOURCE / "tests/compiler/corpus/specialise"
# Their first bytes, as settings() in fuzz_specialise.c reads them.
LIBRARY, MEMORIES, SIMD, PART = 4, 8, 16, 64
GUARD, CHECKED = 1, 2
MODULES = {"exceptions": GUARD, "hello": LIBRARY, "imports": CHECKED, "memories": MEMORIES | GUARD,
           "memory": PART, "simd": SIMD, "start": LIBRARY | PART, "tables": PART * 2 | GUARD}  # fmt: skip


def translate(wasm2c, module):
    """The header, and the source."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "translated.c")
        subprocess.run([*wasm2c, "--enable-exceptions", "--enable-multi-memory", "-n", "guest", "-o", source,
                        BUILD / f"tests/compiler/modules/{module}.wasm"], check=True)  # fmt: skip
        return source.with_suffix(".h").read_text(), source.read_text()


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    folder.mkdir(parents=True, exist_ok=True)
    for name, wasm2c in list(installed())[:2]:
        tops = texts_of(wasm2c)[1:]
        for module, settings in MODULES.items():
            header, source = translate(wasm2c, module)
            for top in tops:
                source = source.split(top)[-1]
            folder.joinpath(f"{module}-{name}").write_bytes(
                bytes([settings]) + header.encode() + b"\f" + source.encode())  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
