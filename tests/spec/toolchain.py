"""Commands that are run, and how daggercc and the C compiler are called for one configuration.

Modules of the specification's tests import from each other and from "spectest"; daggercc refuses
such a module, rightly. For those, the commands of `daggercc -###` are run here with other names, and
what they import from is compiled to an object too. The object of module number K defines w2c_mK_eN for
its export number N and wasm2c_mK_instantiate, and its header declares them.
"""

import contextlib
import pathlib
import re
import shlex
import subprocess

from wasm_file import WasmFile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
EMPTY_MODULE = b"\0asm\1\0\0\0"
OTHER_NAMES = (
    "GUEST_H_GENERATED_",
    "w2c_guest",
    "wasm2c_guest_instantiate",
    "wasm2c_guest_free",
    "wasm2c_guest_get_func_type",
)
REFUSED_IMPORTS = "not part of the Dagger ABI"
NOT_SPECIALISED = "C that is not known here"


class Failed(Exception):
    """A tool failed, or something is not as it must be."""


def run(argv, folder, seconds=600):
    """Returns status, output and messages."""
    done = subprocess.run(
        [str(word) for word in argv],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def must(argv, folder):
    status, output, errors = run(argv, folder)
    if status != 0:
        raise Failed(f"{pathlib.Path(argv[0]).name}: status {status}: {errors.strip()[:600]}")
    return output


class Toolchain:
    """`options`: of daggercc; `enable`: features that wasm2c must be told of; `folder`: for what all
    programs need."""

    def __init__(self, build, options, enable, folder):
        self.build = pathlib.Path(build).resolve()
        self.daggercc = self.build / "bin" / "daggercc"
        self.library = self.build / "lib" / "dagger" / "libdagger.a"
        self.options, self.folder = options, folder
        self.enable = [f"--enable-{feature}" for feature in enable]
        self._ask_commands()
        for name in ("harness", "spectest", "in_objects", "in_executable"):
            self.compile_ours(HERE / f"{name}.c", folder / f"{name}.o", folder)

    def _ask_commands(self):
        (self.folder / "empty.wasm").write_bytes(EMPTY_MODULE)
        argv = [self.daggercc, *self.options, "-###", "-c", "empty.wasm"]
        status, _, text = run(argv, self.folder)
        lines = [shlex.split(line) for line in text.splitlines() if not line.startswith("daggercc:")]
        wasm2c = [line for line in lines if "guest.wasm" in line]
        compilers = [line for line in lines if "guest.o" in line]
        if status != 0 or len(wasm2c) != 1 or len(compilers) != 1:
            raise Failed(f"{shlex.join(map(str, argv))} does not print two commands:\n{text}")
        self.wasm2c, self.cc = wasm2c[0][: wasm2c[0].index("-n")], compilers[0]

    def translation(self, name, source, wasm):
        """The command that translates a module as daggercc does."""
        return [*self.wasm2c, "-n", name, *self.enable, "-o", source, wasm]

    def _headers(self, folder):
        with contextlib.suppress(FileExistsError):  # modules of a file are compiled side by side
            (folder / "include").symlink_to(self.build / "include" / "dagger")

    def compile_ours(self, source, output, folder):
        """The harness, and what is generated for it: with the same ABI, but fast to compile."""
        self._headers(folder)
        argv = [word for word in self.cc if word not in ("-c", "guest.c", "-o", "guest.o")]
        include = [f"-I{path}" for path in (HERE, SOURCE, SOURCE / "rt", SOURCE / "streams")]
        include += [f"-I{self.build}/include", f"-I{SOURCE}/rt/include"]
        must([*argv, "-O0", *include, "-c", source, "-o", output], folder)

    # ---- executables -----------------------------------------------------------------------------

    def check_specialised(self):
        """That daggercc makes executables of code of their own, whose functions take no instance, with
        this wasm2c. Returns how they keep memory in bounds, as their start says."""
        module, temps = self.folder / "probe.wasm", self.folder / "probe.temps"
        (self.folder / "memory.wasm").write_bytes(EMPTY_MODULE + b"\5\3\1\0\1")
        WasmFile(self.folder / "memory.wasm").write_program(module, [])
        must([self.daggercc, *self.options, f"--save-temps={temps}", module, "-o", "probe"], self.folder)
        if "w2c_guest_export_0(void);" not in (temps / "guest.h").read_text():
            raise Failed("daggercc does not specialise executables here: use --config=-c")
        return re.search(r"DAGGER_MEMORY_(\w+)", (temps / "start.c").read_text()).group(1).lower()

    def make_executable(self, module, wasm, commands, output):
        """As a user makes one, but that `commands`, an object with the function mN_commands, and the
        harness are linked to it."""
        ours = [commands, self.folder / "harness.o", self.folder / "in_executable.o", self.library]
        linker = [*ours, f"--defsym=commands=m{module.number}_commands", "--wrap=_exit",
                  "--wrap=dagger_start"]
        words = [f"-Wl,{word}" for word in linker]
        argv = [self.daggercc, *self.options, "-v", "-j1", wasm, "-o", output, *words]
        status, _, errors = run(argv, output.parent)
        lines = errors.splitlines()
        if status != 0:
            said = [line for line in lines if line.startswith(("daggercc: ", "  "))]
            raise Failed(f"daggercc: status {status}: {chr(10).join(said)[:600]}")
        if any(NOT_SPECIALISED in line for line in lines):
            raise Failed("daggercc did not specialise it")

    # ---- objects ---------------------------------------------------------------------------------

    def make_object(self, module, folder):
        if module.wasm.imports:
            self._compile_importing(module, folder)
        else:
            self._compile_library(module, folder)

    def link(self, objects, output, folder):
        cc = self.cc[: self.cc.index("-std=gnu11")]
        ours = [self.folder / f"{name}.o" for name in ("harness", "spectest", "in_objects")]
        must([*cc, "-o", output, *objects, *ours, self.library, "-lm", "-Wl,--wrap=_exit"], folder)

    def _compile_library(self, module, folder):
        """A module without imports."""
        number = module.number
        temps, output = folder / f"m{number}.temps", folder / f"m{number}.o"
        must([self.daggercc, *self.options, "-c", "-j1", f"--save-temps={temps}", module.path, "-o",
              output], folder)
        header = (temps / "guest.h").read_text()
        symbols = re.findall(r"/\* export: [^\n]*\n.*\b(w2c_guest_\w+)[(;]", header)
        if len(symbols) != len(module.wasm.exports):
            raise Failed(f"{len(module.wasm.exports)} exports, but {len(symbols)} in the header")
        names = {symbol: f"w2c_m{number}_e{i}" for i, symbol in enumerate(symbols)}
        for word in OTHER_NAMES:
            names[word] = re.sub("guest", f"m{number}", word, flags=re.I)
        header = re.sub(r"\w+", lambda word: names.get(word.group(), word.group()), header)
        (folder / f"m{number}.h").write_text(header)
        listing = folder / f"m{number}.symbols"
        listing.write_text("".join(f"{old} {new}\n" for old, new in names.items()))
        must(["objcopy", f"--redefine-syms={listing}", output], folder)

    def _compile_importing(self, module, folder):
        name = f"m{module.number}"
        status, _, errors = run([self.daggercc, *self.options, "-###", "-c", module.path], folder)
        if status != 1 or REFUSED_IMPORTS not in errors:
            raise Failed(f"its imports are not refused: daggercc: status {status}: {errors[:300]}")
        exports = [b"e%d" % i for i in range(len(module.wasm.exports))]
        module.wasm.write_renamed(folder / f"{name}.wasm", module.providers, exports)
        self._headers(folder)
        must(self.translation(name, f"{name}.c", f"{name}.wasm"), folder)
        must([re.sub(r"^guest(?=\.[a-z]$)", name, word) for word in self.cc], folder)

    def instances_taken(self, module, folder):
        """The names of the modules whose instances its instantiation takes, in order."""
        header = (folder / f"m{module.number}.h").read_text()
        pattern = rf"\bwasm2c_m{module.number}_instantiate\(([^)]*)\)"
        return re.findall(r"struct w2c_(\w+)\s*\*", re.search(pattern, header).group(1))
