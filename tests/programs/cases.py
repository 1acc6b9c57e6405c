"""The tables of cases: reading them, comparing with them, updating them. README.md has the format."""

import pathlib
import re
import tomllib

HERE = pathlib.Path(__file__).resolve().parent

RUN_KEYS = {
    "about", "reads", "stdout", "stderr", "status", "environment", "files", "after", "links",
    "stdout_to", "stdin_from", "limits", "server", "lines_of", "arguments",
}  # fmt: skip
CASE_KEYS = {"name", "about", "wat", "file", "options", "matrix", "dynamic", "interpreted", "run"}


class BadCase(Exception):
    pass


class Case:
    """One guest. `runs` are plain dicts with RUN_KEYS, each with its place in the file."""

    def __init__(self, path, table, place):
        unknown = table.keys() - CASE_KEYS - RUN_KEYS
        if unknown or "name" not in table or ("wat" in table) == ("file" in table):
            raise BadCase(f"{path.name}: case {place}: {unknown or 'name, and wat or file, needed'}")
        if table.get("matrix") not in (None, "levels", "all"):
            raise BadCase(f"{path.name}: case {place}: matrix is neither levels nor all")
        self.path = path
        self.name = f"{path.stem}/{table['name']}"
        self.wat = table.get("wat")
        self.file = table.get("file")
        self.options = table.get("options", [])
        self.matrix = table.get("matrix")
        self.dynamic = table.get("dynamic", False)
        self.interpreted = table.get("interpreted", True)
        self.runs = table.get("run") or [{k: v for k, v in table.items() if k in RUN_KEYS}]
        for run in self.runs:
            if run.keys() - RUN_KEYS:
                raise BadCase(f"{self.name}: {run.keys() - RUN_KEYS}")


def load(path):
    cases = []
    place = 0
    for number, table in enumerate(tomllib.loads(path.read_text()).get("case", []), 1):
        case = Case(path, table, number)
        # The n-th run of a file is the n-th header in it that has runs of its own.
        for run in case.runs:
            run["place"] = place
            place += 1
        cases.append(case)
    if len({case.name for case in cases}) != len(cases) or not cases:
        raise BadCase(f"{path.name}: no cases, or two of one name")
    return cases


def load_all(paths=()):
    return [case for path in paths or sorted(HERE.glob("*.toml")) for case in load(path)]


def difference(expected, actual):
    """None if the texts agree; else both, line by line, as far as they differ."""
    want, got = expected.splitlines(), actual.splitlines()
    bad = []
    for n in range(max(len(want), len(got))):
        a = want[n] if n < len(want) else None
        b = got[n] if n < len(got) else None
        pattern = a[2:] if a is not None and a.startswith("~ ") else None
        if a == b or (pattern is not None and b is not None and re.fullmatch(pattern, b)):
            continue
        bad.append(f"    line {n + 1}: expected {a!r}, got {b!r}")
    if not bad and not any(line.startswith("~ ") for line in want) and expected != actual:
        bad.append(f"    expected {expected!r}, got {actual!r}")
    return "\n".join(bad[:20]) or None


def keep_patterns(expected, actual):
    """The actual text with those lines that an expected pattern matches replaced by the pattern."""
    patterns = [line for line in expected.splitlines() if line.startswith("~ ")]
    lines = []
    for line in actual.splitlines():
        lines.append(next((p for p in patterns if re.fullmatch(p[2:], line)), line))
    return "".join(f"{line}\n" for line in lines)


def update(path, results):
    """Writes results, {place: {"stdout": ..., "stderr": ..., "status": ...}}, into the file."""
    sections = re.split(r"(?m)^(?=\[\[case(?:\.run)?\]\])", path.read_text())
    place = -1
    for n, section in enumerate(sections):
        if not section.startswith("[[case"):
            continue
        has_runs = (
            section.startswith("[[case]]")
            and n + 1 < len(sections)
            and sections[n + 1].startswith("[[case.run]]")
        )
        if has_runs:
            continue
        place += 1
        for key, value in results.get(place, {}).items():
            section = put(section, key, value)
        sections[n] = section
    path.write_text("".join(sections))


def put(section, key, value):
    """The section with `key` set to `value`, or without it when it says only the default."""
    old = re.search(rf"(?m)^{key} = ('''.*?'''|\"[^\n]*\"|\d+)\n", section, re.S)
    if key == "status":
        line = "" if value == 0 else f"status = {value}\n"
    elif value == "":
        line = ""
    elif value.endswith("\n") and "'''" not in value:
        line = f"{key} = '''\n{value}'''\n"
    else:
        line = f'{key} = "{value.encode("unicode_escape").decode()}"\n'.replace('\\\\"', '\\"')
    if old:
        return section[: old.start()] + line + section[old.end() :]
    body = section.rstrip("\n")
    return f"{body}\n{line}{section[len(body) + 1 :]}"
