"""Compiles and runs the cases of README.md.

    run.py [--update] [--shard I/N] [FILE.toml...]      each case, compiled by default options, and
                                                        interpreted
                                                        --without NAME... leaves cases out
    run.py --matrix CC [--static] [FILE.toml...]        the cases with `matrix`, at each level of
                                                        optimisation and in each memory mode
    run.py --check                                      is every error of the ABI among the results?
"""

import argparse
import contextlib
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import traceback

import cases
import servers

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
COMPILE_TIMEOUT, RUN_TIMEOUT = 120, 30  # seconds
CLANG = ["clang", "--target=wasm32", "-O2", "-Wall", "-Wextra", "-Werror", "-mbulk-memory",
         "-nostdlib", "-Wl,--no-entry", f"-I{SOURCE}/samples/include"]  # fmt: skip

# Nothing of the caller's settings reaches a guest or a compiler.
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


class Failed(Exception):
    pass


def call(command):
    done = subprocess.run(
        command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=COMPILE_TIMEOUT, text=True, errors="backslashreplace",
    )  # fmt: skip
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}")


def module(case, folder):
    """The case's guest as daggercc takes it: text, or a module, which is compiled once a folder."""
    if case.wat is not None:
        text = folder / f"{case.name.replace('/', '-')}.wat"
        text.write_text(case.wat)
        return text
    source = cases.HERE / case.file
    if source.suffix == ".wat":
        return source
    compiled = folder / f"{source.stem}.wasm"
    if not compiled.exists():
        call([*CLANG, source, "-o", compiled])
    return compiled


def compile_guest(case, wasm, folder, extra):
    """The command that runs the guest, compiled."""
    guest = folder / "guest"
    call([BUILD / "bin/daggercc", wasm, "-o", guest, *case.options, *extra])
    return [guest]


def known_options(options):
    """Those of daggercc's options that dagger has, too."""
    known = []
    for n, option in enumerate(options):
        if option.split("=")[0] in ("--entry", "--max-memory", "--dir", "--allow", "--deny"):
            known += [option] if "=" in option else options[n : n + 2]
    return known


def interpret_guest(case, wasm, folder):
    """The command that runs the guest, interpreted; None where it is not to be."""
    if not case.interpreted or not (BUILD / "bin/dagger").exists():
        return None
    named = folder / f"guest{wasm.suffix}"
    shutil.copy(wasm, named)
    return [BUILD / "bin/dagger", *known_options(case.options), named]


@contextlib.contextmanager
def descriptors(run):
    """What a run wants its descriptors 0 and 1 to be: (keywords for subprocess, those to close)."""
    target = run.get("stdout_to")
    source = run.get("stdin_from")
    with contextlib.ExitStack() as ends:

        def until_end(descriptor):
            ends.callback(os.close, descriptor)
            return descriptor

        keywords = {"stdout": subprocess.PIPE}
        if target == "no reader":
            reader, writer = os.pipe()
            os.close(reader)
            keywords["stdout"] = until_end(writer)
        elif target not in (None, "closed"):
            keywords["stdout"] = until_end(os.open(target, os.O_WRONLY))
        if source == "dead terminal":
            master, terminal = os.openpty()
            os.close(terminal)
            keywords["stdin"] = until_end(master)
        else:
            keywords["input"] = run.get("reads", "").encode()
        yield keywords, [n for n, name in ((0, source), (1, target)) if name == "closed"]


def prepare(run, folder):
    for name, content in run.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    for name, target in run.get("links", {}).items():
        os.symlink(target, folder / name)


def execute(command, run, folder, port):
    """Runs the guest once. Returns {"stdout", "stderr", "status"}."""
    limits = [(getattr(resource, f"RLIMIT_{k}"), v) for k, v in run.get("limits", {}).items()]
    run = {**run, "reads": run.get("reads", "").replace("{port}", str(port))}
    with descriptors(run) as (keywords, closed):

        def before():
            for descriptor in closed:
                os.close(descriptor)
            for limit, value in limits:
                resource.setrlimit(limit, (value, value))

        done = subprocess.run(
            [*command, *run.get("arguments", [])],
            cwd=folder,
            env={**ENVIRONMENT, **run.get("environment", {})},
            **keywords,
            stderr=subprocess.PIPE,
            timeout=RUN_TIMEOUT,
            preexec_fn=before,
        )

    def text(data):
        shown = (data or b"").decode("utf-8", "backslashreplace")
        shown = shown.replace(str(command[0]), "GUEST")
        if port:
            shown = re.sub(rf"\b{port}\b", "{port}", shown)
        if "lines_of" in run:
            kept = [line for line in shown.splitlines() if re.search(run["lines_of"], line)]
            shown = "".join(f"{line}\n" for line in kept)
        return shown

    return {"stdout": text(done.stdout), "stderr": text(done.stderr), "status": done.returncode}


