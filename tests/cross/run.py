"""Runs a script of tests for another target, as if daggercc were one for that.

    run.py TRIPLE tests/AREA/SCRIPT.py [ARGUMENT...]

The script finds a build tree in which daggercc has --target=TRIPLE, cc is the target's, and each executable
that these make runs by qemu. There is no dagger in it. Exits with the script's status, or 77 if a tool of
the target is not installed.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77

AARCH64, MUSL = "aarch64-linux-gnu", "x86_64-linux-musl"

# Where the libraries of executables are, which qemu is told, the first that is there: from scripts/setup
# with libcurl, else the C library alone. None: executables run as they are.
SYSROOT = BUILD / "sysroot" / AARCH64
LIBRARIES = {AARCH64: [SYSROOT, pathlib.Path("/usr", AARCH64)], MUSL: []}

# Compilers that scripts name and that are not for the target, whose own is taken: clang makes no
# executables with musl.
COMPILERS = {AARCH64: ["cc", "gcc"], MUSL: ["cc", "gcc", "clang"]}

# What can't be as on this machine. Limits on address space are those of qemu, too; it says a word when a
# program dies of a signal; and a target is not this processor.
LEFT_OUT = {
    (AARCH64, "tests/programs/run.py"): ["errors/no-memory", "language/simd-corners-native"],
    (AARCH64, "tests/rt/endings.py"): ["host_faults", "little_memory"],
}
# What needs libcurl.
NETWORK = {
    "tests/programs/run.py": ["errors/peers", "policy/requests", "tcp/tcp", "tcp/tcp-deny-private"],
    "tests/samples/transcript.py": ["./fetch", "./talk"],
}

TOOL = """#!{python} -B
import sys
sys.path.insert(0, {here!r})
import tool
sys.exit(tool.main({real!r}, {compilers!r}, {launcher!r}, {libraries!r}, {store!r}))
"""


def missing(triple):
    """A tool that is not installed, or None."""
    wanted = [f"{triple}-gcc", *(["qemu-aarch64"] if LIBRARIES[triple] else [])]
    return next((name for name in wanted if not shutil.which(name)), None)


def make_tree(triple, tree):
    """A build tree as the script finds it."""
    for path in BUILD.iterdir():
        if path.name not in ("bin", "lib"):
            (tree / path.name).symlink_to(path)
    for folder in ("bin", "lib", "store"):
        (tree / folder).mkdir()
    (tree / "lib/dagger").symlink_to(BUILD / "lib/dagger" / triple)
    libraries = next((str(path) for path in LIBRARIES[triple] if path.is_dir()), None)
    tools = {"daggercc": [f"{BUILD}/bin/daggercc", f"--target={triple}"], "cc": [f"{triple}-gcc"]}
    for name, real in tools.items():
        text = TOOL.format(
            python=sys.executable,
            here=str(HERE),
            real=real,
            compilers=COMPILERS[triple],
            launcher=f"{BUILD}/tests/cross_launcher" if libraries else None,
            libraries=libraries,
            store=str(tree / "store"),
        )
        (tree / "bin" / name).write_text(text)
        (tree / "bin" / name).chmod(0o755)
    for name in ("nm", "objcopy", "strip"):
        if own := shutil.which(f"{triple}-{name}"):
            (tree / "bin" / name).symlink_to(own)


def left_out(triple, script):
    """Arguments for the script."""
    names = LEFT_OUT.get((triple, script), [])
    if triple == MUSL or not SYSROOT.is_dir():
        names = names + NETWORK.get(script, [])
    if names:
        print(f"left out on {triple}: {' '.join(names)}", flush=True)
    return ["--without", *names] if names else []


def main(triple, script, *arguments):
    lacking = missing(triple)
    if lacking:
        print(f"{lacking} is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="dagger-cross-") as folder:
        tree = pathlib.Path(folder, triple)
        tree.mkdir()
        make_tree(triple, tree)
        environment = {
            **os.environ,
            "DAGGER_BUILD": str(tree),
            "PATH": f"{tree}/bin:{os.environ['PATH']}",
        }
        command = [sys.executable, "-B", SOURCE / script, *arguments, *left_out(triple, script)]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
