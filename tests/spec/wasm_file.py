"""The imports and exports of a valid WebAssembly binary, and a copy of it with other names there."""

import dataclasses

FUNC, TABLE, MEMORY, GLOBAL, TAG = range(5)
CUSTOM_SECTION, IMPORT_SECTION, EXPORT_SECTION = 0, 2, 7


@dataclasses.dataclass
class Import:
    module: bytes
    field: bytes
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


def _number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def _name(text):
    return _number(len(text)) + text


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
    return Import(module, field, reader.data[start : reader.at])


class WasmFile:
    def __init__(self, path):
        self.header, self.sections = None, []  # (id, contents)
        self.imports, self.exports = [], []
        reader = Reader(path.read_bytes())
        self.header = reader.take(8)
        while reader.at < len(reader.data):
            section = reader.number()
            inner = Reader(reader.name())
            self.sections.append((section, inner.data))
            if section == IMPORT_SECTION:
                self.imports = [_read_import(inner) for _ in range(inner.number())]
            elif section == EXPORT_SECTION:
                self.exports = [
                    Export(inner.name(), inner.number(), inner.number())
                    for _ in range(inner.number())
                ]

    def export_number(self, name):
        """The position of the export, or None."""
        names = [export.name for export in self.exports]
        return names.index(name) if name in names else None

    def write_renamed(self, path, imports, exports):
        """`imports`: pairs of bytes; `exports`: bytes; both in the module's order. Custom sections are
        left out: the names in them could clash with ours."""
        out = bytearray(self.header)
        for section, contents in self.sections:
            if section == CUSTOM_SECTION:
                continue
            if section == IMPORT_SECTION:
                contents = _number(len(imports)) + b"".join(
                    _name(module) + _name(field) + old.description
                    for (module, field), old in zip(imports, self.imports)
                )
            elif section == EXPORT_SECTION:
                contents = _number(len(exports)) + b"".join(
                    _name(name) + bytes([old.kind]) + _number(old.index)
                    for name, old in zip(exports, self.exports)
                )
            out += bytes([section]) + _name(contents)
        path.write_bytes(out)
