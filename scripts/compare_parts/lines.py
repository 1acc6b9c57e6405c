"""What scripts/compare found as a picture: a panel a guest, time against runs, both logarithmic. Where the
line of the compiled guest crosses that of the interpreter, the compile has paid."""

import math

from chart import text

STYLES = {"dagger": ("#e07b00", "7 4"), "daggercc": ("#0b5cad", ""), "node": ("#2a8a3e", "2 3")}
PANEL, GAP, LEFT, TOP, HEIGHT, BOTTOM = 260, 66, 64, 92, 250, 52
MOST_RUNS = 100000  # the right end of every panel
SAMPLES = 120


def seconds(row, runs):
    return (row["compile_ns"] + runs * row["run_ns"]) / 1e9


def label(value):
    names = {-6: "1 µs", -5: "10 µs", -4: "0.1 ms", -3: "1 ms", -2: "10 ms", -1: "0.1 s", 0: "1 s", 1: "10 s",
             2: "100 s", 3: "17 min", 4: "2.8 h", 5: "28 h", 6: "12 days", 7: "116 days"}  # fmt: skip
    return names.get(value, f"10^{value} s")


def panel(title, one, left):
    engines = one["engines"]
    lows = [seconds(row, 1) for row in engines.values()]
    highs = [seconds(row, MOST_RUNS) for row in engines.values()]
    low, high = math.floor(math.log10(min(lows))), math.ceil(math.log10(max(highs)))
    decades = round(math.log10(MOST_RUNS))

    def x(runs):
        return left + PANEL * math.log10(runs) / decades

    def y(value):
        return TOP + HEIGHT * (high - math.log10(value)) / (high - low)

    out = [text(left + PANEL / 2, TOP - 12, title, "middle", "bold")]
    for decade in range(low, high + 1):
        at = y(10.0**decade)
        out.append(f'<path d="M{left} {at:.1f}h{PANEL}" stroke="#ddd"/>')
        out.append(text(left - 6, round(at + 4), label(decade), "end", colour="#555"))
    for decade in range(decades + 1):
        at = x(10**decade)
        out.append(f'<path d="M{at:.1f} {TOP}v{HEIGHT}" stroke="#eee"/>')
        name = str(10**decade) if decade < 4 else "10" + "⁴⁵⁶"[decade - 4]
        out.append(text(at, TOP + HEIGHT + 16, name, "middle", colour="#555"))
    out.append(text(left + PANEL / 2, TOP + HEIGHT + 36, "runs", "middle", colour="#555"))
    for name, row in engines.items():
        runs = [10 ** (decades * i / SAMPLES) for i in range(SAMPLES + 1)]
        path = "L".join(f"{x(n):.1f} {y(seconds(row, n)):.1f}" for n in runs)
        colour, dashes = STYLES[name]
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.4" '
                   f'stroke-dasharray="{dashes}"/>')  # fmt: skip
    pays = one["break_even"]
    if pays is not None and 1 <= pays <= MOST_RUNS:
        saved = engines["dagger"]["run_ns"] - engines["daggercc"]["run_ns"]
        exact = max(engines["daggercc"]["compile_ns"] / saved, 1)
        at, value = x(exact), y(seconds(engines["dagger"], exact))
        out.append(f'<circle cx="{at:.1f}" cy="{value:.1f}" r="5" fill="white" stroke="#222" stroke-width="2"/>')
        times = f"{pays:,} run{'s' if pays > 1 else ''}".replace(",", " ")
        if at < left + PANEL * 0.3:
            named = text(at + 10, round(value + 18), times, "start", "bold")
        else:
            named = text(at - 8, round(value - 10), times, "end", "bold")
        out.append(f'<g stroke="white" stroke-width="4" paint-order="stroke">{named}</g>')
    return out


def svg(results):
    guests = results["guests"]
    width = LEFT + len(guests) * (PANEL + GAP) - GAP + 30
    height = TOP + HEIGHT + BOTTOM
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="white"/>',
           f'<g font-size="16">{text(20, 28, "Processor time of a compile, if any, and so many runs", weight="bold")}</g>']
    at = 24
    shown = {name: row["what"] for one in guests.values() for name, row in one["engines"].items()}
    for name, what in shown.items():
        colour, dashes = STYLES[name]
        out.append(f'<path d="M{at} 50h30" stroke="{colour}" stroke-width="2.4" stroke-dasharray="{dashes}"/>')
        out.append(text(at + 36, 54, what))
        at += 64 + round(5.6 * len(what))
    out.append(f'<circle cx="{at + 8}" cy="50" r="5" fill="white" stroke="#222" stroke-width="2"/>')
    out.append(text(at + 20, 54, "the compile has paid"))
    for i, (title, one) in enumerate(guests.items()):
        out += panel(title, one, LEFT + i * (PANEL + GAP))
    return "\n".join([*out, "</svg>"]) + "\n"
