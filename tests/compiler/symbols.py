#!/usr/bin/env python3
"""What wasm2c makes of our copies: the C symbols of functions and exports.

    symbols.py MODULES [WASM2C]...

Each module of the tests is copied as a program with names and as a library, and translated. Function N must
become w2c_guest_fN or w2c_guest_fN_name, exports w2c_guest_NAME, and a compiler must accept the C.
Without WASM2C the one that set-up has put into the build tree is asked.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("DAGGER_BUILD", "build"))
FLAGS = ["--enable-exceptions", "--enable-multi-memory", "-n", "guest"]
FUNCTION = re.compile(r"^(?!static )\w[\w ]*\*? ?w2c_guest_(\w+)\(w2c_guest\*.*\{$", re.M)
STATIC = re.compile(r"^static \w[\w ]*\*? ?w2c_guest_(\w+)\(w2c_guest\*.*\{$", re.M)
OWN = re.compile(r"f(\d+)(?:_[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*)?$")
PROGRAM_EXPORT = re.compile(r"entry|initialize|memory|export_\d+")
# wasm2c escapes underscores at the ends; start.wat has such exports, which a library keeps.
LIBRARY_EXPORT = re.compile(r"[A-Za-z0-9_]+")


def problems(text, exports, imported, total):
    """What is wrong with the symbols of one C file."""
    symbols = FUNCTION.findall(text) + STATIC.findall(text)
    own = sorted(int(match[1]) for match in map(OWN.match, symbols) if match)
    if own != list(range(imported, total)):
        yield f"functions {own}, expected {imported} to {total - 1}"
    for symbol in symbols:
        if not OWN.match(symbol) and not exports.fullmatch(symbol):
            yield f"symbol w2c_guest_{symbol}"


def version_number(wasm2c):
    """1.0.39 gives 1039; the npm packages 1.0.37 and 1.0.38 say "1.0.36 (git~1.0.37)"."""
    text = subprocess.run([wasm2c, "--version"], capture_output=True, text=True, check=True).stdout
    major, _, patch = re.findall(r"(\d+)\.(\d+)\.(\d+)", text)[-1]
    return int(major) * 1000 + int(patch)


def translate(wasm2c, path, folder):
    source = folder / "guest.c"
    done = subprocess.run([wasm2c, *FLAGS, path, "-o", source], capture_output=True, text=True)
    if done.returncode != 0:
        return None, f"wasm2c: {done.stderr.strip()}"
    return source, None


def compiles(source, version):
    include = BUILD / "include/dagger"
    if not (include / "wasm-rt.h").exists():
        return True
    return subprocess.run(["cc", "-fsyntax-only", "-w", "-I", include,
                           f"-DDAGGER_WASM2C_VERSION={version}", source]).returncode == 0


def check(wasm2c, modules, folder):
    version = version_number(wasm2c)
    failures = 0
    done = subprocess.run([BUILD / "tests/module_verdict", "--clean", folder, *modules],
                          capture_output=True, text=True, check=True)
    for number, (module, line) in enumerate(zip(modules, done.stdout.splitlines())):
        _, _, imported, total = line.split()
        for suffix, exports in [("", PROGRAM_EXPORT), (".library", LIBRARY_EXPORT)]:
            if module.stem == "exceptions" and version < 1037:
                continue
            source, failure = translate(wasm2c, folder / f"{number}{suffix}.wasm", folder)
            found = [failure] if failure else list(
                problems(source.read_text(), exports, int(imported), int(total)))
            if not found and not compiles(source, version):
                found = ["the C does not compile"]
            for text in found:
                failures += 1
                print(f"{wasm2c}: {module.name}{suffix}: {text}")
    return failures


def main():
    modules = sorted(pathlib.Path(sys.argv[1]).glob("*.wasm"))
    tools = sys.argv[2:] or [BUILD / "share/dagger/wasm2c/node_modules/wabt/bin/wasm2c"]
    if not all(os.access(tool, os.X_OK) for tool in tools):
        print("no supported wasm2c in the build tree")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        failures = sum(check(tool, modules, pathlib.Path(folder)) for tool in tools)
    print(f"{len(modules)} modules, {len(tools)} versions of wasm2c, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
