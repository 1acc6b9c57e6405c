"""One .wast file: its modules compiled, its commands turned into C, run and compared."""

import json
import re

from toolchain import Failed, must, run
from wasm_file import WasmFile

# What the runtime says where the specification's texts tell more apart.
REASONS = {
    "indirect call type mismatch": "undefined element or indirect call type mismatch",
    "undefined element": "undefined element or indirect call type mismatch",
    "uninitialized element": "undefined element or indirect call type mismatch",
}
# Refusals of version 2.0 that multiple memories, which daggercc takes, have made void: such a module
# must get an orderly answer, whichever it is.
VOID = ("multiple memories", "zero byte expected")
LETTERS = {"i32": "i", "i64": "j", "f32": "f", "f64": "d", "v128": "o", "funcref": "r", "externref": "e"}
PER_FUNCTION = 200  # commands

HEAD = """#include "harness.h"
%s
#ifdef WASM_RT_SIMD_TYPE_DEFINED
static v128 v128_of(u64 low, u64 high)
{
    u64 bits[2] = {low, high};
    v128 value;
    memcpy(&value, bits, sizeof value);
    return value;
}
#endif

"""


def reason_of(text):
    for ours in REASONS:
        if text.startswith(ours):
            return REASONS[ours]
    return text


def lanes_of(value):
    """Of a v128: bits per lane, and the lanes' texts."""
    return 128 // len(value["value"]), value["value"]


def halves(width, lanes):
    """The exact lanes as two 64-bit numbers."""
    bits = sum((int(lane) & (1 << width) - 1) << i * width for i, lane in enumerate(lanes))
    return bits & (1 << 64) - 1, bits >> 64


def literal(value):
    kind, text = value["type"], value["value"]
    if kind == "v128":
        return "v128_of(0x%xull, 0x%xull)" % halves(*lanes_of(value))
    if kind in ("funcref", "externref"):
        if text == "null":
            return f"wasm_rt_{kind}_null_value"
        return f"(void *)(uintptr_t){int(text) + 1}"
    if kind in ("f32", "f64"):
        return f"{kind}_of({text}ull)"
    return f"{text}u" if kind == "i32" else f"{text}ull"


