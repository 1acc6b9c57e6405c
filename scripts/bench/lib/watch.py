"""What each process that a program starts takes, looked up in /proc while it runs."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1  # seconds; a shorter process may not be seen
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Process:
    pid: int
    parent: int
    name: str
    seconds: float = 0  # of processor time
    peak_kib: int = 0  # most resident memory
    source: str = ""  # the C file it compiles

    def shown(self):
        return f"{self.name} {self.source}".strip()


def look(pid, seen):
    """Takes down what the process has used until now."""
    folder = Path("/proc", str(pid))
    stat = (folder / "stat").read_text()
    name, rest = stat[stat.index("(") + 1:stat.rindex(")")], stat[stat.rindex(")") + 2:].split()
    one = seen.get(pid)
    if one is None or one.name != name:  # new, or another program was loaded
        words = (folder / "cmdline").read_text().split("\0")
        source = next((Path(word).name for word in words if word.endswith(".c")), "")
        one = seen[pid] = Process(pid, int(rest[1]), name, source=source)
    one.seconds = (int(rest[11]) + int(rest[12])) / TICKS
    for line in (folder / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            one.peak_kib = max(one.peak_kib, int(line.split()[1]))


def below(pid, top, seen):
    """Was it started by `top`, or by one that was?"""
    for _ in range(20):
        if pid == top:
            return True
        if pid not in seen:
            return False
        pid = seen[pid].parent
    return False


def processes(top):
    """Waits for the end of a subprocess; gives what was seen of it and of those below it."""
    seen = {}
    while top.poll() is None:
        for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
            if pid < top.pid and pid not in seen:
                continue  # older
            try:
                look(pid, seen)
            except (OSError, ValueError, IndexError):
                pass  # it ended
        time.sleep(EVERY)
    return [one for one in seen.values() if below(one.pid, top.pid, seen)]
