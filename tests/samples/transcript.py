"""Runs the transcripts of a README: what stands in its ```console blocks must be what happens.

    transcript.py FOLDER [--update | --interpreted] [--without WORD...]

FOLDER is a folder of samples/, `top` for the README.md of the project, or `tutorial` for docs/tutorial.md.
The whole of samples/ is copied to a fresh folder, and each command is run there by bash in its FOLDER, with
daggercc on PATH and the build tree where pkg-config and CMake look. In a block:

    $ command                what is typed
    > more of it             the rest of a command of several lines
    what appears             standard output and standard error; "..." matches any text in a line
    [1]                      the exit status, if it is not 0

PORT is the port of a web server for the folder, on the loopback interface; what is posted to it is added to
the file `posted`. With --update the README is rewritten with what appeared, where it does not match. With
--interpreted the programs that daggercc makes are scripts that run the module by dagger. Commands with a
WORD in them are left out.
"""

import functools
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SKIPPED = 77
TIMEOUT = 120  # seconds for one command


class Command:
    def __init__(self, typed):
        self.typed = [typed]
        self.expected = []

    def lines(self, output):
        first, *rest = self.typed
        return [f"$ {first}"] + [f"> {line}".rstrip() for line in rest] + output


def parse(text):
    """The README as a list of lines and Commands, in order."""
    parts, inside = [], False
    for line in text.splitlines():
        if not inside or line == "```":
            inside = line == "```console"
            parts.append(line)
        elif line.startswith("$ "):
            parts.append(Command(line[2:]))
        elif (line == ">" or line.startswith("> ")) and not parts[-1].expected:
            parts[-1].typed.append(line[2:])
        else:
            parts[-1].expected.append(line)
    return parts


def same(expected, actual):
    def pattern(line):
        return ".*".join(re.escape(part) for part in line.split("..."))

    return len(expected) == len(actual) and all(
        re.fullmatch(pattern(want), got) for want, got in zip(expected, actual)
    )


def run(command, folder, environment):
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", "\n".join(command.typed)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
    )
    lines = done.stdout.decode("utf-8", "backslashreplace").splitlines()
    return lines + ([f"[{done.returncode}]"] if done.returncode != 0 else [])


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(os.path.join(self.directory, "posted"), "ab") as posted:
            posted.write(body + b"\n")
        self.send_response(204)
        self.end_headers()


def compiler(language):
    """The program of a language's compiler, as a path, or None if it is not there."""
    name = NEEDED[language]
    if name == "asc":
        return BUILD / "node/assemblyscript/node_modules/.bin/asc"
    if name == "zig":
        return os.environ.get("DAGGER_ZIG") or shutil.which("zig")
    if name == "rustc":
        for candidate in (shutil.which("rustc"), "/usr/bin/rustc"):
            if candidate and os.path.exists(candidate):
                ask = [candidate, "--print", "sysroot"]
                root = subprocess.run(ask, capture_output=True, text=True).stdout.strip()
                if os.path.isdir(f"{root}/lib/rustlib/{RUST_TARGETS[language]}"):
                    return candidate
        return None
    return shutil.which(name)


INTERPRETED = """#!/bin/bash
# daggercc, but the executable it makes becomes a script that has dagger run the same module.
DAGGERCC "$@" || exit
output= module= options=
while [ $# -gt 0 ]; do
    case $1 in
    -o) output=$2; shift ;;
    *.wasm | *.wat) module=$1 ;;
    --env=* | --dir=* | --invoke=* | --entry=* | --allow=*) options="$options $1" ;;
    --print-imports | --emit* | -c | -S | --help | --version) exit 0 ;;
    esac
    shift
done
name=$(basename "$module")
output=${output:-${name%.*}}
copies=$(mktemp -d -p FOLDER)
copy=$copies/$(basename "$output").${module##*.}
cp "$module" "$copy" && printf '#!/bin/sh\nexec dagger%s "%s" "$@"\n' "$options" "$copy" >"$output"
"""


def interpret(folder):
    """Puts such a daggercc into a new folder, which is returned."""
    place = pathlib.Path(folder, "interpreted")
    place.mkdir()
    text = INTERPRETED.replace("DAGGERCC", f"{BUILD}/bin/daggercc").replace("FOLDER", str(place))
    (place / "daggercc").write_text(text)
    (place / "daggercc").chmod(0o755)
    return place


NEEDED = {"top": "clang", "tutorial": "clang", "c": "clang", "embed": "clang", "mapreduce": "clang",
          "events": "clang", "serve": "clang", "wat": "wat2wasm", "assemblyscript": "asc", "rust": "rustc",
          "zig": "zig", "wasi": "clang", "wasi-rust": "rustc"}
# What is not in a folder of samples/: where its commands are run, and where it stands.
DOCUMENTS = {"top": ("", "README.md"), "tutorial": ("tutorial", "docs/tutorial.md")}
RUST_TARGETS = {"rust": "wasm32-unknown-unknown", "wasi-rust": "wasm32-wasi"}


def main(language, update, interpreted, without):
    program = compiler(language)
    if program is None:
        print(f"{NEEDED[language]} with its WebAssembly target is not installed")
        return SKIPPED
    if (interpreted or language in DOCUMENTS) and not (BUILD / "bin/dagger").exists():
        print("dagger is not built")
        return SKIPPED
    place, readme = DOCUMENTS.get(language, (f"samples/{language}", f"samples/{language}/README.md"))
    readme = SOURCE / readme
    parts = parse(readme.read_text())
    failures = 0
    with tempfile.TemporaryDirectory(prefix="dagger-samples-") as top:
        shutil.copytree(
            SOURCE / "samples", f"{top}/samples", ignore=shutil.ignore_patterns("node_modules")
        )
        folder = f"{top}/{place}"
        os.makedirs(folder, exist_ok=True)
        os.mkdir(f"{top}/bin")
        os.symlink(program, f"{top}/bin/{NEEDED[language]}")
        handler = functools.partial(Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("DAGGER_")},
            "PATH": f"{interpret(top) if interpreted else top}:{BUILD}/bin:{top}/bin:{os.environ['PATH']}",
            "PKG_CONFIG_PATH": f"{BUILD}/share/pkgconfig",
            "CMAKE_PREFIX_PATH": str(BUILD),
            "PORT": str(server.server_port),
            "LC_ALL": "C.UTF-8",
        }
        output = []
        commands = left_out = 0
        for part in parts:
            if isinstance(part, str):
                output.append(part)
                continue
            if any(word in line for word in without for line in part.typed):
                left_out += 1
                output += part.lines(part.expected)
                continue
            commands += 1
            actual = run(part, folder, environment)
            matches = same(part.expected, actual)
            if not matches:
                failures += 1
                print("\n".join(part.lines([f"    expected: {line}" for line in part.expected])))
                print("\n".join(f"    actual:   {line}" for line in actual))
            output += part.lines(part.expected if matches else actual)
        server.shutdown()
        server.server_close()
    if commands == 0:
        print(f"{readme} has no transcript")
        return 1
    if update:
        readme.write_text("\n".join(output) + "\n")
    print(f"{commands} commands, {failures} not as in {readme}; {left_out} left out")
    return 1 if failures else 0


if __name__ == "__main__":
    options, _, words = " ".join(sys.argv[2:]).partition("--without ")
    sys.exit(main(sys.argv[1], "--update" in options, "--interpreted" in options, words.split()))
