"""The table of errors is written once for the host, in streams/error.h; what each language's guests
and the documentation have of it must be the same, name, value and text."""

import os
import pathlib
import re
import sys

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
ROW = r'X\((\w+),\s*(-\d+),\s*"([^"]*)"\)'
TABLES = {
    "samples/include/dagger.h": ROW,
    "samples/rust/dagger.rs": r'(\w+) = (-\d+), "([^"]*)";',
    "samples/assemblyscript/dagger.ts": r"(\w+) = (-\d+), // (.*)",
    "samples/zig/dagger.zig": r"(\w+), // (-\d+): (.*)",
    "samples/wat/hello.wat": r"(-\d+) ([A-Z]+)\b",
    "docs/abi.md": r"\| (-\d+) \| `(\w+)` \| ([^|]*?) \|",
}


def rows(path, pattern):
    """{value: (name, text)}; the text is None where the file gives none."""
    found = {}
    for groups in re.findall(pattern, (SOURCE / path).read_text()):
        value, name = sorted(groups[:2])  # a number sorts before a name
        found[int(value)] = (name, groups[2] if len(groups) > 2 else None)
    return found


def main():
    truth = rows("streams/error.h", ROW)
    assert sorted(truth) == list(range(-len(truth), 0)) and len(truth) >= 18
    bad = 0
    for path, pattern in TABLES.items():
        table = rows(path, pattern)
        for value in sorted(truth.keys() | table.keys(), reverse=True):
            want, got = truth.get(value), table.get(value)
            if want is None or got is None or want[0] != got[0] or got[1] not in (None, want[1]):
                print(f"{path}: {value} is {got}, in streams/error.h {want}")
                bad += 1
    order = re.findall(r"error\.([A-Z]+),", (SOURCE / "samples/zig/dagger.zig").read_text())
    if order != [truth[value][0] for value in sorted(truth, reverse=True)]:
        print(f"samples/zig/dagger.zig: the order of `errors` is {order}")
        bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
