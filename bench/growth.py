#!/usr/bin/env python3
"""What a full store costs: intake, opening and looking, beside an empty store in the same minutes.

`fill_store` makes the full one (1,000,000 messages in 100,000 tickets by default); --keep keeps it for the next run.
"""

import argparse
import http.client
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE.parent / "tests"), str(_HERE)]
from support.lab import Lab  # noqa: E402

GOAL_RATE, GOAL_OPEN_MS, GOAL_LIST_MS, GOAL_SHOW_MS = 0.8, 1000, 50, 20


class Control(http.client.HTTPConnection):
    """HTTP over the control socket, without a process start in between."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


def milliseconds(work, times=20):
    """The median time of `work`."""
    took = []
    for _ in range(times):
        began = time.monotonic()
        work()
        took.append((time.monotonic() - began) * 1000)
    return statistics.median(took)


def get(lab, path):
    control = Control(lab.config.socket)
    control.request("GET", path)
    answer = control.getresponse()
    body = answer.read()
    control.close()
    if answer.status != 200:
        raise RuntimeError(f"GET {path}: {answer.status} {body[:200]!r}")
    return json.loads(body)


def source(lab, messages):
    began = time.monotonic()
    subprocess.run(["smtp-source", "-d", "-s", "20", "-l", "4096", "-m", str(messages), "-f", "bench@customer.example",
                    "-t", "support@help.example", f"127.0.0.1:{lab.smtp}"], check=True, timeout=600)
    return messages / (time.monotonic() - began)


def settled(lab):
    while lab.beredctl.json("status")["unsorted"] > 0:
        time.sleep(0.2)


def prepare(arguments, state):
    """A full store in `state`, made now or moved there from where it was kept."""
    kept = Path(arguments.keep) if arguments.keep else None
    if kept and (kept / "data.mdb").exists():
        move(kept, state)
        return
    subprocess.run([f"{arguments.bin}/fill_store", state, "--messages", str(arguments.messages), "--tickets",
                    str(max(1, arguments.messages // 10))], check=True)


def move(source, target):
    target.mkdir(parents=True, exist_ok=True)
    for name in ("data.mdb", "intake-1.log", "intake-2.log", "master.key"):
        shutil.move(source / name, target / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="build/bin", help="the folder of beredd, beredctl and fill_store")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--load", type=int, default=5000, help="messages that each round sends")
    parser.add_argument("--keep", help="a folder to keep the full store in; what the bench adds stays in it")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    arguments = parser.parse_args()
    # The full store has no index yet, and making it would go on meanwhile; bench/search.py measures that.
    settings = {"node_extra": ("[search]", "enabled = false")}
    empty, full = Lab(arguments.bin, **settings), Lab(arguments.bin, **settings)
    try:
        prepare(arguments, full.state)
        report = measure(arguments, empty, full)
    finally:
        full.daemon.stop()
        if arguments.keep and (full.state / "data.mdb").exists():
            move(full.state, Path(arguments.keep))
        empty.close()
        full.close()
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1))
    sys.exit(0 if all(row["reached"] for row in report.values()) else 1)


def measure(arguments, empty, full):
    opening = []
    for _ in range(arguments.rounds):
        began = time.monotonic()
        full.daemon.start().ready()
        opening.append((time.monotonic() - began) * 1000)
        full.daemon.stop()
    empty.start()
    full.start()
    for lab in (empty, full):
        lab.beredctl.text("failover", "force", "helpdesk", "fallback")
        settled(lab)
    ticket = max(1, arguments.messages // 20)
    seen = {
        "ticket list": milliseconds(lambda: get(full, "/v1/tickets")),
        "ticket list --search": milliseconds(lambda: get(full, "/v1/tickets?search=faktura")),
        "ticket show": milliseconds(lambda: get(full, f"/v1/tickets/{ticket}")),
        "beredctl ticket list": milliseconds(lambda: full.beredctl.text("ticket", "list")),
        "beredctl ticket show": milliseconds(lambda: full.beredctl.text("ticket", "show", ticket)),
    }
    rates = {"empty": [], "full": []}
    for _ in range(arguments.rounds):
        for name, lab in (("empty", empty), ("full", full)):
            rates[name].append(source(lab, arguments.load))
            settled(lab)
    return tell(arguments, statistics.median(opening), seen, rates)


def tell(arguments, opening, seen, rates):
    medians = {name: statistics.median(values) for name, values in rates.items()}
    ratio = medians["full"] / medians["empty"]
    report = {}

    def line(what, value, unit, goal=None, least=False):
        reached = goal is None or (value >= goal if least else value <= goal)
        report[what] = {"value": value, "unit": unit, "goal": goal, "reached": reached}
        verdict = "" if goal is None else f"goal {'≥' if least else '≤'} {goal:g}: {'REACHED' if reached else 'NOT REACHED'}"
        print(f"  {what:34} {value:10.2f} {unit:12} {verdict}", flush=True)

    print(f"\n{arguments.messages} messages in the full store, median of {arguments.rounds} rounds of {arguments.load}")
    line("intake, empty store", medians["empty"], "messages/s")
    line("intake, full store", medians["full"], "messages/s")
    line("full to empty", ratio, "", GOAL_RATE, least=True)
    line("from start to ready", opening, "ms", GOAL_OPEN_MS)
    line("ticket list", seen["ticket list"], "ms", GOAL_LIST_MS)
    line("ticket list --search", seen["ticket list --search"], "ms")
    line("ticket show", seen["ticket show"], "ms", GOAL_SHOW_MS)
    line("beredctl ticket list", seen["beredctl ticket list"], "ms", GOAL_LIST_MS)
    line("beredctl ticket show", seen["beredctl ticket show"], "ms", GOAL_SHOW_MS)
    return report


if __name__ == "__main__":
    main()
