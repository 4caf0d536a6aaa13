"""Whether a server syncs what it says 250 to: counted from outside, not believed.

A server that never calls fsync or a sister of it can lose what it has taken when the power goes, and is faster for it.
"""

import re
import shutil
import signal
import subprocess
from pathlib import Path

from support.waiting import TooLate, until

MESSAGES = 20
_SYNC = re.compile(r"\b(?:fsync|fdatasync|msync|sync|syncfs|sync_file_range)\(")


class NotCounted(Exception):
    pass


def syncs_per_message(server, log):
    """Over one connection, where no commit can serve two messages. Raises NotCounted."""
    if shutil.which("strace") is None:
        raise NotCounted("strace is not installed")
    pids = server.processes()
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,msync,sync,syncfs,sync_file_range", "-o", log,
         *(word for pid in pids for word in ("-p", str(pid)))], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: all(_traced(pid) for pid in pids), 20, f"strace to see {server.name}")
        subprocess.run(["smtp-source", "-d", "-l", "4096", "-m", str(MESSAGES), "-f", "bench@customer.example", "-t",
                        server.recipient, f"127.0.0.1:{server.port}"], check=True, timeout=60)
    except TooLate as failure:
        raise NotCounted(str(failure)) from failure
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
    return sum(1 for line in Path(log).read_text().splitlines() if _SYNC.search(line)) / MESSAGES


def _traced(pid):
    """Traced, or gone since: a child that serves a former connection may end in these moments."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True
    return "TracerPid:\t0\n" not in status or "State:\tZ" in status
