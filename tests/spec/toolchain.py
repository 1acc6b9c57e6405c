"""How modules become objects: by daggercc where it takes them, else by the very commands it says it
would run.

Modules of the specification's tests import from each other and from "spectest"; daggercc refuses
such a module, rightly. For those, the commands of `daggercc -###` are run here with other names.
Either way the object of module number K defines w2c_mK_eN for its export number N and
wasm2c_mK_instantiate, and its header declares them.
"""

import contextlib
import pathlib
import re
import shlex
import subprocess

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


class Failed(Exception):
    """A tool failed, or something is not as it must be."""


def run(argv, folder, seconds=600):
    """Returns status, output and messages, at most the first lines of those."""
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
    status, _, errors = run(argv, folder)
    if status != 0:
        raise Failed(f"{pathlib.Path(argv[0]).name}: status {status}: {errors.strip()[:600]}")


class Toolchain:
    def __init__(self, build, options, enable, folder):
        """`options`: of daggercc; `enable`: features that wast2json and wasm2c must be told of."""
        self.build = pathlib.Path(build).resolve()
        self.daggercc = self.build / "bin" / "daggercc"
        self.options, self.folder = options, folder
        self.enable = [f"--enable-{feature}" for feature in enable]
        self._ask_commands()
        for name in ("harness", "spectest"):
            self.compile_ours(HERE / f"{name}.c", folder / f"{name}.o", folder)

    def _ask_commands(self):
        (self.folder / "empty.wasm").write_bytes(EMPTY_MODULE)
        status, _, text = run([self.daggercc, "-###", "-c", *self.options, "empty.wasm"], self.folder)
        lines = [shlex.split(line) for line in text.splitlines()]
        wasm2c = [line for line in lines if "guest.wasm" in line]
        compilers = [line for line in lines if "guest.o" in line]
        if status != 0 or len(wasm2c) != 1 or len(compilers) != 1:
            raise Failed(f"daggercc -### does not print two commands:\n{text}")
        self.wasm2c, self.cc = wasm2c[0], compilers[0]

    def _named(self, command, name):
        return [re.sub(r"^guest(?=$|\.[a-z]+$)", name, word) for word in command]

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

    def link(self, objects, output, folder):
        cc = self.cc[: self.cc.index("-std=gnu11")]
        library = self.build / "lib" / "dagger" / "libdagger.a"
        ours = [self.folder / "harness.o", self.folder / "spectest.o"]
        must([*cc, "-o", output, *objects, *ours, library, "-lm", "-Wl,--wrap=_exit"], folder)

    def compile_library(self, path, module, number):
        """A module without imports."""
        folder = path.parent
        temps, output = folder / f"m{number}.temps", folder / f"m{number}.o"
        must([self.daggercc, "-c", *self.options, f"--save-temps={temps}", path, "-o", output], folder)
        header = (temps / "guest.h").read_text()
        symbols = re.findall(r"/\* export: [^\n]*\n.*\b(w2c_guest_\w+)[(;]", header)
        if len(symbols) != len(module.exports):
            raise Failed(f"{len(module.exports)} exports, but {len(symbols)} in the header")
        names = {symbol: f"w2c_m{number}_e{i}" for i, symbol in enumerate(symbols)}
        for word in OTHER_NAMES:
            names[word] = re.sub("guest", f"m{number}", word, flags=re.I)
        header = re.sub(r"\w+", lambda word: names.get(word.group(), word.group()), header)
        (folder / f"m{number}.h").write_text(header)
        listing = folder / f"m{number}.symbols"
        listing.write_text("".join(f"{old} {new}\n" for old, new in names.items()))
        must(["objcopy", f"--redefine-syms={listing}", output], folder)

    def compile_importing(self, path, module, number, providers):
        """A module with imports; `providers`: (module, field) of each as bytes, by our names."""
        folder, name = path.parent, f"m{number}"
        why = self.refuses_imports(path)
        if why:
            raise Failed(f"its imports are not refused: {why}")
        exports = [b"e%d" % i for i in range(len(module.exports))]
        module.write_renamed(folder / f"{name}.wasm", providers, exports)
        self._headers(folder)
        must([*self._named(self.wasm2c, name), *self.enable], folder)
        must(self._named(self.cc, name), folder)

    def _emit(self, path):
        """Has daggercc translate it: status, messages and what it left, which is removed."""
        output = path.with_suffix(".refused.c")
        status, _, errors = run([self.daggercc, "--emit=c", "-o", output, path], path.parent)
        left = [file for file in (output, output.with_suffix(".h")) if file.exists()]
        for file in left:
            file.unlink()
        return status, errors, left

    def refuses(self, path):
        """None if daggercc refuses the module as it should, else what it does."""
        status, errors, left = self._emit(path)
        if status != 1 or not errors.startswith("daggercc: "):
            return f"daggercc: status {status}: {errors[:300]}"
        if left:
            return f"daggercc refuses it but leaves {left[0].name}"
        if REFUSED_IMPORTS not in errors:
            return None
        # That says nothing about the rest of it: see what wasm2c thinks.
        argv = [{"guest.c": path.with_suffix(".c"), "guest.wasm": path}.get(w, w) for w in self.wasm2c]
        status, _, errors = run([*argv, *self.enable], path.parent)
        return None if status == 1 else f"wasm2c: status {status}: {errors[:300]}"

    def refuses_imports(self, path):
        status, errors, _ = self._emit(path)
        good = status == 1 and REFUSED_IMPORTS in errors
        return None if good else f"daggercc: status {status}: {errors[:300]}"

    def answers(self, path):
        status, errors, left = self._emit(path)
        if status == 0 or (status == 1 and errors.startswith("daggercc: ") and not left):
            return None
        return f"daggercc: status {status}: {errors[:300]}"
