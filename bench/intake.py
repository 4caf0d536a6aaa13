#!/usr/bin/env python3
"""How fast mail is taken in: beredd and its peers in the same minutes, on the same disk, with the same senders.

The peers are Postfix (holding), Exim (queue_only) and OpenSMTPD (paused). Whether they sync what they say 250 to is
counted first, with strace; one that does not is measured, but is no peer of a durable server. smtp-sink throws mail away
and shows what the sender itself can do; "least" syncs and does nothing else, and shows what the machine can. Every round measures each of them once, in turn. The absolute figures of a shared
machine mean little: read the ratios.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE.parent / "tests"), str(_HERE)]
from peers import durability, machine, server  # noqa: E402
from peers.exim import Exim  # noqa: E402
from peers.least import Least  # noqa: E402
from peers.opensmtpd import OpenSmtpd  # noqa: E402
from peers.ours import Ours  # noqa: E402
from peers.postfix import Postfix  # noqa: E402
from peers.sink import Sink  # noqa: E402
from support.ports import free_ports  # noqa: E402

GOAL_PEER, GOAL_SINK = 5.0, 0.6
NO_PEERS = ("smtp-sink", "least")


@dataclass(frozen=True)
class Scenario:
    name: str
    says: str
    messages: int
    connections: int = 20
    size: int = 4096
    reconnect: bool = False
    tls: bool = False
    waits: bool = False  # our own sender, which measures the time from the final dot to the 250
    peers: bool = True   # False: beredd and smtp-sink only


SCENARIOS = (
    Scenario("goal", "20 connections, 4 KiB: smtp-source -d -s 20 -l 4096", 4000),
    Scenario("one", "1 connection, 4 KiB", 600, connections=1),
    Scenario("many", "200 connections, 4 KiB", 6000, connections=200),
    Scenario("64k", "20 connections, 64 KiB", 1000, size=65536),
    Scenario("1m", "20 connections, 1 MiB", 100, size=1 << 20),
    Scenario("reconnect", "20 at once, a new connection for each message, 4 KiB", 2000, reconnect=True),
    Scenario("starttls", "20 connections with STARTTLS, 4 KiB", 3000, tls=True, waits=True),
    Scenario("handshake", "20 at once, a new connection with STARTTLS for each message", 800, reconnect=True, tls=True,
             waits=True),
    Scenario("wait", "from the final dot to the 250, at 20 connections, 4 KiB", 3000, waits=True),
    Scenario("sustained", "as goal, for longer than anything can be put off; beredd and smtp-sink only", 40000,
             peers=False),
)


def smtp_source(scenario, messages, target):
    stay = [] if scenario.reconnect else ["-d"]
    return ["smtp-source", *stay, "-s", str(scenario.connections), "-l", str(scenario.size), "-m", str(messages),
            "-f", "bench@customer.example", "-t", target.recipient, f"127.0.0.1:{target.port}"]


def smtp_load(scenario, messages, target, programs):
    flags = ["--starttls"] * scenario.tls + ["--reconnect"] * scenario.reconnect
    return [f"{programs}/smtp_load", "--port", str(target.port), "--to", target.recipient, "--connections",
            str(scenario.connections), "--messages", str(messages), "--size", str(scenario.size), *flags]


def measure(scenario, messages, target, programs):
    """One run against one server."""
    command = (smtp_load(scenario, messages, target, programs) if scenario.waits
               else smtp_source(scenario, messages, target))
    server.sync()
    disk, cpu = server.written_to(target.folder), target.cpu_seconds()
    others, began = machine.Others(cpu), time.monotonic()
    said = subprocess.run(command, check=True, timeout=600, stdout=subprocess.PIPE, text=True).stdout
    took = time.monotonic() - began
    result = json.loads(said) if scenario.waits else {"rate": messages / took}
    result["others"] = others.share(target.cpu_seconds())
    target.calm()
    server.sync()
    result["cpu_us"] = (target.cpu_seconds() - cpu) / messages * 1e6
    if disk is not None:
        result["written"] = (server.written_to(target.folder) - disk) / (messages * scenario.size)
    return result


def servers(arguments, folder):
    ports = free_ports(5)
    cache = Path(arguments.cache)
    wanted = [Ours(arguments.bin), Postfix(folder / "postfix", ports[0]), Exim(folder / "exim", ports[1], cache),
              OpenSmtpd(folder / "opensmtpd", ports[2], cache, arguments.bin), Sink(folder, ports[3]),
              Least(folder / "least", ports[4], arguments.bin)]
    ready = []
    for one in wanted:
        one.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        why = one.why_not()
        if not why:
            try:
                one.start()
            except Exception as failure:  # a peer that does not start is left out, loudly
                why = str(failure)
        if why and one.name == "beredd":
            sys.exit(f"bench intake: beredd does not start: {why}")
        if why:
            print(f"LEFT OUT: {one.name}: {why}", flush=True)
        else:
            ready.append(one)
    return ready


def look_at_durability(running, folder):
    """What each syncs, counted; what is no peer is not asked."""
    counts = {}
    for one in running:
        if one.name in NO_PEERS:
            continue
        try:
            count = durability.syncs_per_message(one, folder / "strace")
        except (durability.NotCounted, OSError, subprocess.SubprocessError) as failure:
            print(f"{one.name:10} syncs are NOT COUNTED, it is taken to be durable: {failure}", flush=True)
            continue
        counts[one.name] = count
        one.durable = count >= 1
        print(f"{one.name:10} {count:4.1f} syncs a message" + ("" if one.durable else ": NOT DURABLE"), flush=True)
        if not one.durable and one.name == "beredd":
            sys.exit("bench intake: beredd says 250 to what is not synced")
    return counts


def run(scenario, running, arguments):
    """Every server in turn, round by round: name -> its runs. One that fails is left out, loudly."""
    messages = max(scenario.connections, scenario.messages // (10 if arguments.quick else 1))
    runs = {}
    for one in running:
        if scenario.tls and one.no_tls:
            print(f"\nLEFT OUT of {scenario.name}: {one.name}: {one.no_tls}", end="", flush=True)
        elif scenario.size > getattr(one, "largest", scenario.size):
            print(f"\nLEFT OUT of {scenario.name}: {one.name}: it takes {one.largest} octets at most", end="", flush=True)
        elif scenario.peers or one.name in ("beredd", *NO_PEERS):
            runs[one] = []
    for _ in range(1 if arguments.quick else arguments.rounds):
        for one in list(runs):
            try:
                runs[one].append(measure(scenario, messages, one, arguments.bin))
            except (subprocess.SubprocessError, OSError) as failure:
                if one.name == "beredd":
                    raise
                print(f"\nLEFT OUT of {scenario.name}: {one.name}: {failure}", end="", flush=True)
                del runs[one]
    return messages, runs


def medians(runs):
    keys = sorted({key for run in runs for key in run})
    return {key: statistics.median(run[key] for run in runs if key in run) for key in keys}


def judge(scenario, results, durable):
    """beredd beside the best of the peers that sync, beside smtp-sink, and beside those that do not sync."""
    ours = results["beredd"]["rate"]
    peers = {name: row["rate"] for name, row in results.items() if name not in ("beredd", *NO_PEERS)}
    verdict = {"peers": len(peers)}
    synced = {name: rate for name, rate in peers.items() if durable[name]}
    if synced:
        best = max(synced, key=synced.get)
        verdict["best_peer"], verdict["to_best_peer"] = best, ours / synced[best]
    verdict["to_unsynced"] = {name: ours / rate for name, rate in peers.items() if not durable[name]}
    if "smtp-sink" in results:
        verdict["to_sink"] = ours / results["smtp-sink"]["rate"]
    if "least" in results:
        verdict["to_least"] = ours / results["least"]["rate"]
        if synced:
            verdict["least_to_best_peer"] = results["least"]["rate"] / synced[best]
    if scenario.name == "goal":
        verdict["reached"] = (verdict.get("to_best_peer", 0) >= GOAL_PEER and verdict.get("to_sink", 0) >= GOAL_SINK
                              and len(peers) == 3)
    return verdict


def show(scenario, results, verdict):
    print(f"\n{scenario.name}: {scenario.says}")
    print(f"  {'':10} {'messages/s':>10} {'beredd is':>10} {'CPU us':>8} {'written':>8} {'dot to 250: median, p99':>24}")
    for name, row in results.items():
        waits = f"{row['median_us']:.0f} us, {row['p99_us']:.0f} us" if "median_us" in row else ""
        written = f"{row['written']:.1f}" if "written" in row else "?"
        print(f"  {name:10} {row['rate']:10.0f} {results['beredd']['rate'] / row['rate']:9.2f}x {row['cpu_us']:8.0f} "
              f"{written:>8} {waits:>24}")
    words = []
    if "best_peer" in verdict:
        words.append(f"{verdict['to_best_peer']:.2f} times the best durable peer ({verdict['best_peer']})")
    words += [f"{ratio:.2f} times {name}, which syncs nothing" for name, ratio in verdict["to_unsynced"].items()]
    if "to_sink" in verdict:
        words.append(f"{verdict['to_sink']:.2f} of smtp-sink")
    if "to_least" in verdict:
        words.append(f"{verdict['to_least']:.2f} of the least that a durable server can do")
    print("  beredd is at " + ", ".join(words))
    others = max(row["others"] for row in results.values())
    if others > machine.BUSY:
        print(f"  other programs used up to {others:.0%} of the processors: run this again")
    if "reached" in verdict:
        print(f"  goal: {GOAL_PEER:.0f} times the best durable of three peers and {GOAL_SINK} of smtp-sink: "
              + ("REACHED" if verdict["reached"] else "NOT REACHED")
              + ("" if verdict["peers"] == 3 else f" (only {verdict['peers']} of three peers took part)"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="build/bin", help="the folder of beredd, beredctl and smtp_load")
    parser.add_argument("--cache", default="build/bench-peers", help="where the peers' packages are unpacked")
    parser.add_argument("--scenario", action="append", choices=[one.name for one in SCENARIOS])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of the messages, one round")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    arguments = parser.parse_args()
    if shutil.which("smtp-source") is None:
        sys.exit("bench intake: smtp-source is missing (package postfix)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench intake: terminated"))  # and so stops the servers
    busy = machine.share_in_use()
    print(f"{machine.describe()}; {busy:.0%} of the processors in use"
          + (": the machine is BUSY, run this again" if busy > machine.BUSY else ""), flush=True)
    chosen = [one for one in SCENARIOS if not arguments.scenario or one.name in arguments.scenario]
    folder = Path(tempfile.mkdtemp(prefix="beredd-bench-"))
    folder.chmod(0o755)
    running, scenarios = servers(arguments, folder), {}
    report = {"machine": machine.describe(), "busy": busy, "scenarios": scenarios}
    try:
        report["syncs"] = look_at_durability(running, folder)
        durable = {one.name: one.durable for one in running}
        for scenario in chosen:
            messages, runs = run(scenario, running, arguments)
            results = {one.name: medians(rows) for one, rows in runs.items()}
            verdict = judge(scenario, results, durable)
            show(scenario, results, verdict)
            scenarios[scenario.name] = {"scenario": scenario.says, "messages": messages, "results": results, **verdict}
    finally:
        for one in running:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
