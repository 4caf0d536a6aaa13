#!/usr/bin/env python3
"""How fast mail is taken in: beredd, a real Postfix and smtp-sink, in the same minute, with smtp-source.

beredd and Postfix are durable (250 after fsync); smtp-sink throws the mail away and is the generator's own
ceiling. Postfix takes mail for its Maildirs here and goes on delivering while it is measured. Absolute figures
of a shared machine mean little: read the ratios.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from support import postfix  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.ports import free_ports  # noqa: E402
from support.waiting import until  # noqa: E402
from support.programs import greets  # noqa: E402

SENDER = "bench@customer.example"


def send(port, to, messages, size, connections):
    """Messages a second of one smtp-source run."""
    began = time.monotonic()
    subprocess.run(["smtp-source", "-d", "-s", str(connections), "-l", str(size), "-m", str(messages), "-f", SENDER,
                    "-t", to, f"127.0.0.1:{port}"], check=True, timeout=300)
    return messages / (time.monotonic() - began)


def start_sink(port):
    as_root = ["-u", "nobody"] if os.geteuid() == 0 else []
    return subprocess.Popen(["smtp-sink", *as_root, f"127.0.0.1:{port}", "1024"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default="build/bin")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if shutil.which("smtp-source") is None or postfix.why_not():
        sys.exit(f"bench intake: {postfix.why_not() or 'smtp-source is missing'}")

    load = arguments.messages, arguments.size, arguments.connections
    rates = {"beredd": [], "postfix": [], "smtp-sink": []}
    folder = Path(tempfile.mkdtemp(prefix="beredd-bench-"))
    folder.chmod(0o755)
    sink_port, postfix_port = free_ports(2)
    peer = postfix.Postfix(folder / "postfix", postfix_port)
    sink = start_sink(sink_port)
    try:
        with Lab(arguments.bin) as lab:
            lab.start()
            lab.beredctl.text("failover", "force", "helpdesk", "fallback")
            peer.start()
            until(lambda: greets(sink_port), 10, "smtp-sink to answer")
            for number in range(arguments.rounds):
                rates["beredd"].append(send(lab.smtp, "support@help.example", *load))
                rates["postfix"].append(send(postfix_port, "support@primary.example", *load))
                rates["smtp-sink"].append(send(sink_port, "support@help.example", *load))
                print(f"round {number + 1}: " + ", ".join(f"{name} {rate[-1]:.0f}/s" for name, rate in rates.items()),
                      flush=True)
    finally:
        sink.terminate()
        sink.wait(10)
        peer.remove()
        shutil.rmtree(folder, ignore_errors=True)
    medians = {name: statistics.median(rate) for name, rate in rates.items()}
    print(f"\n{arguments.messages} messages of {arguments.size} bytes, {arguments.connections} connections, "
          f"median of {arguments.rounds} rounds")
    for name, rate in medians.items():
        print(f"  {name:10} {rate:8.0f} messages/s   beredd is at {medians['beredd'] / rate:5.2f} of it")


if __name__ == "__main__":
    main()
