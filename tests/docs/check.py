#!/usr/bin/env python3
"""The documents' tables say what the sources say."""

import os
import re
import sys
from pathlib import Path

TOP = Path(os.environ["DAGGER_SOURCE"])
failures = []


def text(name):
    return (TOP / name).read_text(encoding="utf-8")


def table(document, heading):
    """Rows of the first table whose head line begins with `| heading |`, backquotes dropped."""
    rows, inside = [], False
    for line in text(document).splitlines():
        if line.startswith(f"| {heading} |"):
            inside = True
        elif inside and not line.startswith("|"):
            break
        elif inside and not line.startswith("| ---"):
            rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    if not rows:
        failures.append(f"{document}: no table with the head '{heading}'")
    return rows


def same(what, found, expected):
    if found != expected:
        failures.append(f"{what}:\n  document: {found}\n  sources:  {expected}")


errors = [[value, name, meaning] for name, value, meaning in
          re.findall(r'^\s+X\((\w+), (-\d+), "([^"]*)"\)', text("streams/error.h"), re.M)]
same("docs/abi.md, errors", table("docs/abi.md", "value"), errors)

schemes = re.findall(r'\{"([a-z+]+)", ', text("streams/scheme.c"))
same("docs/abi.md, schemes", sorted(row[0] for row in table("docs/abi.md", "scheme")), sorted(schemes))
readme = text("README.md")
for scheme in schemes:
    if f"`{scheme}://" not in readme:
        failures.append(f"README.md does not name {scheme}://")

reasons = [reason for name, reason in re.findall(r'X\((\w+), "([^"]+)"\)', text("rt/trap.h"))
           if name != "NONE"]
same("docs/abi.md, traps", sorted(row[0] for row in table("docs/abi.md", "reason")), sorted(reasons))

named = dict(re.findall(r"DAGGER_RESULT_(\w+) = (\d+),", text("rt/include/dagger/embed.h")))
texts = dict(re.findall(r'X\((\w+), "([^"]+)"\)', text("rt/trap.h")))
others = re.search(r"other_texts\[\] = \{(.*?)\};", text("rt/embed/result.c"), re.S).group(1)
later = [name for name, number in named.items() if int(number) >= 64]
texts.update(zip(later, re.findall(r'"([^"]+)"', others)))
same("docs/embedding.md, results", table("docs/embedding.md", "result"),
     [[f"DAGGER_RESULT_{name}", "other" if name in later else "limit" if name == "OUT_OF_FUEL" else "trap",
       texts.get(name)]
      for name in named if name != "OK"])

targets = re.findall(r'^\s+X\("(\S+)", "([^"]+)"\)', text("compiler/target.h"), re.M)
same("docs/cross.md, targets", [row[:2] for row in table("docs/cross.md", "target")],
     [list(row) for row in targets])

variables = set(re.findall(r'"((?:DAGGER|SSL|LISTEN)_[A-Z_]+)"', text("rt/environment.c") + text("rt/profile.c")
                           + text("streams/inherited.c") + text("rt/wasi/start.c") + text("rt/policy.c") + text("rt/inspect.c")
                           + text("rt/include/dagger/guest_limits.h")))
same("docs/abi.md, environment", {row[0] for row in table("docs/abi.md", "variable")}, variables)

told = re.findall(r'(?:put_(?:member|limit|limit_time|list)\(|fprintf\(out, "\\)"(\w+)', text("compiler/about.c"))
keys = [key for row in table("docs/policy.md", "key") for key in row[0].split(", ")]
same("docs/policy.md, keys", sorted(keys), sorted(told))

called = re.search(r"PARSE_ARGV 1 arg (.*?)\)", text("cmake/installed/AddDagger.cmake"), re.S).group(1)
arguments = [name for row in table("docs/packaging.md", "argument") for name in row[0].split(", ")]
same("docs/packaging.md, arguments", sorted(arguments), sorted(re.findall(r"[A-Z_]+", called)))

version = re.search(r"project\(dagger VERSION (\S+)", text("CMakeLists.txt")).group(1)
if f"## [{version}]" not in text("CHANGELOG.md") and "## [Unreleased]" not in text("CHANGELOG.md"):
    failures.append("CHANGELOG.md names neither this version nor unreleased changes")

for document in ["README.md", "HACKING.md", *(str(p.relative_to(TOP)) for p in TOP.glob("docs/*.md"))]:
    body = text(document)
    for target in re.findall(r"\]\(([^)#]+)\)", body):
        if "://" not in target and not ((TOP / document).parent / target).exists():
            failures.append(f"{document}: link to {target}, which is not there")
    for name in re.findall(r"`((?:compiler|rt|streams|samples|scripts|tests|docs|cmake)/[\w./-]+)`", body):
        if "KIND" not in name and not (TOP / name).exists() and not list(TOP.glob(name + "*")):
            failures.append(f"{document}: names {name}, which is not there")
    for line in re.findall(r"^[ ]*([A-Z][A-Z_ ]+)[ ]*$", body, re.M):
        failures.append(f"{document}: '{line}' stands alone, as what is to be filled in")

for failure in failures:
    print(failure)
sys.exit(1 if failures else 0)
