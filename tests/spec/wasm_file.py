"""A valid WebAssembly binary as far as the tests need to know it, and copies of it: with other names,
and as a program."""

import dataclasses

FUNC, TABLE, MEMORY, GLOBAL, TAG = range(5)
CUSTOM, TYPE, IMPORT, FUNCTION, EXPORT, CODE = 0, 1, 2, 3, 7, 10
ORDER = (1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11)  # of sections; 13: tags
VALUE_TYPES = {
    0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128", 0x70: "funcref", 0x6F: "externref",
    0x69: "exnref",
}
ENTRY = b"dagger_main"


@dataclasses.dataclass
class Import:
    module: bytes
    field: bytes
    kind: int
    description: bytes  # kind and type, as they are in the binary


@dataclasses.dataclass
class Export:
    name: bytes
    kind: int
    index: int


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def rest(self):
        return self.data[self.at :]

    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def name(self):
        return self.take(self.number())

    def limits(self):
        flags = self.number()
        for _ in range(1 + (flags & 1)):
            self.number()

    def types(self):
        return [VALUE_TYPES[byte] for byte in self.name()]


def _number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def _name(text):
    return _number(len(text)) + text


def _value_type(name):
    return bytes(byte for byte, known in VALUE_TYPES.items() if known == name)


def _read_import(reader):
    module, field, start = reader.name(), reader.name(), reader.at
    kind = reader.number()
    if kind == FUNC:
        reader.number()
    elif kind == TABLE:
        reader.take(1)
        reader.limits()
    elif kind == MEMORY:
        reader.limits()
    else:  # a global's type and mutability, a tag's attribute and type
        reader.take(1)
        reader.number()
    return Import(module, field, kind, reader.data[start : reader.at])


def _read_type(reader):
    reader.take(1)
    return reader.types(), reader.types()


class WasmFile:
    def __init__(self, path):
        self.header, self.sections = None, {}  # id: contents, without custom ones: names could clash
        self.imports, self.exports, self.types, self.functions = [], [], [], []
        reader = Reader(path.read_bytes())
        self.header = reader.take(8)
        while reader.at < len(reader.data):
            section, contents = reader.number(), reader.name()
            if section != CUSTOM:
                self.sections[section] = contents
        self.types = self._read(TYPE, _read_type)
        self.imports = self._read(IMPORT, _read_import)
        self.functions = self._read(FUNCTION, Reader.number)  # their types' indices; not imported ones
        self.exports = self._read(EXPORT, lambda r: Export(r.name(), r.number(), r.number()))

    def _read(self, section, read):
        reader = Reader(self.sections.get(section, b"\0"))
        return [read(reader) for _ in range(reader.number())]

    def export_number(self, name):
        """The position of the export, or None."""
        names = [export.name for export in self.exports]
        return names.index(name) if name in names else None

    def export_type(self, number):
        """Types of parameters and results of an exported function of its own."""
        return self.types[self.functions[self.exports[number].index - self._imported_functions()]]

    def _imported_functions(self):
        return sum(item.kind == FUNC for item in self.imports)

    def _write(self, path, changed):
        sections = self.sections | changed
        out = bytearray(self.header)
        for section in ORDER:
            if section in sections:
                out += bytes([section]) + _name(sections[section])
        path.write_bytes(out)

    def write_renamed(self, path, imports, exports):
        """`imports`: pairs of bytes; `exports`: bytes; both in the module's order."""
        changed = {}
        if imports:
            changed[IMPORT] = _number(len(imports)) + b"".join(
                _name(module) + _name(field) + old.description
                for (module, field), old in zip(imports, self.imports)
            )
        if exports:
            changed[EXPORT] = _number(len(exports)) + b"".join(
                _name(name) + bytes([old.kind]) + _number(old.index)
                for name, old in zip(exports, self.exports)
            )
        self._write(path, changed)

    def write_program(self, path, globals_read):
        """A copy that daggercc makes an executable of. Behind the module's own exports, now e0, e1...,
        it exports a function for each (index, type) of `globals_read` that returns that global, and
        the entry point, which does nothing. It refers to itself: daggercc keeps what is exported where
        there is a reference to a function, which can only be to what is declared somewhere."""
        exports = [(b"e%d" % i, old.kind, old.index) for i, old in enumerate(self.exports)]
        types, functions, bodies = [], [], []

        def add(name, results, body):
            index = self._imported_functions() + len(self.functions) + len(functions)
            exports.append((name, FUNC, index))
            functions.append(_number(len(self.types) + len(types)))
            types.append(b"\x60\0" + _name(results))
            bodies.append(_name(b"\0" + body(index) + b"\x0b"))

        for index, kind in globals_read:
            add(b"e%d" % len(exports), _value_type(kind), lambda _, i=index: b"\x23" + _number(i))
        add(ENTRY, b"", lambda own: b"\xd2" + _number(own) + b"\x1a")
        changed = {
            section: self._extended(section, items)
            for section, items in ((TYPE, types), (FUNCTION, functions), (CODE, bodies))
        }
        items = [_name(name) + bytes([kind]) + _number(index) for name, kind, index in exports]
        changed[EXPORT] = _number(len(items)) + b"".join(items)
        self._write(path, changed)

    def _extended(self, section, items):
        reader = Reader(self.sections.get(section, b"\0"))
        count = reader.number()
        return _number(count + len(items)) + reader.rest() + b"".join(items)
