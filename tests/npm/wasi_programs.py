"""Real programs for WASI from npm do what they are for: the table is that of scripts/real.

    wasi_programs.py NAME daggercc|dagger
"""

import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "scripts/real_parts"))
import programs  # noqa: E402

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
MODULES = BUILD / "node/npm/node_modules"
TIMEOUT = 250


def command(program, engine, scratch):
    module = MODULES / program.module
    if engine == "dagger":
        return [BUILD / "bin/dagger", *program.options, module]
    subprocess.run([BUILD / "bin/daggercc", "-O0", *program.options, module, "-o", f"{scratch}/app"],
                   check=True, timeout=TIMEOUT)  # fmt: skip
    return [f"{scratch}/app"]


def main(name, engine):
    program = programs.PROGRAMS[name]
    runs = [program.start, program.work] if engine == "daggercc" else [program.start]
    with tempfile.TemporaryDirectory(prefix="dagger-npm-") as scratch:
        folder = pathlib.Path(scratch, "root")
        folder.mkdir()
        programs.prepare(program, MODULES, folder)
        app = command(program, engine, scratch)
        for run in runs:
            done = subprocess.run([*app, *run.arguments], input=run.stdin, cwd=folder, text=True,
                                  errors="backslashreplace", capture_output=True,
                                  timeout=TIMEOUT)  # fmt: skip
            problem = programs.problem(run, folder, done)
            assert not problem, f"{problem}\n{done.stdout}\n{done.stderr}"


if __name__ == "__main__":
    main(*sys.argv[1:])
