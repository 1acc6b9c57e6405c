"""Compiles the guests of guests/, runs them in a sandbox and looks at what each of their cases said.

    run.py [--engine daggercc|dagger|node] [--build DIR] [GUEST...]
    run.py --check

Every case that stands in the source of a guest must have said ok, and nothing else may have been said. With
--engine node the guests run by node's WASI; known differences are listed and are no failures.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import guests
import node_known
import sandbox

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE / "guests"
SKIPPED = 77
COMPILE_TIMEOUT, RUN_TIMEOUT = 120, 120  # seconds
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "LC_ALL": "C.UTF-8",
    "HOME": "/nonexistent",
    "CASE_SECRET": "not for guests",
    "CASE_SHARED": "for guests",
}
WARNINGS = ["-O2", "-Wall", "-Wextra", "-Werror", f"-I{SOURCE}"]
PLAIN = ["clang", "--target=wasm32", "-nostdlib", "-mbulk-memory", "-Wl,--no-entry",
         "-Wl,--export=_start", *WARNINGS]  # fmt: skip
LIBC = ["clang", "--target=wasm32-wasi", *WARNINGS]


class Failed(Exception):
    pass


class Missing(Exception):
    """A tool is not installed."""


def call(command, env=ENVIRONMENT):
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=COMPILE_TIMEOUT)  # fmt: skip
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def rust():
    """The command that compiles Rust for WASI: distributions have had the target under two names."""
    candidates = [os.environ.get("DAGGER_RUSTC"), "rustc", "/usr/bin/rustc"]
    for program in filter(None, candidates):
        try:
            root = call([program, "--print", "sysroot"], os.environ).strip()
        except (FileNotFoundError, Failed):
            continue
        for target in ("wasm32-wasip1", "wasm32-wasi"):
            if os.path.isdir(f"{root}/lib/rustlib/{target}/lib"):
                return [program, f"--target={target}", "-O", "-Cpanic=abort", "-Dwarnings"]
    raise Missing("rustc with a target for WASI is not installed")


def compile_guest(guest, folder):
    """The guest's module."""
    source = SOURCE / guest.source
    wasm = folder / f"{source.stem}.wasm"
    if wasm.exists():
        return wasm
    if source.suffix == ".rs":
        call([*rust(), source, "-o", wasm], os.environ)  # rustup wants its HOME
    elif guest.libc:
        if not os.path.isdir("/usr/include/wasm32-wasi"):
            raise Missing("wasi-libc is not installed")
        call([*LIBC, source, "-o", wasm])
    else:
        call([*PLAIN, source, "-o", wasm])
    return wasm


def names(guest):
    """The cases that stand in the source, in order."""
    text = (SOURCE / guest.source).read_text()
    pattern = r"^fn (\w+)\(\) -> Case" if guest.source.endswith(".rs") else r"^[A-Z_]*CASE\((\w+)"
    return re.findall(pattern, text, re.M)


def options(guest, box):
    """--dir and --env, with the folders of this run."""
    given = [f"--dir={d.format(top=box.top)}" for d in guest.dirs]
    return given + [f"--env={e}" for e in guest.env]


def command(engine, guest, wasm, box, build):
    """The command that runs the guest."""
    if engine == "node":
        preopens = {}
        for given in guest.dirs or ["{top}/box::/"]:
            host, name, *_ = given.format(top=box.top).split("::")
            preopens[name] = host
        env = {n: v or ENVIRONMENT.get(n, "") for n, _, v in (e.partition("=") for e in guest.env)}
        settings = {"preopens": preopens, "env": env, "args": ["guest", *guest.args]}
        return ["node", "--no-warnings", HERE / "node.mjs", wasm, json.dumps(settings)]
    if engine == "dagger":
        return [build / "bin/dagger", *options(guest, box), wasm, *guest.args]
    given = options(guest, box)
    executable = (box.top if given else wasm.parent) / wasm.stem
    if not executable.exists():
        call([build / "bin/daggercc", wasm, "-o", executable, *given])
    return [executable, *guest.args]


class Input:
    """The guest's descriptor 0, as its table entry asks for it."""

    def __init__(self, kind):
        self.descriptor, end = os.pipe()
        self.ends = [end]
        if kind != "open":
            os.write(end, kind)
            os.close(self.ends.pop())

    def close(self):
        for end in [self.descriptor, *self.ends]:
            os.close(end)


def execute(guest, arguments, box):
    """(Lines of standard output, of standard error, status, what its helper complains about)"""
    given = Input(guest.stdin)
    more = {name: value.format(top=box.top) for name, value in guest.environment.items()}
    helper = guest.helper(box) if guest.helper else None
    try:
        done = subprocess.run([*arguments, *(helper.arguments if helper else [])], cwd=box.box,
                              env={**ENVIRONMENT, **more}, stdin=given.descriptor,
                              capture_output=True, timeout=RUN_TIMEOUT)  # fmt: skip
    finally:
        given.close()
        bad = helper.stop() if helper else []
    out, err = (s.decode("utf-8", "backslashreplace").splitlines() for s in (done.stdout, done.stderr))
    return out, err, done.returncode, bad


