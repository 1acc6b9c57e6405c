"""The results as a picture: a dot for each program and configuration on a logarithmic axis, a panel for
each flavour. Plain SVG; every text is ours, none needs escaping beyond what escape() does."""

import math
from html import escape

from configs import BY_NAME
from report import FLAVOUR_TITLES
from results import cell
from suite import EMPTY

# By the order in which series come; told apart without colour by their shapes.
STYLES = (("circle", "#0b5cad"), ("ring", "#5aa9e6"), ("diamond", "#e07b00"), ("square", "#2a8a3e"),
          ("triangle", "#b5179e"), ("cross", "#7a5195"), ("ring", "#8c564b"), ("diamond", "#555555"),
          ("square", "#c1121f"), ("triangle", "#17807e"))  # fmt: skip
NATIVE = "other native"  # the worse of gcc and clang, for scale
LEFT, PANEL, GAP, RIGHT = 136, 430, 30, 24
ROW, TOP, LEGEND_ROW = 19, 74, 20
TICKS = (0.25, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 3, 5, 7, 10, 20, 50, 100)


def series_of(results):
    return [name for name in results["configurations"] if BY_NAME[name].chart]


def points(results, flavour, program):
    """Series -> ratio; program None: geometric means."""
    if program is None:
        by_name = {name: one["geometric_mean"] for name, one in results["summary"][flavour].items()}
    else:
        rows = results["programs"][program]
        by_name = {name: (cell(rows, flavour, name) or {}).get("ratio")
                   for name in results["configurations"]}  # fmt: skip
    bases = [by_name[name] for name in by_name if BY_NAME[name].best and by_name[name]]
    found = {NATIVE: max(bases)} if len(bases) > 1 else {}
    return found | {name: by_name[name] for name in series_of(results) if by_name.get(name)}


def mark(shape, colour, x, y, what, size=5):
    points = {
        "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "triangle": ((0, -1.15), (1.1, 0.8), (-1.1, 0.8)),
    }
    title = f"<title>{escape(what)}</title>"
    if shape == "tick":
        return f'<path d="M{x:.1f} {y - 7}v14" stroke="{colour}" stroke-width="3">{title}</path>'
    if shape == "cross":
        return (f'<path d="M{x - 4:.1f} {y - 4}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2.2">'
                f"{title}</path>")  # fmt: skip
    if shape == "ring":
        return (f'<circle cx="{x:.1f}" cy="{y}" r="{size - 0.8}" fill="white" fill-opacity="0.6" '
                f'stroke="{colour}" stroke-width="2">{title}</circle>')  # fmt: skip
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y}" r="{size}" fill="{colour}">{title}</circle>'
    corners = " ".join(f"{x + dx * size:.1f},{y + dy * size:.1f}" for dx, dy in points[shape])
    return f'<polygon points="{corners}" fill="{colour}">{title}</polygon>'


def text(x, y, content, anchor="start", weight="normal", colour="#222"):
    return (f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="{colour}">'
            f"{escape(content)}</text>")  # fmt: skip


def svg(results):
    flavours = list(results["summary"])
    order = [name for name in results["programs"] if name != EMPTY]
    order.sort(key=lambda name: points(results, flavours[0], name).get("daggercc", 0))
    rows = [*order, None]
    styles = {NATIVE: ("tick", "#9a9a9a")}
    styles |= {name: STYLES[i % len(STYLES)] for i, name in enumerate(series_of(results))}
    shown = {name for flavour in flavours for row in rows for name in points(results, flavour, row)}
    names = [name for name in styles if name in shown]
    values = [value for flavour in flavours for row in rows
              for value in points(results, flavour, row).values()] or [1]  # fmt: skip
    low, high = min(0.9, *values) * 0.97, max(1.25, *values) * 1.03

    def place(panel, value):
        share = (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
        return LEFT + panel * (PANEL + GAP) + share * PANEL

    width = LEFT + len(flavours) * (PANEL + GAP) - GAP + RIGHT
    per_line = max(1, (width - 40) // 230)
    top = TOP + LEGEND_ROW * math.ceil(len(names) / per_line)
    bottom = top + ROW * len(rows) + 8
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + 44}" '
           f'viewBox="0 0 {width} {bottom + 44}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{bottom + 44}" fill="white"/>',
           f'<g font-size="16">{text(20, 28, "Time of the work, as a multiple of native", weight="bold")}</g>',
           text(20, 46, "1 is the better of gcc -O3 and clang -O3 for each program; left of it is faster",
                colour="#555")]  # fmt: skip
    for i, name in enumerate(names):
        x, y = 30 + i % per_line * 230, 68 + i // per_line * LEGEND_ROW
        what = "the other of gcc and clang" if name == NATIVE else legend(name)
        out += [mark(*styles[name], x, y - 4, what), text(x + 12, y, what)]
    for panel, flavour in enumerate(flavours):
        out += grid(panel, flavour, place, low, high, top, bottom)
    for i, row in enumerate(rows):
        y = top + 12 + i * ROW + (6 if row is None else 0)
        out.append(text(LEFT - 10, y + 4, row or "geometric mean", "end", "normal" if row else "bold"))
        for panel, flavour in enumerate(flavours):
            left = LEFT + panel * (PANEL + GAP)
            out.append(f'<path d="M{left} {y}h{PANEL}" stroke="{"#eee" if row else "#bbb"}"/>')
            found = points(results, flavour, row)
            out += [mark(*styles[name], place(panel, found[name]), y,
                         f"{row or 'geometric mean'}, {name}: {found[name]:.2f}")
                    for name in reversed(names) if name in found]  # fmt: skip
    return "\n".join([*out, "</svg>"]) + "\n"


def legend(name):
    """Short: what stands before the first comma."""
    return {"stock": "stock wasm2c, gcc -O3", "node-steady": "V8, TurboFan, the call alone"}.get(
        name, BY_NAME[name].what.split(",")[0])  # fmt: skip


def grid(panel, flavour, place, low, high, top, bottom):
    middle = (place(panel, low) + place(panel, high)) / 2
    out = [text(middle, top - 8, FLAVOUR_TITLES[flavour], "middle", "bold")]
    labels = []
    for tick in sorted(TICKS, key=lambda tick: (tick != 1, tick != int(tick), tick)):
        if not low <= tick <= high:
            continue
        x = place(panel, tick)
        strong = tick == 1
        out.append(f'<path d="M{x:.1f} {top}V{bottom}" stroke="{"#444" if strong else "#ddd"}" '
                   f'stroke-width="{1.4 if strong else 1}"/>')  # fmt: skip
        if all(abs(x - other) > 26 for other in labels):
            out.append(text(x, bottom + 16, f"{tick:g}", "middle"))
            labels.append(x)
    out.append(text(middle, bottom + 34, "times native (logarithmic)", "middle", colour="#555"))
    return out
