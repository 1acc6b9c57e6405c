"""Whole programs that trap: each guest of guests/*.wat, each of its cases, must end with the reason its
comment gives, status 134, a backtrace with the function's name, and its output delivered.

    traps.py [--cc CC] [--level N] [--static] [--memory MODE] guest...
    traps.py --interpreter guest...
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent
DAGGERCC = pathlib.Path(os.environ["DAGGER_BUILD"]) / "bin" / "daggercc"
DAGGER = DAGGERCC.with_name("dagger")
SKIPPED = 77
OUTPUT = b"before the trap"

CASE = re.compile(r";; (TRAP|RETURNS) (.+)\n\s*\(func \$(\w+)")
FRAME = re.compile(r"    at (.+) \(function \d+\)|    \.\.\. \d+ more")


def cases_of(text):
    """(function, "TRAP" or "RETURNS", what) in the order in which the guest's table has them."""
    found = {name: (kind, what) for kind, what, name in CASE.findall(text)}
    table = re.search(r"\(table \$cases funcref \(elem([^)]*)\)\)", text)
    names = re.findall(r"\$(\w+)", table[1]) if table else []
    if not names or sorted(names) != sorted(found):
        sys.exit("the guest's table of cases and its comments differ")
    return [(name, *found[name]) for name in names]


def judge(program, name, kind, what, run):
    """None, or what is wrong."""
    lines = run.stderr.decode().splitlines()
    if run.stdout != OUTPUT:
        return f"standard output is {run.stdout!r}"
    if kind == "RETURNS":
        good = run.returncode == int(what) and not lines
        return None if good else f"status {run.returncode}, said {lines[:2]}"
    if run.returncode != 134:
        return f"status {run.returncode}"
    if not lines or lines[0] != f"{program}: trap: {what}":
        return f"the first line is {lines[:1]}"
    frames = [FRAME.fullmatch(line) for line in lines[1:]]
    if not all(frames):
        return f"a line of the backtrace is {lines[1 + frames.index(None)]!r}"
    names = [frame[1] for frame in frames]
    if name not in names or names[-1] != "main":
        return f"the backtrace has {names}"
    if len(frames) > 25:
        return f"the backtrace has {len(frames)} lines"
    return None


def check(folder, guest, options):
    """The number of cases that went wrong, 1 if the guest can't be compiled. options: of daggercc;
    None: the guest is interpreted."""
    source = SOURCE / "guests" / f"{guest}.wat"
    program = folder / guest
    command = [program]
    if options is None:
        command = [DAGGER, source]
    elif subprocess.run([DAGGERCC, *options, source, "-o", program], timeout=240).returncode:
        return 1
    bad = 0
    for number, (name, kind, what) in enumerate(cases_of(source.read_text())):
        run = subprocess.run(command, input=bytes([65 + number]), capture_output=True,
                             timeout=60)  # fmt: skip
        wrong = judge(guest, name, kind, what, run)
        if wrong:
            print(f"{guest}: {name} ({kind} {what}): {wrong}")
            bad += 1
    return bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--level", default="2")
    parser.add_argument("--static", action="store_true")
    parser.add_argument("--memory", default="guard")
    parser.add_argument("--interpreter", action="store_true")
    parser.add_argument("guests", nargs="+")
    arguments = parser.parse_args()
    if arguments.interpreter and not DAGGER.exists():
        print("dagger is not built")
        return SKIPPED
    if not shutil.which(arguments.cc):
        print(f"{arguments.cc} is not installed")
        return SKIPPED
    options = [f"--cc={arguments.cc}", f"-O{arguments.level}", f"--memory={arguments.memory}"]
    if arguments.static:
        options.append("-static")
    if arguments.interpreter:
        options = None
    with tempfile.TemporaryDirectory() as folder:
        bad = sum(check(pathlib.Path(folder), guest, options) for guest in arguments.guests)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
