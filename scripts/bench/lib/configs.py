"""The configurations that are measured: one table. A configuration says how a program is built and run."""

from dataclasses import dataclass

FLAVOURS = {"simd": ("-msimd128",), "scalar": ()}  # of guests, and what makes clang compile them so
OPTIMISED = ("-O3", "-ffp-contract=off")
# As wasm2c's documentation has it, for code that keeps to WebAssembly's rules.
STOCK = ("-O3", "-fno-optimize-sibling-calls", "-frounding-math", "-fsignaling-nans")


@dataclass(frozen=True)
class Way:
    """How an engine runs a module. {wasm}: the module that exports run(), {out}: a file of its own,
    {guest}: the module for Dagger, {script}: run.mjs."""

    run: tuple
    compile: tuple = ()  # ahead of time; empty: not


@dataclass(frozen=True)
class Config:
    name: str
    what: str
    kind: str  # native, daggercc, stock or engine
    programs: tuple = ()  # which must be on PATH
    options: tuple = ()  # of the compiler
    ways: tuple = ()  # of an engine, best first: the first that can run a program is taken
    quick: bool = False  # measured with --quick too
    best: bool = False  # native: one of those whose better is what all are compared with
    times_itself: bool = False
    slow: bool = False  # an interpreter: measured in the first round only
    chart: bool = False  # has its dots in the chart
    flavours: tuple = tuple(FLAVOURS)


def native(cc, **rest):
    return Config(cc, f"native, {cc} -O3", "native", (cc,), quick=rest.get("best", False), **rest)


def daggercc(name, what, *options, **rest):
    return Config("-".join(("daggercc", *name)), f"daggercc {what}", "daggercc",
                  options=options, **rest)  # fmt: skip


def engine(name, what, *ways, **rest):
    return Config(name, what, "engine", ways=ways, **{"programs": (ways[0].run[0],), **rest})


CONFIGS = (
    native("gcc", best=True),
    native("clang", best=True),
    native("clang-19"),
    daggercc((), "as it comes", quick=True, chart=True),
    daggercc(("O3",), "-O3", "-O3"),
    daggercc(("relaxed",), "--relaxed-loads", "--relaxed-loads", chart=True),
    daggercc(("guard",), "--memory=guard", "--memory=guard"),
    daggercc(("checked",), "--memory=checked", "--memory=checked"),
    daggercc(("fuel",), "--fuel=N, N never reached", "--fuel=9000000000000000000"),
    daggercc(("clang",), "--cc=clang", "--cc=clang", programs=("clang",)),
    daggercc(("clang", "19"), "--cc=clang-19", "--cc=clang-19", programs=("clang-19",)),
    Config("stock", "wasm2c's output as it is, gcc -O3", "stock", ("gcc",), quick=True, chart=True),
    Config("stock-wabt", "the same by --stock, with wabt's own runtime", "stock", ("gcc",)),
    engine("node", "V8, whole process", Way(("node", "{script}", "{wasm}")), quick=True),
    engine("node-steady", "V8, the call alone, all compiled by TurboFan before",
           Way(("node", "--no-liftoff", "--no-wasm-lazy-compilation", "{script}", "{wasm}", "timed")),
           quick=True, times_itself=True, chart=True),
    engine("wasmtime", "wasmtime, compiled ahead of time",
           Way(("wasmtime", "run", "--allow-precompiled", "--invoke", "run", "{out}.cwasm"),
               ("wasmtime", "compile", "{wasm}", "-o", "{out}.cwasm")),
           Way(("wasmtime", "run", "--invoke", "run", "{wasm}")), chart=True),
    engine("wasmer", "wasmer, compiled ahead of time",
           Way(("wasmer", "run", "--invoke", "run", "{out}.wasmu"),
               ("wasmer", "compile", "{wasm}", "-o", "{out}.wasmu")),
           Way(("wasmer", "run", "--invoke", "run", "{wasm}")), chart=True),
    engine("wasmer-llvm", "wasmer, compiled ahead of time by LLVM",
           Way(("wasmer", "run", "--invoke", "run", "{out}.wasmu"),
               ("wasmer", "compile", "--llvm", "{wasm}", "-o", "{out}.wasmu")), chart=True),
    engine("wasmedge", "wasmedge, compiled ahead of time",
           Way(("wasmedge", "--reactor", "{out}.so", "run"),
               ("wasmedge", "compile", "--optimize", "3", "{wasm}", "{out}.so")),
           Way(("wasmedge", "--reactor", "{out}.so", "run"), ("wasmedgec", "{wasm}", "{out}.so")),
           chart=True),
    engine("wamrc", "iwasm, compiled ahead of time by wamrc (LLVM)",
           Way(("iwasm", "--stack-size=1048576", "-f", "run", "{out}.aot"), ("wamrc", "-o", "{out}.aot", "{wasm}")),
           programs=("iwasm", "wamrc"), chart=True),
    engine("iwasm", "iwasm, interpreter", Way(("iwasm", "--stack-size=1048576", "-f", "run", "{wasm}")),
           slow=True),
    engine("wasm3", "wasm3, interpreter", Way(("wasm3", "--stack-size", "1048576", "--func", "run", "{wasm}")),
           slow=True, flavours=("scalar",)),
    engine("dagger", "dagger", Way(("dagger", "{guest}")), slow=True),
)  # fmt: skip

BY_NAME = {config.name: config for config in CONFIGS}
