"""The disk of a running beredd fails in every way that a disk can, and its clock jumps, under load.

Nothing is answered 250 that is not on disk, nothing is answered 5xx, nothing that was put off and sent again is
there twice, the process lives, and mail is taken again by itself once the fault is over. CHAOS_SEED repeats a
run, CHAOS_ROUNDS sets how often all faults come.
"""

import errno
import os
import random
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chaos.fault import GROW, META, SHORT, SYNC, TAKE_BACK, WRITE, Faults  # noqa: E402
from support.lab import Lab, bin_folder  # noqa: E402
from support.traffic import Traffic, at_the_primary, missing_from  # noqa: E402
from support.waiting import until  # noqa: E402

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "1"))
HOUR, YEAR = 3600, 365 * 24 * 3600
SOON = 10  # seconds, until mail is taken again: a pause of ours is one, and the machine may be busy

FAULTS = {
    "writing fails": dict(calls=WRITE, number=errno.EIO),
    "the disk is full": dict(calls=WRITE | META, number=errno.ENOSPC),
    "the quota is used up": dict(calls=WRITE | GROW, number=errno.EDQUOT),
    "the disk is read-only": dict(calls=WRITE | META | GROW | TAKE_BACK, number=errno.EROFS),
    "writes are cut short": dict(calls=WRITE | META, number=SHORT),
    "every third write fails": dict(calls=WRITE | META, number=errno.EIO, every=3),
    "writes arrive and are said to have failed": dict(calls=WRITE, number=errno.EIO, after=WRITE),
    "syncing fails": dict(calls=SYNC, number=errno.EIO),
    "every second sync fails": dict(calls=SYNC, number=errno.EIO, every=2),
    "the last page fails": dict(calls=META, number=errno.EIO),
    "every third last page fails": dict(calls=META, number=errno.EIO, every=3),
    "the last page fails and cannot be taken back": dict(calls=META | TAKE_BACK, number=errno.EIO),
    "the last page arrives, is said to have failed and cannot be taken back":
        dict(calls=META | TAKE_BACK, number=errno.EIO, after=META, times=10),
    "the last page fails and the store cannot be opened": dict(calls=META | GROW, number=errno.EIO),
}

# The log goes on where a write stopped, and mail is taken all the while; only the tables wait.
BORNE = {"writes are cut short"}


class DiskAndClock(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(10**6)))
        print(f"CHAOS_SEED={self.seed} CHAOS_ROUNDS={ROUNDS}", file=sys.stderr)
        self.lab = self.enterContext(Lab(every="100ms", min_dwell="0s", daily_budget=1000,
                                         retry=("100ms", "200ms")))
        self.faults = Faults(self.lab.folder / "faults", self.lab.state)
        self.lab.sandbox.start().ready()
        self.lab.daemon.start(**self.faults.environment(bin_folder() / "beredd")).ready()
        self.traffic = Traffic(self.lab.smtp, self.seed, again=True)

    def test_every_fault_of_the_disk_is_survived(self):
        names = list(FAULTS) * ROUNDS
        random.Random(self.seed).shuffle(names)
        with self.traffic:
            self.takes_mail()
            for name in names:
                with self.subTest(name):
                    self.endure(name, **FAULTS[name])
        self.all_is_there_once()

    def test_no_jump_of_the_clock_stalls_or_doubles(self):
        with self.traffic:
            for jump in (YEAR, 0, -HOUR, 0, YEAR) * ROUNDS:
                self.faults.shift_clock(jump)
                self.takes_mail()
        # An outage that begins a year ahead, and ends in the present.
        self.lab.sandbox.kill9()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        with self.traffic:
            self.takes_mail()
        self.faults.shift_clock(0)
        self.lab.sandbox.start().ready()
        self.all_is_there_once()

    def endure(self, name, **fault):
        refused, began = self.put_off(), time.monotonic()
        self.faults.begin(**fault)
        until(lambda: self.has_struck(name, fault, refused), 20, f"mail to be put off: {name}")
        self.lab.daemon.must_run()
        self.lab.beredctl.run("ticket", "list")  # whatever it answers, it answers
        self.faults.end()
        ended = time.monotonic()
        self.takes_mail()
        self.lab.beredctl.json("ticket", "list", "--limit", 3)
        print(f"{name}: {ended - began:.1f} s, {self.faults.failed} calls failed, {self.put_off() - refused} put off, "
              f"taken again after {time.monotonic() - ended:.2f} s", file=sys.stderr)

    def has_struck(self, name, fault, refused):
        # What came through all the same is not put off.
        return self.faults.failed >= 10 and ("times" in fault or name in BORNE or self.put_off() > refused)

    def put_off(self):
        return sum(count for code, count in self.traffic.codes.items() if code in (451, 452))

    def takes_mail(self):
        goal = len(self.traffic.accepted) + 8
        until(lambda: len(self.traffic.accepted) >= goal, SOON, "mail to be taken")

    def all_is_there_once(self):
        self.lab.daemon.must_run()
        strange = {code: count for code, count in self.traffic.codes.items() if code not in (250, 451, 452)}
        self.assertEqual(strange, {}, "nothing but 250 and 4xx was answered")
        until(self.lab.beredctl.at_rest, 120, "all mail to be handed back", every=0.1)
        self.assertEqual(missing_from(self.lab.beredctl.export(), self.traffic.accepted), [])
        result = at_the_primary(self.lab.sandbox, self.traffic)
        self.assertTrue(result.clean, f"CHAOS_SEED={self.seed} lost={result.lost[:5]} doubled={result.doubled[:5]} "
                                      f"altered={result.altered[:5]}")
        # Once more from the disk alone.
        self.assertEqual(self.lab.daemon.stop(), 0)
        self.lab.daemon.start().ready()
        self.assertEqual(missing_from(self.lab.beredctl.export(), self.traffic.accepted), [])
        print(f"{len(self.traffic.accepted)} accepted, {self.put_off()} put off", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
