"""Stands for daggercc and cc where a script of tests is run for another target (run.py): runs the real
one for that, and puts the launcher where an executable came out that this machine can't run."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def without_compilers(arguments, names):
    """Without each --cc that names one of these: the target's own is meant."""
    kept, rest = [], iter(arguments)
    for word in rest:
        word = f"--cc={next(rest, '')}" if word == "--cc" else word
        if not word.startswith("--cc=") or word.removeprefix("--cc=") not in names:
            kept.append(word)
    return kept


def output_of(arguments):
    for word, value in zip(arguments, arguments[1:]):
        if word == "-o":
            return pathlib.Path(value)
    modules = [word for word in arguments if word.endswith((".wasm", ".wat"))]
    return pathlib.Path(pathlib.Path(modules[0]).stem if modules else "a.out")


def is_program(path):
    """An ELF file with a program's headers, not an object."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(18)
    return head[:4] == b"\x7fELF" and head[16:18] in (b"\2\0", b"\3\0")


def launch(program, launcher, libraries, store):
    """Keeps the program in the store and puts the launcher in its place."""
    kept = pathlib.Path(tempfile.mkdtemp(dir=store), program.name)
    shutil.move(program, kept)
    told = "".join(f"{text}\0" for text in (shutil.which("qemu-aarch64"), libraries, kept))
    program.write_bytes(pathlib.Path(launcher).read_bytes() + told.encode())
    program.chmod(0o755)


def main(real, compilers, launcher, libraries, store):
    """real: the command that is stood for; compilers: see without_compilers; launcher: None if executables
    run as they are."""
    arguments = sys.argv[1:]
    done = subprocess.run([*real, *without_compilers(arguments, compilers)], check=False)
    output = output_of(arguments)
    if done.returncode == 0 and launcher and "-shared" not in arguments and is_program(output):
        launch(output, launcher, libraries, store)
    if done.returncode < 0:
        os.kill(os.getpid(), -done.returncode)
    return done.returncode