def compare(guest, box, out, err, status, bad):
    """What is not as it must be, a line each, and the number of cases."""
    expected = [f"ok {name}" for name in names(guest)] + guest.lines
    bad = bad + [line for line in out if line not in expected]
    failed = {line.split()[1].rstrip(":") for line in out if line.startswith("failed ")}
    bad += [f"not said: {line}" for line in expected if line not in out and line[3:] not in failed]
    if len(out) > len(set(out)):
        bad.append("a line came twice")
    bad += [f"on standard error: {line}" for line in err if not guest.stderr]
    if guest.stderr and not re.search(guest.stderr, "\n".join(err)):
        bad.append(f"standard error is {err}, without {guest.stderr}")
    if status != guest.status and not (status == 1 and bad):
        bad.append(f"status {status}, not {guest.status}")
    for folder in (box.outside, box.second)[: 2 if guest.second_stays else 1]:
        bad += [f"changed: {folder.name}/{name}" for name in box.changes(folder)]
    if any(sandbox.SECRET.strip() in line for line in out if not line.startswith(("ok", "failed"))):
        bad.append("the secret is out")
    return bad, len(names(guest))


def run_guest(engine, guest, build, modules):
    """What is bad, as lines, and the number of its cases."""
    with tempfile.TemporaryDirectory(prefix="dagger-wasi-") as top:
        box = sandbox.Sandbox(pathlib.Path(top).resolve())
        wasm = compile_guest(guest, modules)
        arguments = command(engine, guest, wasm, box, build)
        result = execute(guest, arguments, box)
        bad, count = compare(guest, box, *result)
    if engine != "node":
        return bad, count
    known = {line: why for line in bad if (why := node_known.reason(guest.name, line))}
    for line, why in known.items():
        print(f"{guest.name}: known of node: {line} ({why})")
    return [line for line in bad if line not in known], count


def check():
    """Is every guest run by a test, and every function called by a case?"""
    sources = {path.name: path.read_text() for path in sorted(SOURCE.iterdir())}
    listed = (HERE / "CMakeLists.txt").read_text().split()
    known = {guest.source for guest in guests.GUESTS}
    bad = [f"{name} is no guest" for name in sources if "main(" in sources[name].lower()
           and not name.startswith("case.") and name not in known]  # fmt: skip
    bad += [f"{g.group} is not in CMakeLists.txt" for g in guests.GUESTS if g.group not in listed]
    for name in re.findall(r"^IMPORT\((\w+),", sources["wasi.h"], re.M):
        calls = sum(text.count(f"wasi_{name}(") for text in sources.values())
        bad += [] if calls else [f"{name} is called by no case"]
    count = sum(len(names(guest)) for guest in guests.GUESTS)
    for line in bad:
        print(line)
    print(f"{len(known)} sources, {count} cases")
    return 1 if bad or count < 150 else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=("daggercc", "dagger", "node"), default="daggercc")
    parser.add_argument("--build", type=pathlib.Path, default=os.environ.get("DAGGER_BUILD", "build"))
    parser.add_argument("--check", action="store_true", help="only look at the list itself")
    parser.add_argument("guests", nargs="*")
    wanted = parser.parse_args()
    if wanted.check:
        return check()
    build = wanted.build.resolve()
    if wanted.engine == "dagger" and not (build / "bin/dagger").exists():
        print("dagger is not built")
        return SKIPPED
    chosen = [g for g in guests.GUESTS if not wanted.guests or {g.name, g.group} & set(wanted.guests)]
    if unknown := set(wanted.guests) - {n for g in guests.GUESTS for n in (g.name, g.group)}:
        print(f"no guests {', '.join(sorted(unknown))}")
        return 2
    failures = cases = missing = 0
    with tempfile.TemporaryDirectory(prefix="dagger-wasi-") as modules:
        for guest in chosen:
            if wanted.engine == "node" and not guest.node:
                continue
            try:
                bad, count = run_guest(wanted.engine, guest, build, pathlib.Path(modules))
            except Missing as reason:
                print(f"{guest.name}: {reason}")
                missing += 1
                continue
            except (Failed, subprocess.TimeoutExpired) as error:
                bad, count = [str(error)], 0
            for line in bad:
                print(f"{guest.name}: {line}")
            cases += count
            failures += len(bad)
    print(f"{len(chosen)} guests, {cases} cases, {failures} failures")
    if missing == len(chosen):
        return SKIPPED
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
