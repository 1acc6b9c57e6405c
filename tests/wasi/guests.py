"""The guests: how each is run, and what it says besides its cases. Sources are in guests/."""

import dataclasses
import json
import re
import typing


@dataclasses.dataclass
class Guest:
    source: str
    libc: bool = False  # compiled against wasi-libc
    dirs: list = dataclasses.field(default_factory=list)  # --dir; {top} is the sandbox
    env: list = dataclasses.field(default_factory=list)  # --env
    environment: dict = dataclasses.field(default_factory=dict)  # more of it, when it runs
    args: list = dataclasses.field(default_factory=list)
    stdin: typing.Any = b"from stdin"  # bytes of a pipe that is closed, or a word of run.Input
    lines: list = dataclasses.field(default_factory=list)  # of standard output, besides its cases'
    stderr: str = ""  # a pattern
    status: int = 0
    sent: bytes = b""  # by a socket
    node: bool = True  # it makes sense there
    second_stays: bool = True  # nothing in second/ may change
    helper: typing.Any = None  # a class: what goes on beside it
    name: str = ""

    def __post_init__(self):
        self.name = self.name or self.source.partition(".")[0]


GUESTS = [
    Guest("path.c"),
    Guest("open.c"),
    Guest("names.c"),
    Guest("links.c"),
    Guest("stat.c", node=False),  # node never ends path_filestat_set_times of contradicting flags
    Guest("readdir.c"),
    Guest("poll.c"),
    Guest("idle.c", stdin="open"),
    Guest("nosocket.c"),
    Guest("socket.c", stdin="socket", sent=b"sent"),
    Guest("listener.c", stdin="listener", sent=b"to a client"),
    Guest("memory.c"),
    Guest("unstable.c"),
    Guest("readonly.c", dirs=["{top}/box::/", "{top}/second::/second::ro"], node=False),
    Guest("mixed.c", lines=["written by dagger", "written by WASI"], node=False),
    Guest("io.c"),
    Guest("fd.c"),
    Guest("badfd.c"),
    Guest("preopen.c", dirs=["{top}/box::/", "{top}/second::/second"], second_stays=False),
]

# What node answers otherwise, as (expected here, got there): why.
NODE_ERRNOS = {
    ("FAULT", "OVERFLOW"): "its errno for a range outside the memory",
    ("PERM", "NOTCAPABLE"): "its errno for a path that leaves its directory",
}
# Guest and case: why.
NODE_CASES = {}


def node_differs(guest, line):
    """Why node is known to say this line of failure, or None."""
    match = re.match(r"failed (\w+): \S+ got (\w+), expected (\w+)$", line)
    if match is None:
        return None
    case, got, expected = match.groups()
    return NODE_CASES.get(f"{guest} {case}") or NODE_ERRNOS.get((expected, got))


def to_json(settings):
    return json.dumps(settings)
