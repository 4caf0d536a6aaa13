"""What every server under measurement has in common: a port, its processes, and what they have used."""

import os
import subprocess
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    name = "?"
    recipient = "support@help.example"
    no_tls = ""       # why it is left out where STARTTLS is measured
    durable = True    # as peers/durability.py saw it

    def __init__(self, folder, port):
        self.folder, self.port = Path(folder), port

    def why_not(self):
        """Why it cannot be measured here, or ""."""
        return ""

    def start(self):
        raise NotImplementedError

    def stop(self):
        raise NotImplementedError

    def root(self):
        """The pid above all of its processes."""
        raise NotImplementedError

    def calm(self):
        """Waits until it has finished what it does behind the 250s, as far as it can tell."""

    def processes(self):
        children = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    stat = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                children.setdefault(int(stat[1]), []).append(int(entry))
        found, new = [], [self.root()]
        while new:
            found += new
            new = [child for parent in new for child in children.get(parent, [])]
        return found

    def cpu_seconds(self):
        """Of its processes, and of those that they have waited for."""
        total = 0
        for pid in self.processes():
            try:
                stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += sum(int(ticks) for ticks in stat[11:15])
        return total / _TICKS


def written_to(folder):
    """Bytes that the disk below `folder` was given since it was attached (all programs' together)."""
    device = os.stat(folder).st_dev
    path = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat")
    return int(path.read_text().split()[6]) * 512 if path.exists() else None


def sync():
    subprocess.run(["sync"], check=True)
