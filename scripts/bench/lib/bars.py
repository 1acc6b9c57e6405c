"""Figures as bars: a panel a table, a bar a row, drawn from 0. Plain SVG, every text escaped."""

from chart import text

COLOURS = ("#0b5cad", "#e07b00", "#2a8a3e")
LABELS, BARS, FIGURES, ROW, HEAD, TOP = 250, 380, 130, 24, 50, 44


def panel(title, unit, rows, top, colour):
    """rows: (label, value, figure)."""
    most = max(value for _, value, _ in rows)
    out = [text(20, top + 22, title, weight="bold"), text(20, top + 38, unit, colour="#555")]
    for i, (label, value, figure) in enumerate(rows):
        y = top + HEAD + i * ROW
        out += [
            text(LABELS - 10, y + 15, label, "end"),
            f'<rect x="{LABELS}" y="{y + 3}" width="{BARS * value / most:.1f}" height="{ROW - 8}" '
            f'fill="{colour}"/>',
            text(LABELS + BARS * value / most + 6, y + 15, figure),
        ]
    return out


def svg(title, panels):
    """panels: (title, unit, rows)."""
    width, top, inner = LABELS + BARS + FIGURES, TOP, []
    for i, (name, unit, rows) in enumerate(panels):
        inner += panel(name, unit, rows, top, COLOURS[i % len(COLOURS)])
        top += HEAD + ROW * len(rows) + 12
    return (
        "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" '
                f'viewBox="0 0 {width} {top}" font-family="sans-serif" font-size="12">',
                f'<rect width="{width}" height="{top}" fill="white"/>',
                f'<g font-size="16">{text(20, 28, title, weight="bold")}</g>',
                *inner,
                "</svg>",
            ]
        )
        + "\n"
    )
