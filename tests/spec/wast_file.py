"""One .wast file: what it asks for, whichever way its modules are compiled."""

import dataclasses
import json
import re

import c_text
from toolchain import Failed, must
from wasm_file import GLOBAL, WasmFile

REFUSALS = ("assert_malformed", "assert_invalid", "assert_unlinkable")
FEATURES = re.compile(r"^;; (--enable-[a-z-]+)$", re.M)  # that a file asks for
NOT_COUNTED = ("module", "action", "register")


@dataclasses.dataclass
class Module:
    number: int  # of the command that makes it
    path: object
    wasm: WasmFile
    reason: str  # what its instantiation traps for, or None
    providers: list = dataclasses.field(default_factory=list)  # (module, field) by our names, of imports
    needs: set = dataclasses.field(default_factory=set)  # numbers of the modules it imports from
    linked: bool = False  # it imports or is imported from: no executable of its own
    called: set = dataclasses.field(default_factory=set)  # numbers of exported functions
    globals_read: list = dataclasses.field(default_factory=list)  # (index, type, number of the export)


@dataclasses.dataclass
class Step:
    """A command that is performed by a program."""

    number: int
    module: Module
    instantiates: bool
    text: object = None  # form of c_text: C


class WastFile:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        self.commands, self.modules, self.steps = [], {}, []
        self.refused = []  # commands
        self.failures = []  # of the file itself: (line, what, why)
        self._names, self._registered, self._current = {}, {}, None

    def failure(self, number, why):
        command = self.commands[number]
        what = command.get("action", {}).get("field", "")
        return command["line"], f"{command['type']} {what}".strip(), why

    def counts(self, number):
        return self.commands[number]["type"] not in NOT_COUNTED

    def read(self, enable):
        self.folder.mkdir()
        json_file = self.folder / "commands.json"
        try:
            own = FEATURES.findall(self.path.read_text(encoding="utf-8", errors="replace"))
            must(["wast2json", *enable, *own, self.path, "-o", json_file], self.folder)
        except Failed as error:
            self.failures.append((0, "file", str(error)))
            return
        self.commands = json.loads(json_file.read_text())["commands"]
        for number, command in enumerate(self.commands):
            try:
                self._take(number, command)
            except Failed as error:
                self.failures.append(self.failure(number, str(error)))

    def _take(self, number, command):
        kind = command["type"]
        if kind in REFUSALS:
            self.refused.append(command)
        elif kind == "module":
            self._current = number
            if "name" in command:
                self._names[command["name"]] = number
            self._module(number, command, None)
        elif kind == "assert_uninstantiable" or (kind == "assert_trap" and "action" not in command):
            self._module(number, command, c_text.reason_of(command["text"]))
        elif kind == "register":
            self._registered[command["as"].encode()] = self._which(command.get("name"))
        else:
            self._action(number, command)

    def _which(self, name):
        return self._current if name is None else self._names[name]

    def _module(self, number, command, reason):
        path = self.folder / command["filename"]
        module = Module(number, path, WasmFile(path), reason)
        for item in module.wasm.imports:
            other = self.modules.get(self._registered.get(item.module))
            export = None if other is None else other.wasm.export_number(item.field)
            if export is not None:
                module.providers.append((b"m%d" % other.number, b"e%d" % export))
                module.needs.add(other.number)
                other.linked = True
            elif item.module == b"spectest":
                module.providers.append((b"spectest", item.field))
            else:
                raise Failed(f"import {item.module}.{item.field} is not there")
        module.linked = bool(module.wasm.imports)
        self.modules[number] = module
        self.steps.append(Step(number, module, True))

    def _action(self, number, command):
        action, expected, reason = command["action"], command.get("expected", []), None
        module = self.modules.get(self._which(action.get("module")))
        if module is None:
            raise Failed("its module is missing")
        export = module.wasm.export_number(action["field"].encode())
        if export is None:
            raise Failed("no such export")
        if command["type"] in ("assert_trap", "assert_exhaustion"):
            reason, expected = c_text.reason_of(command["text"]), []
        elif command["type"] == "assert_exception":
            reason, expected = "uncaught exception", []
        elif command["type"] == "action":
            expected = []
        elif command["type"] != "assert_return":
            raise Failed("a kind of command that this runner does not know")
        arguments, reads = c_text.arguments_of(action), action["type"] == "get"
        if not reads:
            module.called.add(export)
        elif module.wasm.exports[export].kind == GLOBAL:
            read = (module.wasm.exports[export].index, expected[0]["type"], export)
            if read not in module.globals_read:
                module.globals_read.append(read)

        def text(form):
            call = form.read(module, export) if reads else form.call(module, export, arguments)
            return c_text.command(number, reason, c_text.checked(call, expected))

        self.steps.append(Step(number, module, False, text))
