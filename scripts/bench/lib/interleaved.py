"""Commands that take turns, A B A B ..., and their medians: scripts/bench/interleave.c, for Python."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).resolve().parents[1] / "interleave.c"


def run(*args):
    subprocess.run([str(a) for a in args], check=True)


def interleave(tool, rounds, commands):
    args = [str(tool), str(rounds)]
    for i, (name, *argv) in enumerate(commands):
        args += ([":::"] if i else []) + [name] + [str(a) for a in argv]
    out = subprocess.run(args, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = {}
    for line in out.splitlines():
        row = json.loads(line)
        if row["status"] != 0:
            sys.exit(f"bench: {row['name']} ended with status {row['status']}")
        rows[row["name"]] = row
    return rows


def piped(tool, rounds, pairs, stdin):
    """The same with standard input from a file and the output into a pipe that another cat empties, so
    that the bytes are really moved."""
    commands = [(name, "sh", "-c", f"{argv} < '{stdin}' | cat > /dev/null") for name, argv in pairs]
    return interleave(tool, rounds, commands)


def build_tool(work):
    tool = work / "interleave"
    run("cc", "-O2", "-o", tool, TOOL)
    return tool


def machine(cc):
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                if line.startswith("model name")), platform.machine())
    version = subprocess.run([cc, "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
    return {"cpu": cpu, "cores": os.cpu_count(), "kernel": platform.release(), "cc": version}
