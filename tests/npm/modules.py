"""Modules as others publish them, from npm (pinned by package-lock.json here, put into the build tree
by scripts/setup): those that import nothing compile to an object; those that want a world of their own
are refused in one message that names what they want.

    modules.py NAME
"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
MODULES = BUILD / "node/npm/node_modules"
TIMEOUT = 250

# Name: path, options to compile it.
COMPILES = {
    "lodepng": ("@cwasm/lodepng/lodepng.wasm", ["-O1"]),
    "gofmt": ("@wasm-fmt/gofmt/gofmt.wasm", ["-O0", "-j", "2"]),
    "sha256": ("@chainsafe/as-sha256/build/optimized.wasm", ["-O2"]),
    "sha256-simd": ("@chainsafe/as-sha256/build/optimized.simd.wasm", ["-O2"]),
}
# Name: path, imports that the message must name.
REFUSED = {
    "esbuild": ("esbuild-wasm/esbuild.wasm", ["runtime.wasmExit", "syscall/js.valueGet"]),
    "ruby": (
        "@ruby/3.4-wasm-wasi/dist/ruby.wasm",
        ["rb-js-abi-host", "int-to-js-number", "--allow-undefined-imports"],
    ),
}
REFUSED_MEMORY = 1 << 30  # bytes of address space: reading is no reason for more


def daggercc(arguments, folder, before=None):
    return subprocess.run(
        [BUILD / "bin/daggercc", *arguments],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT,
        text=True, errors="backslashreplace", preexec_fn=before,
    )  # fmt: skip


def compiles(name, folder):
    path, options = COMPILES[name]
    done = daggercc(["-c", MODULES / path, "-o", "module.o", *options], folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
    symbols = subprocess.run(
        ["nm", "--defined-only", "module.o"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    functions = [line for line in symbols.splitlines() if " T w2c_guest_" in line]
    assert functions, f"no functions of the guest in the object:\n{symbols[:2000]}"
    assert os.listdir(folder) == ["module.o"], os.listdir(folder)
    print(f"{name}: {len(functions)} functions, {os.path.getsize(f'{folder}/module.o')} bytes")


def refused(name, folder):
    path, imports = REFUSED[name]

    def before():
        resource.setrlimit(resource.RLIMIT_AS, (REFUSED_MEMORY, REFUSED_MEMORY))

    done = daggercc([MODULES / path, "-o", "app"], folder, before)
    print(done.stderr)
    assert done.returncode == 1, done.returncode
    assert done.stdout == ""
    assert done.stderr.startswith("daggercc: ")
    assert len(done.stderr) < 20000, "too much to read"
    for wanted in imports:
        assert wanted in done.stderr, f"{wanted} is not named"
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    assert len(errors) == 1, errors
    assert os.listdir(folder) == [], os.listdir(folder)


def main(name):
    assert MODULES.is_dir(), f"{MODULES} is missing: run scripts/setup"
    with tempfile.TemporaryDirectory(prefix="dagger-npm-") as folder:
        (compiles if name in COMPILES else refused)(name, folder)


if __name__ == "__main__":
    main(sys.argv[1])
