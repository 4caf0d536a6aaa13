#!/usr/bin/env python3
"""How fast mail is read and sorted, on one core: our reader in process, through the jail, and GMime on the same mail; then the
whole sort (jail, threading, store), without the search index and with it.

Every round measures each way once, in turn, as a process of its own that is bound to one core. The mail is made up, and the
same in every round; a folder of .eml files is measured beside it. The absolute figures of a shared machine mean little: read
the ratios, which are taken within a round.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE.parent / "tests"), str(_HERE)]
from peers import machine  # noqa: E402

WAYS = (("process", "our reader, in process"), ("jail", "our reader, through the jail"), ("gmime", "GMime"))
GOAL_JAIL, GOAL_SORT = 0.30, 2000


def measure(program, way, messages, core, *more):
    """(messages, bytes, seconds, seconds of processor time) of one run."""
    command = ["taskset", "-c", str(core), program, way, "--messages", str(messages), *map(str, more)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    count, size, seconds, processor = done.stdout.split()
    return int(count), int(size), float(seconds), float(processor)


def spread(values, unit="", digits=0):
    return (f"{statistics.median(values):>9,.{digits}f}{unit}  "
            f"({min(values):,.{digits}f} to {max(values):,.{digits}f})")


def read_all(program, args, what, *more):
    """Rounds of all ways of reading, interleaved. Returns whether the goals are met."""
    rates = {way: [] for way, _ in WAYS}
    processor = {way: [] for way, _ in WAYS}
    size = messages = 0
    for _ in range(args.rounds):
        for way, _ in WAYS:
            messages, size, seconds, computed = measure(program, way, args.messages, args.core, *more)
            processor[way].append(computed)
            rates[way].append(messages / seconds)
    print(f"\n{what}: {messages} mails, {size / messages / 1024:.1f} KiB on average, {args.rounds} rounds")
    for way, says in WAYS:
        megabytes = [rate * size / messages / 1e6 for rate in rates[way]]
        print(f"  {says:<30}{spread(rates[way], ' messages/s'):<52}{spread(megabytes, ' MB/s', 1)}")
    ahead = [ours / theirs for ours, theirs in zip(rates["process"], rates["gmime"])]
    cost = [1 - jailed / ours for jailed, ours in zip(rates["jail"], rates["process"])]
    met = statistics.median(ahead) > 1, statistics.median(cost) < GOAL_JAIL
    print(f"  in process to GMime: {spread(ahead, '', 2).strip()}; goal: above 1: {'met' if met[0] else 'MISSED'}")
    print(f"  the jail costs {spread([100 * one for one in cost], ' %', 1).strip()}; goal: below {GOAL_JAIL:.0%}: "
          f"{'met' if met[1] else 'MISSED'}")
    cpu_cost = [100 * (1 - ours / jailed) for jailed, ours in zip(processor["jail"], processor["process"])]
    print(f"  of processor time, which others on the machine change less: {spread(cpu_cost, ' %', 1).strip()}")
    return all(met)


def sort_all(program, args, what, *more):
    """The whole sort without the search index, and with it. Returns whether the goal is met with it."""
    rates = {"sort": [], "search": []}
    with tempfile.TemporaryDirectory(prefix="beredd-sort-", dir=args.disk) as folder:
        for _ in range(args.rounds):
            for way, found in rates.items():
                messages, _, seconds, _ = measure(program, way, args.messages, args.core, "--store", Path(folder) / "state",
                                               *more)
                found.append(messages / seconds)
                shutil.rmtree(Path(folder) / "state")
    met = statistics.median(rates["search"]) >= GOAL_SORT
    print(f"\nthe whole sort, {what}:")
    print(f"  jail, threading, store        {spread(rates['sort'], ' messages/s')}")
    print(f"  and the search index          {spread(rates['search'], ' messages/s')}; goal: {GOAL_SORT:,}: "
          f"{'met' if met else 'MISSED'}")
    return met


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=_HERE.parent / "build" / "bin",
                        help="where sort_speed is (build/bin)")
    parser.add_argument("--messages", type=int, default=8000, help="mails in one run (8000)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each way (5)")
    parser.add_argument("--folder", type=Path, help="a folder of .eml files to measure as well")
    parser.add_argument("--disk", type=Path, help="where the store is made (the folder for temporary files)")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core that is used (the last)")
    args = parser.parse_args()
    program = args.bin / "sort_speed"
    if not program.is_file():
        parser.error(f"{program} is missing; build it with: ./dev bench sort")
    print(machine.describe())
    met = read_all(program, args, "made-up support mail")
    if args.folder:
        met = read_all(program, args, str(args.folder), "--folder", args.folder) and met
    met = sort_all(program, args, "made-up support mail") and met
    if args.folder:
        met = sort_all(program, args, str(args.folder), "--folder", args.folder) and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
