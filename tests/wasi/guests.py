"""The guests: how each is run, and what it says besides its cases. Sources are in guests/."""

import dataclasses
import signal
import typing

import helpers


@dataclasses.dataclass
class Guest:
    source: str
    libc: bool = False  # compiled against wasi-libc
    dirs: list = dataclasses.field(default_factory=list)  # --dir; {top} is the sandbox
    env: list = dataclasses.field(default_factory=list)  # --env
    environment: dict = dataclasses.field(default_factory=dict)  # more of it, when it runs
    args: list = dataclasses.field(default_factory=list)
    stdin: typing.Any = b"from stdin"  # bytes of a pipe that is closed, or "open"
    lines: list = dataclasses.field(default_factory=list)  # of standard output, besides its cases'
    stderr: str = ""  # a pattern
    status: int = 0
    node: bool = True  # it makes sense there
    second_stays: bool = True  # nothing in second/ may change
    helper: typing.Any = None  # a class: what goes on beside it
    name: str = ""
    group: str = ""  # of guests that are one test

    def __post_init__(self):
        self.name = self.name or self.source.partition(".")[0]
        self.group = self.group or self.name


GUESTS = [
    Guest("args.c", args=["one", "", "two words", "--dir=/", "ä"]),
    Guest("environ.c", env=["CASE_SHARED", "CASE_GIVEN=a=b c", "CASE_NONE"]),
    Guest(
        "granted.c", dirs=["{top}/outside::/"], node=False,
        environment={"DAGGER_ENV": "CASE_SHARED,CASE_NONE",
                     "DAGGER_DIRS": "{top}/box/dir::/,{top}/second::/data::ro"},
    ),
    Guest("clock.c"),
    Guest("random.c"),
    Guest("path.c"),
    Guest("open.c"),
    Guest("names.c"),
    Guest("links.c"),
    Guest("stat.c", node=False),  # node never ends path_filestat_set_times of contradicting flags
    Guest("readdir.c"),
    Guest("poll.c", node=False),  # node does not come back from a pipe that hangs up
    Guest("idle.c", stdin="open"),
    Guest("nosocket.c", node=False),  # node crashes
    Guest("socket.c", helper=helpers.Server, node=False),
    Guest("libc_files.c", libc=True),
    Guest("libc_folders.c", libc=True),
    Guest("libc_process.c", libc=True, args=["a", "b c"], env=["CASE_SHARED", "CASE_GIVEN=given"],
          node=False),  # as poll.c
    Guest("rust_fs.rs"),
    Guest("rust_process.rs", args=["a", "b c"], env=["CASE_SHARED", "CASE_GIVEN=given"],
          lines=["printed"], stderr="^complained$"),
    Guest("memory.c"),
    Guest("unstable.c", node=False),  # node gives its functions the layouts of preview 1
    Guest("readonly.c", dirs=["{top}/box::/", "{top}/second::/second::ro"], node=False),
    Guest("race.c", helper=helpers.Swapper, node=False),
    Guest("mixed.c", lines=["written by dagger", "written by WASI"], node=False),
    Guest("io.c"),
    Guest("fd.c"),
    Guest("badfd.c", node=False),  # node crashes in sock_*, as in nosocket.c
    Guest("preopen.c", dirs=["{top}/box::/", "{top}/second::/second"], second_stays=False),
]

# exit.c says nothing but this, and ends as its arguments say.
END = "before the end"
for what, number, status in [
    ("exit", 0, 0), ("exit", 1, 1), ("exit", 42, 42), ("exit", 125, 125), ("exit", 126, 126),
    ("exit", 255, 255), ("exit", 256, 0), ("exit", 257, 1), ("exit", 4294967295, 255),
    ("return", 7, 0),
    ("raise", 0, 0), ("raise", 31, 28), ("raise", 255, 28),  # none, and two that are no signals: INVAL
    ("raise", 6, -signal.SIGABRT), ("raise", 9, -signal.SIGKILL), ("raise", 15, -signal.SIGTERM),
]:  # fmt: skip
    GUESTS.append(
        Guest("exit.c", name=f"{what}-{number}", args=[what, str(number)], lines=[END], status=status,
              node=False, group="exit")
    )  # fmt: skip
