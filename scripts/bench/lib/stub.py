"""A module without its imports: each function is put in place by one that traps, with the same index."""

FUNCTION = 0  # kind of an import
IMPORTS, FUNCTIONS, CODE = 2, 3, 10  # sections
TRAP = b"\3\0\0\x0b"  # a body: three bytes, no locals, unreachable, end


def leb(data, at):
    """An unsigned number; gives it and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def sections(data):
    at = 8
    while at < len(data):
        kind = data[at]
        size, at = leb(data, at + 1)
        yield kind, data[at:at + size]
        at += size


def imported_types(content):
    """The types of the functions; nothing else can be put in place."""
    count, at = leb(content, 0)
    types = []
    for _ in range(count):
        for _ in ("module", "name"):
            size, at = leb(content, at)
            at += size
        if content[at] != FUNCTION:
            raise ValueError("the module imports something that is no function")
        index, at = leb(content, at + 1)
        types.append(index)
    return types


def put_before(content, count, items):
    """A vector with so many items more at its start."""
    old, at = leb(content, 0)
    return number(old + count) + items + content[at:]


def without_imports(data):
    parts = list(sections(data))
    types = next((imported_types(content) for kind, content in parts if kind == IMPORTS), [])
    out = [data[:8]]
    for kind, content in parts:
        if kind == IMPORTS:
            continue
        if kind == FUNCTIONS:
            content = put_before(content, len(types), b"".join(map(number, types)))
        if kind == CODE:
            content = put_before(content, len(types), TRAP * len(types))
        out.append(bytes([kind]) + number(len(content)) + content)
    return b"".join(out)
