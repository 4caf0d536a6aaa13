"""The machine under a measurement: what it is, and whether it had other work."""

import os
import platform
import resource
import time
from pathlib import Path

BUSY = 0.1  # of the processors, used by others: figures are worth little
_TICKS = os.sysconf("SC_CLK_TCK")


def describe():
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown processor")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) >> 20
    return f"{os.cpu_count()} cores ({model}), {memory} GiB, Linux {platform.release()}"


def busy_seconds():
    """Processor time that anything has used since the start of the machine; stolen time counts."""
    fields = [int(value) for value in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _waits, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq + steal) / _TICKS


def seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Others:
    """The share of the processors that neither the server nor our own children used, between start and `share`."""

    def __init__(self, server_seconds):
        self._began = time.monotonic()
        self._busy, self._children, self._server = busy_seconds(), seconds_of_children(), server_seconds

    def share(self, server_seconds):
        took = time.monotonic() - self._began
        ours = seconds_of_children() - self._children + server_seconds - self._server
        return max(0.0, busy_seconds() - self._busy - ours) / (took * os.cpu_count())


def share_in_use(seconds=2.0):
    """How much of the processors is in use now, before anything of ours runs."""
    before = busy_seconds()
    time.sleep(seconds)
    return (busy_seconds() - before) / (seconds * os.cpu_count())
