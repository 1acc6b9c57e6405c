"""The commands of a .wast file as C: what is called, and what the results are compared with.

Here, and only here, stand the C names and types of what daggercc generates: of the functions that an
object exports, which take an instance, and of those in an executable, which don't.
"""

# What the runtime says where the specification's texts tell more apart.
REASONS = {
    "indirect call type mismatch": "undefined element or indirect call type mismatch",
    "undefined element": "undefined element or indirect call type mismatch",
    "uninitialized element": "undefined element or indirect call type mismatch",
}
LETTERS = {"i32": "i", "i64": "j", "f32": "f", "f64": "d", "v128": "o", "funcref": "r", "externref": "e"}
C_TYPES = {
    "i32": "u32", "i64": "u64", "f32": "f32", "f64": "f64", "v128": "v128",
    "funcref": "wasm_rt_funcref_t", "externref": "wasm_rt_externref_t",
}
PER_FUNCTION = 200  # commands

V128_OF = """#ifdef WASM_RT_SIMD_TYPE_DEFINED
static v128 v128_of(u64 low, u64 high)
{
    u64 bits[2] = {low, high};
    v128 value;
    memcpy(&value, bits, sizeof value);
    return value;
}
#endif
"""
# As the generated code's, without its headers, which take long to read.
TYPES = """typedef uint32_t u32;
typedef uint64_t u64;
typedef float f32;
typedef double f64;
#define WASM_RT_SIMD_TYPE_DEFINED
typedef long long v128 __attribute__((vector_size(16)));
"""


def reason_of(text):
    for ours in REASONS:
        if text.startswith(ours):
            return REASONS[ours]
    return text


def _lanes(value):
    """Of a v128: bits per lane, and the lanes' texts."""
    return 128 // len(value["value"]), value["value"]


def _halves(width, lanes):
    """The exact lanes as two 64-bit numbers."""
    bits = sum((int(lane) & (1 << width) - 1) << i * width for i, lane in enumerate(lanes))
    return bits & (1 << 64) - 1, bits >> 64


def _literal(value):
    kind, text = value["type"], value["value"]
    if kind == "v128":
        return "v128_of(0x%xull, 0x%xull)" % _halves(*_lanes(value))
    if kind in ("funcref", "externref"):
        if text == "null":
            return f"wasm_rt_{kind}_null_value"
        return f"(void *)(uintptr_t){int(text) + 1}"
    if kind in ("f32", "f64"):
        return f"{kind}_of({text}ull)"
    return f"{text}u" if kind == "i32" else f"{text}ull"


def _expectations(value, where):
    """C statements that compare what is at `where`."""
    kind, text = value["type"], value["value"]

    def one(offset, size, text):
        match = {"nan:canonical": "CANONICAL_NAN", "nan:arithmetic": "ARITHMETIC_NAN"}.get(text)
        exact = "0" if match else text + "ull"
        return f"expect(&{where}, {offset}, {size}, {match or 'EXACT'}, {exact});"

    if kind == "v128":
        width, lanes = _lanes(value)
        if any(lane.startswith("nan:") for lane in lanes):
            return [one(i * width // 8, width // 8, lane) for i, lane in enumerate(lanes)]
        return [one(8 * i, 8, str(half)) for i, half in enumerate(_halves(width, lanes))]
    if kind in ("funcref", "externref"):
        return [one(0, 8, "0" if text == "null" else str(int(text) + 1))]
    return [one(0, 4 if kind in ("i32", "f32") else 8, text)]


def arguments_of(action):
    return [_literal(value) for value in action.get("args", [])]


def checked(call, expected):
    """C that evaluates `call` and compares the results with what the command expects, if anything."""
    if not expected:
        return f"(void){call};"
    checks = []
    for i, value in enumerate(expected):
        where = "got" if len(expected) == 1 else f"got.{LETTERS[value['type']]}{i}"
        checks += _expectations(value, where)
    return f"__auto_type got = {call}; {' '.join(checks)}"


def command(number, reason, text):
    quoted = f'"{reason}"' if reason else "NULL"
    return f"    COMMAND({number}, {quoted}, {text});\n"


def commands_function(name, texts):
    """The function `name` that performs them all, a few hundred in a function of their own."""
    starts = range(0, len(texts), PER_FUNCTION)
    out = [
        f"static void {name}_{start}(void)\n{{\n{''.join(texts[start : start + PER_FUNCTION])}}}\n"
        for start in starts
    ]
    calls = "".join(f"    {name}_{start}();\n" for start in starts)
    return "".join(out) + f"void {name}(void)\n{{\n{calls}}}\n\n"


class InObjects:
    """Modules compiled to objects: the objects' symbols are renamed, see toolchain.py."""

    @staticmethod
    def call(module, export, arguments):
        words = "".join(f", {word}" for word in arguments)
        return f"w2c_m{module.number}_e{export}(&instance_m{module.number}{words})"

    @classmethod
    def read(cls, module, export):
        return "*" + cls.call(module, export, [])

    @staticmethod
    def instantiate(module, others):
        """`others`: the instances that it takes, by the names of their modules."""
        words = ["spectest" if name == "spectest" else f"instance_{name}" for name in others]
        words = "".join(f", &{word}" for word in words)
        return f"wasm2c_m{module.number}_instantiate(&instance_m{module.number}{words});"

    @staticmethod
    def head(numbers):
        lines = ['#include "harness.h"\n']
        lines += [f'#include "m{number}.h"\n' for number in numbers]
        lines += [f"static w2c_m{number} instance_m{number};\n" for number in numbers]
        return "".join(lines) + V128_OF


class InExecutables:
    """A module that is alone in its executable, as WasmFile.write_program makes it. The functions are
    those of its exports, by number; their types are declared here for each module."""

    @staticmethod
    def call(module, export, arguments):
        return f"m{module.number}_e{export}({', '.join(arguments)})"

    @classmethod
    def read(cls, module, export):
        kind = next(read for i, read in enumerate(module.globals_read) if read[2] == export)
        at = len(module.wasm.exports) + module.globals_read.index(kind)
        return cls.call(module, at, [])

    @staticmethod
    def instantiate(_module, _others):
        return "instantiate_guest();"

    @staticmethod
    def head(modules):
        return '#include "harness.h"\n' + TYPES + V128_OF + "".join(_declarations(m) for m in modules)


def _declarations(module):
    """Of all that a module exports for its commands. The name in C has the module's number, so that one
    source can hold the commands of many; the symbol has not."""
    wasm, out = module.wasm, []
    types = {i: wasm.export_type(i) for i in sorted(module.called)}
    reads = {len(wasm.exports) + i: ([], [read[1]]) for i, read in enumerate(module.globals_read)}
    for export, (parameters, results) in (types | reads).items():
        name = f"m{module.number}_e{export}"
        result = C_TYPES[results[0]] if len(results) == 1 else "void"
        if len(results) > 1:
            members = "".join(f"{C_TYPES[kind]} {LETTERS[kind]}{i}; " for i, kind in enumerate(results))
            result = f"struct {name} {{ {members}}}"
        words = ", ".join(C_TYPES[kind] for kind in parameters) or "void"
        out.append(f'{result} {name}({words}) __asm__("w2c_guest_export_{export}");\n')
    return "".join(out)
