"""The results as text: a table of ratios for each flavour, in Markdown that reads well as it is."""

from configs import BY_NAME
from results import OVER, cell
from suite import EMPTY

FLAVOUR_TITLES = {"simd": "Guests with SIMD (-msimd128)", "scalar": "Guests without SIMD"}


def number(value, form="{:.2f}"):
    return "-" if value is None else form.format(value)


def table(rows):
    """Columns are padded; the first is to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["| " + " | ".join(text.rjust(width) if i else text.ljust(width)
                               for i, (text, width) in enumerate(zip(row, widths))) + " |"
             for row in rows]  # fmt: skip
    rule = "| " + " | ".join("-" * (width - 1) + ":" if i else "-" * width
                             for i, width in enumerate(widths)) + " |"  # fmt: skip
    return [lines[0], rule, *lines[1:]]


def ratios(results, flavour):
    summary = results["summary"][flavour]
    names = [name for name in results["configurations"] if name in summary]
    rows = [["program", "ms", *names]]
    for program, by_flavour in results["programs"].items():
        if program == EMPTY:
            continue
        best = by_flavour["best_native_ns"]
        row = [program, number(best and best / 1e6, "{:.0f}")]
        for name in names:
            if (flavour if BY_NAME[name].kind != "native" else "native", name) in failed(results, program):
                row.append("failed")
            else:
                row.append(number((cell(by_flavour, flavour, name) or {}).get("ratio")))
        rows.append(row)
    of = [summary[name] for name in names]
    worst = [one["worst"] or {} for one in of]
    rows += [
        ["geometric mean", "", *(number(one["geometric_mean"]) for one in of)],
        ["worst", "", *(number(one.get("ratio")) for one in worst)],
        ["the worst is", "", *(one.get("program", "-") for one in worst)],
        ["mean, whole process", "", *(number(one["geometric_mean_wall"]) for one in of)],
        ["start-up, ms", "", *(number(ms(one["start_up_ns"])) for one in of)],
    ]
    return table(rows)


def ms(nanoseconds):
    return None if nanoseconds is None else nanoseconds / 1e6


def failed(results, program):
    return {(one["flavour"], one["configuration"]) for one in results["failures"]
            if one["program"] == program}  # fmt: skip


def failures(results):
    """A line for each configuration and flavour that failed, with the first reason."""
    found = {}
    for one in results["failures"]:
        found.setdefault((one["configuration"], one["flavour"]), []).append(one)
    for (name, flavour), all_of in found.items():
        programs = ", ".join(one["program"] for one in all_of)
        yield f"{name} failed, {flavour}: {programs}: {all_of[0]['why']}"


def listed(pairs):
    return ", ".join(f"{program} {value:.2f}" for program, value in sorted(pairs.items(), key=lambda p: -p[1]))


def sentences(results, flavour):
    own = results["summary"][flavour].get("daggercc")
    if own:
        over = own["over"]
        yield f"daggercc over {OVER}: {listed(over)}" if over else f"daggercc: no program is over {OVER}"
    for name, one in results["beside_daggercc"][flavour].items():
        least, most = one["least"], one["most"]
        faster = f"; faster in {len(one['faster'])}" if one["faster"] else ""
        yield (f"{name} takes {one['geometric_mean']:.2f} times what daggercc takes, from "
               f"{least['factor']:.2f} ({least['program']}) to {most['factor']:.2f} ({most['program']})"
               f"{faster}")  # fmt: skip


def markdown(results):
    count = len(results["programs"]) - 1
    lines = []
    for flavour in results["summary"]:
        lines += [f"## {FLAVOUR_TITLES[flavour]}", "", *ratios(results, flavour), ""]
        lines += [f"- {sentence}" for sentence in sentences(results, flavour)] + [""]
    lines += ["## What was measured", ""]
    lines += [f"- {name}: {what}" for name, what in results["configurations"].items()]
    lines += [f"- {name}: not measured: {why}" for name, why in results["skipped"].items()]
    lines += [f"- {line}" for line in failures(results)]
    machine = results["machine"]
    rounds = f"{results['rounds']} interleaved round{'s' if results['rounds'] > 1 else ''}"
    sizes = "small sizes" if results["quick"] else "full sizes"
    lines += [
        "",
        f"{count} programs, {sizes}, each the same C for all; every result is checked. Ratios are to the "
        "better of native gcc and clang: least processor time (user and system) of "
        f"{rounds}, less that of an empty program; ms is that of the better "
        "native. \"Whole process\" is by the clock, start-up included; so is the start-up itself.",
        "",
        f"Measured on {machine['cpu']} ({machine['cores']} cores), Linux {machine['kernel']}; "
        + "; ".join(f"{name}: {text}" for name, text in results["tools"].items()) + ".",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
