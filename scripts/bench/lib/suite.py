"""The programs of the suite: what they are, and how each kind of file is made of them."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from configs import BY_NAME, FLAVOURS, OPTIMISED, STOCK

HERE = Path(__file__).resolve().parent
SUITE = HERE.parent / "suite"
EMPTY = "empty"  # the program that start-up is measured with
GUEST = ("clang", "--target=wasm32", "-nostdlib", "-std=c11", *OPTIMISED, "-mbulk-memory", "-msign-ext",
         "-Wl,--no-entry", "-Wl,-z,stack-size=1048576")  # fmt: skip
SLOWEST = 600  # seconds a command may take
# What would make another measurement of it.
UNWANTED = ("CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "NODE_OPTIONS")


class Failure(Exception):
    """Why something could not be built or run; one line."""


@dataclass(frozen=True)
class Program:
    name: str
    source: Path
    what: str  # what it does
    expected: int

    @property
    def defines(self):
        return (f'-DSUITE_NAME="{self.name}"',)


def programs(quick):
    """All of them by name, as their sources say."""
    macro = "SUITE_QUICK_EXPECTED" if quick else "SUITE_EXPECTED"
    found = {}
    for source in sorted(SUITE.glob("*.c")):
        text = source.read_text()
        what = re.match(r"/\* (\w+): (.*?)\*/", text, re.S)
        expected = re.search(rf"^{macro}\((0x[0-9a-f]{{8}})u\);", text, re.M)
        if not what or what[1] != source.stem or not expected:
            raise Failure(f"{source}: needs a first comment '{source.stem}: what it does' and a {macro}")
        sentence = re.sub(r"\s*\n \*\s*", " ", what[2]).strip()
        found[source.stem] = Program(source.stem, source, sentence, int(expected[1], 16))
    return found


def environment():
    return {name: value for name, value in os.environ.items() if name not in UNWANTED} | {"LC_ALL": "C"}


def call(argv):
    """Runs a command and returns what it printed; Failure unless it ends well."""
    argv = [str(arg) for arg in argv]
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SLOWEST, env=environment())  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Failure(f"{argv[0]}: took more than {SLOWEST} seconds") from None
    except OSError as error:
        raise Failure(f"{argv[0]}: {error.strerror}") from None
    text = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        lines = [line for line in text.splitlines() if "error" in line] or text.splitlines()
        raise Failure(f"{Path(argv[0]).name}: status {done.returncode}: {(lines or ['no message'])[0]}")
    return text


class Builder:
    """Builds programs in a folder. Each method makes files of its own, so that many can run at once."""

    def __init__(self, work, tree, quick, stock=None, stock_runtime=None):
        self.work, self.tree, self.stock_program, self.stock_runtime = work, tree, stock, stock_runtime
        self.quick = ("-DSUITE_QUICK",) if quick else ()

    def folder(self, *names):
        folder = self.work.joinpath(*names)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def guests(self, program, flavour):
        """Compiles both modules of a program: for Dagger, and for the others."""
        folder = self.folder(program.name, flavour)
        for name, entry in (("guest.wasm", "-DSUITE_DAGGER"), ("export.wasm", "-DSUITE_EXPORT")):
            call((*GUEST, *FLAVOURS[flavour], *program.defines, *self.quick, entry, "-o", folder / name,
                  program.source))  # fmt: skip
        return folder / "guest.wasm", folder / "export.wasm"

    def build(self, program, flavour, name, guests):
        """Builds one configuration of a program and returns the command that runs it, which was run
        once and gave the right result."""
        config = BY_NAME[name]
        folder = self.folder(program.name, flavour or "native", name)
        make = getattr(self, config.kind)
        failure = None
        for attempt in make(config, program, guests, folder):
            try:
                argv = [str(arg) for arg in attempt()]
                check(program, call(argv))
                return argv
            except Failure as error:
                failure = failure or error
        raise failure

    def native(self, config, program, _, folder):
        def attempt():
            out = folder / program.name
            call((config.programs[0], "-std=c11", *OPTIMISED, *program.defines, *self.quick, "-o", out,
                  program.source, "-lm"))  # fmt: skip
            return (out,)

        return (attempt,)

    def daggercc(self, config, program, guests, folder):
        def attempt():
            out = folder / program.name
            call((self.tree / "bin" / "daggercc", "-j", "1", *config.options, "-o", out, guests[0]))
            return (out,)

        return (attempt,)

    def stock(self, config, program, guests, folder):
        def attempt():
            out, source = folder / program.name, folder / "guest.c"
            if config.name == "stock":
                call((self.tree / "bin" / "daggercc", "--emit=c", "-o", source, guests[1]))
                runtime = (f"-I{self.tree}/include/dagger", self.tree / "lib" / "dagger" / "libdagger.a")
            else:
                call((self.stock_program, "-n", "guest", "-o", source, guests[1]))
                files = sorted(self.stock_runtime.glob("wasm-rt-*impl.c"))
                runtime = ("-DSTOCK_WABT", f"-I{self.stock_runtime}", *files)
            call(("gcc", "-std=gnu11", "-w", *STOCK, f"-I{folder}", *program.defines,
                  f"-DSTOCK_EXPECTED={program.expected}u", "-o", out, source, HERE / "stock.c", *runtime,
                  "-lm"))  # fmt: skip
            return (out,)

        return (attempt,)

    def engine(self, config, program, guests, folder):
        names = {"guest": guests[0], "wasm": guests[1], "out": folder / program.name,
                 "script": HERE / "run.mjs"}  # fmt: skip

        def filled(argv):
            return [arg.format_map(names) for arg in argv]

        def attempt(way):
            if way.compile:
                call(filled(way.compile))
            return filled(way.run)

        return [lambda way=way: attempt(way) for way in config.ways]


def check(program, text):
    """Failure unless the text has the program's checksum, in whatever way an engine writes an i32."""
    numbers = re.findall(r"(?<![\w.])-?(?:0x[0-9a-f]+|\d+)", text.lower())
    if program.expected not in (int(number, 0) & 0xFFFFFFFF for number in map(decimal, numbers)):
        first = (text.strip().splitlines() or ["nothing"])[0]
        raise Failure(f"{program.name}: printed {first!r}, expected 0x{program.expected:08x}")


def decimal(number):
    """int() takes no leading zeros."""
    return number if "0x" in number else re.sub(r"^(-?)0+(?=\d)", r"\1", number)


def version(argv):
    """The first line a program says about itself; '' if it is not there."""
    if shutil.which(argv[0]) is None:
        return ""
    try:
        return next(iter(call(argv).strip().splitlines()), "")
    except Failure:
        return "version unknown"
