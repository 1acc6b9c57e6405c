"""What the samples say: ratios, means, the worst. One dictionary, which is also the JSON file.

The figure of a configuration and a program is the least processor time, user and system, of all
rounds. What disturbs a process on a shared machine only adds to its time, so that the least of a few
is nearer to the undisturbed one than their median; and processor time leaves out when others ran.
The time of the empty program is taken off on both sides of a ratio, and given by itself.
"""

import math

from configs import BY_NAME, FLAVOURS
from suite import EMPTY

NATIVE = "native"
OVER = 1.2  # ratios that want an explanation


def mean(ratios):
    return math.exp(math.fsum(map(math.log, ratios)) / len(ratios)) if ratios else None


def least(times, clock):
    return min(times[clock])


def work_of(samples, program, key):
    """Nanoseconds of the work alone."""
    empty = samples[EMPTY].get(key)
    start_up = 0 if empty is None or BY_NAME[key[1]].times_itself else least(empty, "cpu")
    return max(least(samples[program][key], "cpu") - start_up, 1)


def best_native(samples, program, figure):
    times = {key: figure(key) for key in samples[program] if key[0] is None and BY_NAME[key[1]].best}
    return min(times.values()) if times else None


def rows_of(samples, program):
    """Ratios and times of one program: {native, simd, scalar} -> configuration -> row."""
    best = best_native(samples, program, lambda key: work_of(samples, program, key))
    best_wall = best_native(samples, program, lambda key: least(samples[program][key], "wall"))
    rows = {NATIVE: {}} | {flavour: {} for flavour in FLAVOURS}
    for key, times in samples[program].items():
        flavour, name = key
        row = {"work_ns": work_of(samples, program, key)}
        if best is not None and program != EMPTY:
            row["ratio"] = row["work_ns"] / best
            if not BY_NAME[name].times_itself:
                row["wall_ratio"] = least(times, "wall") / best_wall
        rows[flavour or NATIVE][name] = row | times
    return {"best_native_ns": best} | {flavour: row for flavour, row in rows.items() if row}


def summary(measured, flavour, names):
    """Over all programs: configuration -> means and the worst."""
    found = {}
    for name in names:
        rows = {program: row for program, by_flavour in measured.items() if program != EMPTY
                and (row := cell(by_flavour, flavour, name)) and "ratio" in row}  # fmt: skip
        empty = cell(measured[EMPTY], flavour, name)
        if not rows and not empty:
            continue
        worst = max(rows, key=lambda program: rows[program]["ratio"], default=None)
        walls = [row["wall_ratio"] for row in rows.values() if "wall_ratio" in row]
        found[name] = {
            "programs": len(rows),
            "geometric_mean": mean([row["ratio"] for row in rows.values()]),
            "geometric_mean_wall": mean(walls),
            "worst": worst and {"program": worst, "ratio": rows[worst]["ratio"]},
            "over": {program: row["ratio"] for program, row in rows.items() if row["ratio"] > OVER},
            "start_up_ns": min(empty["wall"]) if empty and not BY_NAME[name].times_itself else None,
        }  # fmt: skip
    return found


def cell(by_flavour, flavour, name):
    kind = NATIVE if BY_NAME[name].kind == NATIVE else flavour
    return by_flavour.get(kind, {}).get(name)


def beside(measured, flavour, names, base="daggercc"):
    """Times of the others as multiples of what Dagger makes by default: configuration -> mean, least
    and most with their programs, and the programs in which the other was faster."""
    found = {}
    for name in names:
        factors = {}
        for program, by_flavour in measured.items():
            own, other = cell(by_flavour, flavour, base), cell(by_flavour, flavour, name)
            if program != EMPTY and own and other:
                factors[program] = other["work_ns"] / own["work_ns"]
        if factors and name != base:
            low, high = (pick(factors, key=factors.get) for pick in (min, max))
            found[name] = {
                "geometric_mean": mean(list(factors.values())),
                "least": {"program": low, "factor": factors[low]},
                "most": {"program": high, "factor": factors[high]},
                "faster": {program: factor for program, factor in factors.items() if factor < 1},
            }
    return found


def results(samples, programs, names, flavours):
    measured = {name: {"what": programs[name].what, "expected": f"0x{programs[name].expected:08x}"}
                | rows_of(samples, name) for name in programs}  # fmt: skip
    return {
        "configurations": {name: BY_NAME[name].what for name in names},
        "programs": measured,
        "summary": {flavour: summary(measured, flavour, names) for flavour in flavours},
        "beside_daggercc": {flavour: beside(measured, flavour, names) for flavour in flavours},
    }
