# SPDX-License-Identifier: Apache-2.0
"""Turns results of versus.py into a table and a plot:

    report.py DOCUMENT.md PLOT.svg FOLDER

There is one result for each CPU. The tables replace the text between the lines `<!-- versus -->` and `<!-- /versus -->` of the document.
"""

import json
import os
import sys

BAR, GAP, LEFT, WIDTH = 18, 8, 260, 420


def rate(engine, rounds="rounds"):
    """Returns figures of the fastest round, because other programs can only slow a round down."""
    return max(run["photos"] / run["seconds"] for run in engine[rounds])


def figures(engine, baseline):

    def cpu(of):
        return min(run["cpu_seconds"] / run["photos"] for run in of["rounds"])

    return {
        "rate": rate(engine),
        "ratio": rate(engine) / rate(baseline),
        "first": min(engine["first_answers"]),
        "first_ratio": min(engine["first_answers"]) / min(baseline["first_answers"]),
        "peak": engine["peak_bytes"] / 2**30,
        "peak_ratio": engine["peak_bytes"] / baseline["peak_bytes"],
        "cpu": cpu(engine),
    }


def agreement(engine):
    found = engine["agreement"]
    return (
        f"{found['matched']}/{found['detections']} boxes, {found['same_label']}/{found['labels']} labels, "
        f"conf ±{found['largest_conf_change']:.1g}"
    )


def table(result):
    baseline = result["engines"][0]
    lines = [
        f"{result['cpu']}, {result['cores']} cores; {result['condition']}; {result['photos']} photos per round, the best of "
        f"{len(baseline['rounds'])} rounds and of {len(baseline['first_answers'])} starts.",
        "",
        "| engine | images/s | | s per image | first answer | | peak RSS | | CPU s per image | agrees with the first |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for engine in result["engines"]:
        f = figures(engine, baseline)
        lines.append(
            f"| {engine['name']} | {f['rate']:.3f} | ×{f['ratio']:.2f} | {1 / f['rate']:.2f} | {f['first']:.1f} s | "
            f"×{f['first_ratio']:.2f} | {f['peak']:.2f} GiB | ×{f['peak_ratio']:.2f} | {f['cpu']:.1f} | {agreement(engine)} |"
        )
    if result.get("busy"):
        lines += [
            "",
            f"The same rounds while other processes keep {result['busy']} of the cores busy; the best round of each:",
            "",
            "| engine | images/s | of its rate alone |",
            "|---|---|---|",
        ]
        for engine in result["engines"]:
            busy = rate(engine, "busy_rounds")
            lines.append(f"| {engine['name']} | {busy:.3f} | {100 * busy / rate(engine):.0f} % |")
    if result["left_out"]:
        lines += ["", f"Did not run here: {', '.join(result['left_out'])}."]
    return "\n".join(lines)


def plot(results):
    """Returns a plot with bars of images per second, one group per result."""
    rows = []
    for result in results:
        rows.append((f"{result['cpu']}, {result['condition']}", None))
        rows += [(engine["name"], figures(engine, result["engines"][0])) for engine in result["engines"]]
    largest = max(f["rate"] for _, f in rows if f)
    height = len(rows) * (BAR + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 130} {height}" font-family="sans-serif" '
        'font-size="12" role="img"><title>Images per second</title>'
        f'<rect width="100%" height="{height}" fill="white"/>'
    ]
    for index, (name, f) in enumerate(rows):
        top = GAP + index * (BAR + GAP)
        if f is None:
            parts.append(f'<text x="8" y="{top + 13}" font-weight="bold">{name}: images per second</text>')
            continue
        length = WIDTH * f["rate"] / largest
        colour = "#2a7f62" if "SpeciesNet C++" in name else "#8a9ba8"
        parts.append(f'<text x="{LEFT - 8}" y="{top + 13}" text-anchor="end">{name}</text>')
        parts.append(f'<rect x="{LEFT}" y="{top}" width="{length:.0f}" height="{BAR}" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + length + 6:.0f}" y="{top + 13}">{f["rate"]:.3f} (×{f["ratio"]:.2f})</text>')
    return "\n".join(parts) + "\n</svg>\n"


def main():
    document, picture, folder = sys.argv[1:]
    results = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            results.append(json.load(file))
    with open(document, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split("<!-- versus -->\n", 1)
    after = rest.split("<!-- /versus -->", 1)[1]
    body = "\n\n".join(table(result) for result in results)
    with open(document, "w", encoding="utf-8") as file:
        file.write(f"{before}<!-- versus -->\n{body}\n<!-- /versus -->{after}")
    with open(picture, "w", encoding="utf-8") as file:
        file.write(plot(results))


main()
