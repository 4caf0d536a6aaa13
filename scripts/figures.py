#!/usr/bin/env python3
"""Writes what the benches measured into docs/performance.md, between its `figures` marks.

  ./dev bench intake --json intake.json && ./dev bench growth --json growth.json
  scripts/figures.py --intake intake.json --growth growth.json
"""

import argparse
import json
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def intake(report):
    parts = [f"Measured on {report['machine']}; {report['busy']:.0%} of the processors were in use before the run."]
    if report["syncs"]:
        syncs = ", ".join(f"{name} {count:.1f}" for name, count in report["syncs"].items())
        parts.append(f"Syncs a message over one connection, as strace counts them: {syncs}.")
    for name, scenario in report["scenarios"].items():
        parts.append(f"**{name}**: {scenario['scenario']}; {scenario['messages']} messages a round.")
        parts.append(intake_table(scenario["results"]))
        parts.append(intake_words(scenario))
    return "\n\n".join(parts)


def intake_table(results):
    waits = any("median_us" in row for row in results.values())
    head = ["server", "messages/s", "CPU µs a message", "bytes written for each received"]
    head += ["dot to 250: median µs", "99th percentile µs"] if waits else []
    rows = []
    for name, row in results.items():
        cells = [name, f"{row['rate']:.0f}", f"{row['cpu_us']:.0f}", f"{row['written']:.1f}" if "written" in row else "?"]
        if waits:
            cells += [f"{row['median_us']:.0f}", f"{row['p99_us']:.0f}"]
        rows.append(cells)
    return table(head, rows)


def intake_words(scenario):
    words = []
    if "to_best_peer" in scenario:
        words.append(f"{scenario['to_best_peer']:.2f} times the best durable peer ({scenario['best_peer']})")
    words += [f"{ratio:.2f} times {name}, which syncs nothing" for name, ratio in scenario["to_unsynced"].items()]
    if "to_sink" in scenario:
        words.append(f"{scenario['to_sink']:.2f} of smtp-sink")
    if "to_least" in scenario:
        words.append(f"{scenario['to_least']:.2f} of the least")
    goal = {True: " The goal is reached.", False: " The goal is not reached.", None: ""}[scenario.get("reached")]
    others = max(row["others"] for row in scenario["results"].values())
    return (f"beredd is at {', '.join(words)}.{goal} Other programs used at most {others:.0%} of the processors "
            "meanwhile, the kernel's own threads included.")


def growth(report):
    rows = []
    for what, row in report.items():
        goal = "" if row["goal"] is None else f"{row['goal']:g}: " + ("reached" if row["reached"] else "not reached")
        rows.append([what, f"{row['value']:.2f} {row['unit']}".strip(), goal])
    return table(["what", "measured", "goal"], rows)


def paste(page, name, text):
    mark = re.compile(rf"(<!-- figures: {name} -->\n).*?(<!-- end of figures -->)", re.S)
    if not mark.search(page):
        raise SystemExit(f"{PAGE} has no marks for {name}")
    return mark.sub(lambda found: found[1] + text + "\n" + found[2], page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--intake", type=Path, help="what `./dev bench intake --json FILE` wrote")
    parser.add_argument("--growth", type=Path, help="what `./dev bench growth --json FILE` wrote")
    arguments = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    for name, write in (("intake", intake), ("growth", growth)):
        source = getattr(arguments, name)
        if source:
            page = paste(page, name, write(json.loads(source.read_text())))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
