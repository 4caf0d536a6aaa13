"""beredd restarts under load while somebody else, as systemd does, holds its socket.

No connection is refused, no mail is lost or doubled, what is under way finishes, who is idle is told 421.
CHAOS_RESTARTS sets the length.
"""

import os
import random
import signal
import socket
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab, bin_folder  # noqa: E402
from support.programs import Daemon  # noqa: E402
from support.smtp_wire import Client, stuffed  # noqa: E402
from support.traffic import TO, Traffic, at_the_primary, missing_from  # noqa: E402
from support.waiting import until  # noqa: E402

RESTARTS = int(os.environ.get("CHAOS_RESTARTS", "5"))
CLIENTS = 12
# What systemd does between fork and exec: the socket is descriptor 3, and the process is told its own number.
_ACTIVATE = 'exec 3<&"$1"; shift; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=smtp exec "$@"'


class Activated(Daemon):
    def __init__(self, listening, *arguments):
        super().__init__(*arguments)
        self.passed_files = (listening.fileno(),)
        self._arguments = ["bash", "-c", _ACTIVATE, "activate", str(listening.fileno()), *self._arguments]


class Gaps:
    """The longest time in which no mail was taken."""

    def __init__(self, traffic):
        self._traffic, self._count, self._since, self.longest = traffic, 0, time.monotonic(), 0.0

    def look(self):
        now = time.monotonic()
        if len(self._traffic.accepted) > self._count:
            self._count, self._since = len(self._traffic.accepted), now
        self.longest = max(self.longest, now - self._since)
        return self._count


class Restart(unittest.TestCase):
    def setUp(self):
        self.lab = self.enterContext(Lab(every="100ms", min_dwell="0s", daily_budget=1000,
                                         retry=("100ms", "200ms")))
        self.listening = self.enterContext(socket.create_server(("127.0.0.1", self.lab.smtp), backlog=4096))
        self.lab.daemon = Activated(self.listening, bin_folder().resolve(), self.lab.config_file,
                                    self.lab.folder / "beredd.log")
        self.lab.start()

    def terminate(self):
        os.kill(self.lab.daemon.pid, signal.SIGTERM)

    def starts_again(self):
        until(lambda: not self.lab.daemon.running, 30, "beredd to end")
        self.assertEqual(self.lab.daemon.stop(), 0)
        self.lab.daemon.start().ready()

    def test_under_load_nothing_is_refused_lost_or_doubled(self):
        seed = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(10**6)))
        dice = random.Random(seed)
        traffic = Traffic(self.lab.smtp, seed, senders=CLIENTS, again=True)
        gaps = Gaps(traffic)
        with traffic:
            for _ in range(RESTARTS):
                goal = len(traffic.accepted) + dice.randint(20, 120)
                until(lambda: gaps.look() >= goal, 60, "mail to be taken", every=0.002)
                self.terminate()
                until(lambda: gaps.look() and not self.lab.daemon.running, 30, "beredd to end", every=0.002)
                self.starts_again()
            goal = len(traffic.accepted) + 50
            until(lambda: gaps.look() >= goal, 60, "mail to be taken", every=0.002)
        print(f"CHAOS_SEED={seed} {RESTARTS} restarts, {CLIENTS} clients: answers {dict(traffic.codes)}, "
              f"longest gap {gaps.longest:.2f} s", file=sys.stderr)
        self.assertEqual(traffic.codes["refused"], 0, "a connection was refused")
        self.assertEqual(set(traffic.codes) - {"refused"} - {250, 421}, set(), f"something else than 250 and 421: {traffic.cut}")
        until(self.lab.beredctl.at_rest, 120, "all mail to be handed back", every=0.1)
        self.assertEqual(missing_from(self.lab.beredctl.export(), traffic.accepted), [])
        result = at_the_primary(self.lab.sandbox, traffic)
        self.assertTrue(result.clean, f"lost={result.lost[:5]} doubled={result.doubled[:5]}")

    def test_a_transaction_finishes_and_an_idle_client_is_told(self):
        idle, busy = self.enterContext(Client(self.lab.smtp)), self.enterContext(Client(self.lab.smtp))
        mail = b"Subject: half\r\n\r\n" + b"x" * 70 + b"\r\n" + b"line\r\n" * 20000
        data = stuffed(mail)
        self.assertEqual(busy.wire.command("MAIL FROM:<a@kund.example>").code, 250)
        self.assertEqual(busy.wire.command(f"RCPT TO:<{TO[0]}>").code, 250)
        self.assertEqual(busy.wire.command("DATA").code, 354)
        busy.wire.write(data[:len(data) // 2])
        self.terminate()
        told = idle.wire.reply()
        self.assertEqual((told.code, told.text[:5]), (421, "4.3.2"))
        self.assertEqual(idle.wire.reply().code, 0, "and then the connection ends")
        late = self.enterContext(socket.create_connection(("127.0.0.1", self.lab.smtp), timeout=30))
        busy.wire.write(data[len(data) // 2:])
        self.assertEqual(busy.wire.reply().code, 250)
        self.assertEqual(busy.wire.reply().code, 421, "this was the last one")
        self.starts_again()
        self.assertTrue(late.recv(100).startswith(b"220 "), "who came in between is served by the next process")
        self.assertEqual([message["subject"] for message in self.lab.beredctl.export()], ["half"])

    def test_a_client_that_never_finishes_does_not_hold_the_restart_up(self):
        slow = self.enterContext(Client(self.lab.smtp))
        self.assertEqual(slow.wire.command("MAIL FROM:<a@kund.example>").code, 250)
        began = time.monotonic()
        self.terminate()
        self.assertEqual(slow.wire.reply().code, 421)
        self.starts_again()
        self.assertLess(time.monotonic() - began, 30, "TimeoutStopSec of the unit")


if __name__ == "__main__":
    unittest.main()
