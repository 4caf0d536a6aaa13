#!/usr/bin/env python3
"""How fast mail is taken in: beredd and its peers in the same minutes, on the same disk, with the same senders.

The peers are Postfix (holding), Exim (queue_only) and OpenSMTPD (paused), all durable: 250 after fsync; and smtp-sink,
which throws mail away and shows what the sender itself can do. Every round measures each of them once, in turn. The
absolute figures of a shared machine mean little: read the ratios.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE.parent / "tests"), str(_HERE)]
from peers import server  # noqa: E402
from peers.exim import Exim  # noqa: E402
from peers.opensmtpd import OpenSmtpd  # noqa: E402
from peers.ours import Ours  # noqa: E402
from peers.postfix import Postfix  # noqa: E402
from peers.sink import Sink  # noqa: E402
from support.ports import free_ports  # noqa: E402

GOAL_PEER, GOAL_SINK = 5.0, 0.6


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
    disk, cpu, began = server.written_to(target.folder), target.cpu_seconds(), time.monotonic()
    said = subprocess.run(command, check=True, timeout=600, stdout=subprocess.PIPE, text=True).stdout
    took = time.monotonic() - began
    target.calm()
    server.sync()
    result = json.loads(said) if scenario.waits else {"rate": messages / took}
    result["cpu_us"] = (target.cpu_seconds() - cpu) / messages * 1e6
    if disk is not None:
        result["written"] = (server.written_to(target.folder) - disk) / (messages * scenario.size)
    return result


def servers(arguments, folder):
    ports = free_ports(4)
    cache = Path(arguments.cache)
    wanted = [Ours(arguments.bin), Postfix(folder / "postfix", ports[0]), Exim(folder / "exim", ports[1], cache),
              OpenSmtpd(folder / "opensmtpd", ports[2], cache), Sink(folder, ports[3])]
    ready = []
    for one in wanted:
        one.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        why = one.why_not()
        if not why:
            try:
                one.start()
            except Exception as failure:  # a peer that does not start is left out, loudly
                why = str(failure)
        if why:
            print(f"LEFT OUT: {one.name}: {why}", flush=True)
        else:
            ready.append(one)
    return ready


def medians(runs):
    keys = sorted({key for run in runs for key in run})
    return {key: statistics.median(run[key] for run in runs if key in run) for key in keys}


def judge(scenario, results):
    ours = results["beredd"]["rate"]
    peers = {name: row["rate"] for name, row in results.items() if name not in ("beredd", "smtp-sink")}
    verdict = {}
    if peers:
        best = max(peers, key=peers.get)
        verdict["best_peer"], verdict["to_best_peer"] = best, ours / peers[best]
    if "smtp-sink" in results:
        verdict["to_sink"] = ours / results["smtp-sink"]["rate"]
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
        words.append(f"{verdict['to_best_peer']:.2f} times the best peer ({verdict['best_peer']})")
    if "to_sink" in verdict:
        words.append(f"{verdict['to_sink']:.2f} of smtp-sink")
    print("  beredd is at " + ", ".join(words))
    if "reached" in verdict:
        print(f"  goal: {GOAL_PEER:.0f} times the best of three peers and {GOAL_SINK} of smtp-sink: "
              + ("REACHED" if verdict["reached"] else "NOT REACHED"))


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
    busy = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load average {busy:.1f}" + ("  (the machine is BUSY: run this again)" if busy > 1 else ""),
          flush=True)
    chosen = [one for one in SCENARIOS if not arguments.scenario or one.name in arguments.scenario]
    folder = Path(tempfile.mkdtemp(prefix="beredd-bench-"))
    folder.chmod(0o755)
    running = servers(arguments, folder)
    report = {}
    try:
        for scenario in chosen:
            messages = max(scenario.connections, scenario.messages // (10 if arguments.quick else 1))
            able = [one for one in running if one.speaks_tls or not scenario.tls]
            runs = {one.name: [] for one in able}
            for _ in range(1 if arguments.quick else arguments.rounds):
                for one in able:
                    runs[one.name].append(measure(scenario, messages, one, arguments.bin))
            results = {name: medians(rows) for name, rows in runs.items()}
            verdict = judge(scenario, results)
            show(scenario, results, verdict)
            report[scenario.name] = {"scenario": scenario.says, "messages": messages, "results": results, **verdict}
    finally:
        for one in running:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