def expectations(value, where):
    """C statements that compare what is at `where`."""
    kind, text = value["type"], value["value"]

    def one(offset, size, text):
        match = {"nan:canonical": "CANONICAL_NAN", "nan:arithmetic": "ARITHMETIC_NAN"}.get(text)
        exact = "0" if match else text + "ull"
        return f"expect(&{where}, {offset}, {size}, {match or 'EXACT'}, {exact});"

    if kind == "v128":
        width, lanes = lanes_of(value)
        if any(lane.startswith("nan:") for lane in lanes):
            return [one(i * width // 8, width // 8, lane) for i, lane in enumerate(lanes)]
        return [one(8 * i, 8, str(half)) for i, half in enumerate(halves(width, lanes))]
    if kind in ("funcref", "externref"):
        return [one(0, 8, "0" if text == "null" else str(int(text) + 1))]
    return [one(0, 4 if kind in ("i32", "f32") else 8, text)]


class WastFile:
    def __init__(self, path, tools, folder, pool, refusals):
        self.path, self.tools, self.folder, self.pool = path, tools, folder, pool
        self.refusals = refusals
        self.passed, self.void, self.failures = 0, 0, []  # failures: (line, what, why)
        self.modules = {}  # number: WasmFile
        self.names, self.registered, self.current = {}, {}, None
        self.building = {}  # number: future
        self.code = []  # (command's number, modules it needs, C text)

    def fail(self, command, why):
        what = command.get("action", {}).get("field", "")
        self.failures.append((command["line"], f"{command['type']} {what}".strip(), why))

    def check(self):
        """Runs everything; passed and failures tell afterwards."""
        self.folder.mkdir()
        json_file = self.folder / "commands.json"
        must(["wast2json", *self.tools.enable, self.path, "-o", json_file], self.folder)
        self.commands = json.loads(json_file.read_text())["commands"]
        refused = []
        for number, command in enumerate(self.commands):
            try:
                job = self.translate(number, command)
                if job and self.refusals:
                    refused.append((command, self.pool.submit(job[0], self.folder / job[1])))
            except Failed as error:
                self.fail(command, str(error))
        for command, future in refused:
            why = future.result()
            if why:
                self.fail(command, why)
            elif command["text"] in VOID:
                self.void += 1
            else:
                self.passed += 1
        self.run_code()

    def translate(self, number, command):
        kind = command["type"]
        if kind in ("assert_malformed", "assert_invalid"):
            void = command["text"] in VOID
            return self.tools.answers if void else self.tools.refuses, command["filename"]
        if kind == "assert_unlinkable":
            return self.tools.refuses_imports, command["filename"]
        if kind == "module":
            self.current = number
            if "name" in command:
                self.names[command["name"]] = number
            self.module(number, command, None)
        elif kind == "assert_uninstantiable" or (kind == "assert_trap" and "action" not in command):
            self.module(number, command, reason_of(command["text"]))
        elif kind == "register":
            self.registered[command["as"].encode()] = self.which(command.get("name"))
        else:
            self.action(number, command)
        return None

    def which(self, name):
        return self.current if name is None else self.names[name]

    # ---- modules ---------------------------------------------------------------------------------

    def module(self, number, command, reason):
        path = self.folder / command["filename"]
        module = self.modules[number] = WasmFile(path)
        providers, needed = [], set()
        for item in module.imports:
            other = self.registered.get(item.module)
            export = None if other is None else self.modules[other].export_number(item.field)
            if export is not None:
                providers.append((b"m%d" % other, b"e%d" % export))
                needed.add(other)
            elif item.module == b"spectest":
                providers.append((b"spectest", item.field))
            else:
                raise Failed(f"import {item.module}.{item.field} is not there")
        if module.imports:
            job = (self.tools.compile_importing, path, module, number, providers)
        else:
            job = (self.tools.compile_library, path, module, number)
        self.building[number] = self.pool.submit(*job)
        self.code.append((number, needed | {number}, ("instantiate", number, reason)))

    def instantiate(self, number, reason):
        """C for it: the other instances are passed in the order that the header says."""
        header = (self.folder / f"m{number}.h").read_text()
        prototype = re.search(rf"\bwasm2c_m{number}_instantiate\(([^)]*)\)", header).group(1)
        others = re.findall(r"struct w2c_(\w+)\s*\*", prototype)
        arguments = ["spectest" if name == "spectest" else f"instance_{name}" for name in others]
        arguments = "".join(f", &{name}" for name in arguments)
        call = f"wasm2c_m{number}_instantiate(&instance_m{number}{arguments});"
        return self.command(number, reason, call)

    # ---- actions ---------------------------------------------------------------------------------

    def command(self, number, reason, text):
        quoted = f'"{reason}"' if reason else "NULL"
        return f"    COMMAND({number}, {quoted}, {text});\n"

    def action(self, number, command):
        action, expected = command["action"], command.get("expected", [])
        which = self.which(action.get("module"))
        if which not in self.modules:
            raise Failed("its module is missing")
        export = self.modules[which].export_number(action["field"].encode())
        if export is None:
            raise Failed("no such export")
        arguments = "".join(f", {literal(value)}" for value in action.get("args", []))
        call = f"w2c_m{which}_e{export}(&instance_m{which}{arguments})"
        if action["type"] == "get":
            call = "*" + call
        text, reason = f"(void){call};", None
        if command["type"] in ("assert_trap", "assert_exhaustion"):
            reason = reason_of(command["text"])
        elif command["type"] == "assert_exception":
            reason = "uncaught exception"
        elif command["type"] == "assert_return" and expected:
            checks = []
            for i, value in enumerate(expected):
                where = "got" if len(expected) == 1 else f"got.{LETTERS[value['type']]}{i}"
                checks += expectations(value, where)
            text = f"__auto_type got = {call}; {' '.join(checks)}"
        elif command["type"] not in ("assert_return", "action"):
            raise Failed("a kind of command that this runner does not know")
        self.code.append((number, {which}, self.command(number, reason, text)))

    # ---- the program -----------------------------------------------------------------------------

    def run_code(self):
        broken = set()
        for number, future in self.building.items():
            try:
                future.result()
            except Failed as error:
                broken.add(number)
                self.fail(self.commands[number], str(error))
        usable = []
        for number, needed, text in self.code:
            if needed & broken:
                broken |= {number} if isinstance(text, tuple) else set()
                if number not in self.building or number not in broken:
                    self.fail(self.commands[number], "its module did not compile")
                continue
            usable.append((number, self.instantiate(*text[1:]) if isinstance(text, tuple) else text))
        if usable:
            self.run_program(usable, [n for n in self.building if n not in broken])

    def write_program(self, usable, modules):
        with open(self.folder / "program.c", "w", encoding="utf-8") as out:
            out.write(HEAD % "".join(f'#include "m{number}.h"\n' for number in modules))
            for number in modules:
                out.write(f"static w2c_m{number} instance_m{number};\n")
            starts = range(0, len(usable), PER_FUNCTION)
            for start in starts:
                out.write(f"\nstatic void commands_{start}(void)\n{{\n")
                out.writelines(text for _, text in usable[start : start + PER_FUNCTION])
                out.write("}\n")
            calls = "".join(f"    commands_{start}();\n" for start in starts)
            out.write(f"\nvoid commands(void)\n{{\n{calls}}}\n")

    def run_program(self, usable, modules):
        self.write_program(usable, modules)
        program = self.folder / "program"
        try:
            self.tools.compile_ours(self.folder / "program.c", self.folder / "program.o", self.folder)
            objects = [self.folder / "program.o", *(self.folder / f"m{n}.o" for n in modules)]
            self.tools.link(objects, program, self.folder)
            status, output, _ = run([program], self.folder)
        except Failed as error:
            self.fail(self.commands[usable[0][0]], f"the program of all commands: {error}")
            return
        outcomes = {}
        for line in output.splitlines():
            verdict, number, why = line.split(" ", 2)
            outcomes[int(number)] = (verdict, why)
        for number, _ in usable:
            verdict, why = outcomes.get(number, ("fail", f"not reached: ended by status {status}"))
            if verdict != "pass":
                self.fail(self.commands[number], why)
            elif self.commands[number]["type"] not in ("module", "action"):
                self.passed += 1
        if status != 0 and len(outcomes) == len(usable):
            self.fail(self.commands[-1], f"the program ended by status {status}")