def compare(run, result, folder):
    """What is not as it must be, as one text."""
    bad = []
    for stream in ("stdout", "stderr"):
        differs = cases.difference(run.get(stream, ""), result[stream])
        if differs:
            bad.append(f"  {stream}:\n{differs}")
    if run.get("status", 0) != result["status"]:
        bad.append(f"  status: expected {run.get('status', 0)}, got {result['status']}")
    for name, content in run.get("after", {}).items():
        path = folder / name
        actual = path.read_text() if path.exists() else False
        if actual != content:
            bad.append(f"  {name}: expected {content!r}, got {actual!r}")
    return "\n".join(bad)


def run_once(command, run, where):
    """What one run did, or None: it is still running."""
    where.mkdir()
    prepare(run, where)
    server = servers.SERVERS[run["server"]]() if "server" in run else None
    try:
        with server or contextlib.nullcontext() as port:
            return execute(command, run, where, port)
    except subprocess.TimeoutExpired:
        return None


def run_case(case, extra, modules, results, matrix):
    """Makes the case's guest once for each engine and runs all its runs; in a matrix it is only
    compiled. Returns the number of failures. modules: the folder for modules, which cases share."""
    failures = 0
    title = " ".join([case.name, *extra])
    with tempfile.TemporaryDirectory(prefix="dagger-programs-") as top:
        folder = pathlib.Path(top)
        try:
            wasm = module(case, modules)
            engines = {"compiled": compile_guest(case, wasm, folder, extra)}
        except (Failed, subprocess.TimeoutExpired) as error:
            print(f"{title}: does not compile\n{error}")
            return 1
        interpreted = None if matrix else interpret_guest(case, wasm, folder)
        if interpreted:
            engines["interpreted"] = interpreted
        for number, run in enumerate(case.runs, 1):
            for engine, command in engines.items():
                where = folder / f"{engine}{number}"
                result = run_once(command, run, where)
                if result is None:
                    print(f"{title}: {engine}: run {number}: still running after {RUN_TIMEOUT} s, killed")
                    failures += 1
                    continue
                bad = compare(run, result, where)
                if bad:
                    print(f"{title}: {engine}: run {number}:\n{bad}")
                    failures += 1
                if engine == "compiled":
                    keep(results.setdefault(case.path, {}), run, result)
    return failures


def keep(results, run, result):
    """Remembers what a run did, as it is written into its file: lines that a pattern matches stay."""
    for stream in ("stdout", "stderr"):
        if cases.difference(run.get(stream, ""), result[stream]) is None:
            result[stream] = run.get(stream, "")
        else:
            result[stream] = cases.keep_patterns(run.get(stream, ""), result[stream])
    results[run["place"]] = result


def check():
    """Every error of streams/error.h is some guest's result."""
    text = (SOURCE / "streams/error.h").read_text()
    names = re.findall(r"X\((\w+),\s*-\d+", text)
    runs = [run for case in cases.load_all() for run in case.runs]
    seen = "\n".join(run.get(stream, "") for run in runs for stream in ("stdout", "stderr"))
    missing = [name for name in names if not re.search(rf"(?m): {name}$", seen)]
    for name in missing:
        print(f"no case has a guest that gets {name}")
    return 1 if missing or len(names) < 18 else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--shard", default="1/1")
    parser.add_argument("--matrix", metavar="CC")
    parser.add_argument("--static", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--without", metavar="NAME", nargs="+", default=[])
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    wanted = parser.parse_args()
    if wanted.check:
        return check()

    chosen = cases.load_all([path.resolve() for path in wanted.files])
    unknown = set(wanted.without) - {case.name for case in cases.load_all()}
    if unknown:
        parser.error(f"no case {', '.join(sorted(unknown))}")
    chosen = [case for case in chosen if case.name not in wanted.without]
    if wanted.matrix:
        static = ["-static"] if wanted.static else []
        work = [
            (case, ["--cc", wanted.matrix, *static, level, f"--memory={memory}"])
            for case in chosen
            if case.matrix and not (wanted.static and case.dynamic)
            for level in ("-O0", "-O2", "-O3")
            for memory in (("guard", "checked") if case.matrix == "all" else ("guard",))
        ]
    else:
        shard, shards = map(int, wanted.shard.split("/"))
        work = [(case, []) for case in chosen[shard - 1 :: shards]]

    failures, results = 0, {}
    with tempfile.TemporaryDirectory(prefix="dagger-programs-") as modules:
        for case, extra in work:
            try:
                failures += run_case(case, extra, pathlib.Path(modules), results, wanted.matrix)
            except Exception:
                print(f"{case.name}: {traceback.format_exc()}")
                failures += 1
    if wanted.update:
        for path, of_file in results.items():
            cases.update(path, of_file)
    print(f"{len(work)} programs, {failures} failures")
    return 1 if failures or not work else 0


if __name__ == "__main__":
    sys.exit(main())
