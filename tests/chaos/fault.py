"""The control block of faults.so: what fails from now on in the daemon that has the library preloaded."""

import errno
import mmap
import os
import re
import struct
import subprocess
from pathlib import Path

WRITE, SYNC, GROW, META, TAKE_BACK = 1, 2, 4, 8, 16  # tests/chaos/faults.h
SHORT = 0  # instead of an errno: half of what was to be written

_HEAD = struct.Struct("=5Qq3Q")
_NAMES = ("calls", "number", "every", "times", "after", "clock_shift", "seen", "failed", "made")
_TRAIL, _BELOW = 64, 256


class Faults:
    """Owns the file that the library maps. Every change counts at once."""

    def __init__(self, path, below):
        self._path = Path(path)
        below = os.path.realpath(below).encode()
        blank = _HEAD.pack(*([0] * len(_NAMES))) + bytes(_TRAIL) + below.ljust(_BELOW, b"\0")
        self._path.write_bytes(blank)
        with self._path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), len(blank))

    def environment(self, daemon):
        """What preloads the library into `daemon`. A sanitizer's runtime must stand before it."""
        library = Path(daemon).parent / "faults.so"
        linked = subprocess.run(["ldd", str(daemon)], capture_output=True, text=True, check=True).stdout
        runtime = re.findall(r"lib[at]san\.so\S* => (\S+)", linked)
        return {"LD_PRELOAD": " ".join([*runtime, str(library)]), "BEREDD_FAULTS": str(self._path)}

    def begin(self, calls, number=errno.EIO, every=1, times=0, after=0):
        self._set("calls", 0)
        for name, value in (("number", number), ("every", every), ("times", times), ("after", after),
                            ("seen", 0), ("failed", 0)):
            self._set(name, value)
        self._set("calls", calls)

    def end(self):
        self._set("calls", 0)

    def shift_clock(self, seconds):
        self._set("clock_shift", int(seconds * 1_000_000))

    @property
    def failed(self):
        return self._get("failed")

    def _set(self, name, value):
        struct.pack_into("=q" if name == "clock_shift" else "=Q", self._map, 8 * _NAMES.index(name), value)

    def _get(self, name):
        return struct.unpack_from("=Q", self._map, 8 * _NAMES.index(name))[0]
