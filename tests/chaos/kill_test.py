"""beredd is killed at random, again and again, while mail comes in and while mail is handed back.

Everything answered 250 must be exported, and must be at the primary exactly once. A mail whose answer was lost
with the process may be there once or not at all. CHAOS_SEED repeats a run, CHAOS_KILLS sets its length.
"""

import os
import random
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab  # noqa: E402
from support.reckoning import Sent, identity, reckon, without_trace  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import until  # noqa: E402

KILLS = int(os.environ.get("CHAOS_KILLS", "30"))
SENDERS = 4
TO = ("support@help.example",)


class Traffic:
    """Four senders that write without a pause, every attempt a new mail of one of ten conversations."""

    def __init__(self, port, seed):
        self._port, self._seed = port, seed
        self._lock, self._going = threading.Lock(), threading.Event()
        self._attempts = 0
        self.accepted, self.unanswered = [], []
        self._threads = []

    def start(self):
        self._going.set()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._going.clear()
        for thread in self._threads:
            thread.join()

    def _write(self, sender):
        dice = random.Random(self._seed * SENDERS + sender)
        while self._going.is_set():
            with self._lock:
                self._attempts += 1
                number = self._attempts
            size = dice.choice((10, 1000, 1000, 20000, 300000))
            data = (f"From: kund{number % 10}@kund.example\r\nTo: support@help.example\r\nSubject: {number}\r\n"
                    f"Message-ID: <{self._seed}.{number}@kund.example>\r\n"
                    f"References: <{self._seed}.root.{number % 10}@kund.example>\r\n\r\n"
                    + "0123456789abcdef\r\n" * (size // 18) + f"{number}\r\n").encode()
            reply = send(data, f"kund{number % 10}@kund.example", TO, self._port)
            with self._lock:
                if reply.code == 250:
                    self.accepted.append(Sent(f"mail {number}", data, TO, len(self.accepted)))
                elif reply.code == 0 and "refused" not in reply.text:
                    self.unanswered.append(Sent(f"mail {number}", data, TO, 0))


class Chaos(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(10**6)))
        print(f"CHAOS_SEED={self.seed} CHAOS_KILLS={KILLS}", file=sys.stderr)
        self.dice = random.Random(self.seed)
        self.lab = self.enterContext(Lab(every="100ms", min_dwell="0s", daily_budget=1000,
                                         retry=("100ms", "200ms")).start())
        self.traffic = Traffic(self.lab.smtp, self.seed)

    def test_keeps_every_promise_through_kills(self):
        for _ in range(KILLS):
            self.dice.choice((self.kill_while_mail_comes_in, self.kill_while_mail_is_handed_back))()
            self.lab.daemon.start().ready()
        self.comes_to_rest()
        self.nothing_is_missing_from_the_export()
        self.everything_is_at_the_primary_once()
        done = len(self.traffic.accepted)
        print(f"{KILLS} kills, {done} mails accepted, {len(self.traffic.unanswered)} unanswered", file=sys.stderr)

    def write_until(self, more):
        goal = len(self.traffic.accepted) + more
        until(lambda: len(self.traffic.accepted) >= goal, 60, f"{more} more mails to be accepted", every=0.001)

    def kill_while_mail_comes_in(self):
        self.traffic.start()
        try:
            self.write_until(self.dice.randint(1, 40))
            self.lab.daemon.kill9()
        finally:
            self.traffic.stop()

    def kill_while_mail_is_handed_back(self):
        self.comes_to_rest()
        self.lab.sandbox.kill9()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        before = self.lab.sandbox.count()
        self.traffic.start()
        try:
            self.write_until(30)
        finally:
            self.traffic.stop()
        self.lab.sandbox.start().ready()
        goal = before + self.dice.randint(1, 29)
        until(lambda: self.lab.sandbox.count() >= goal, 60, "the hand-back to be under way", every=0.001)
        self.lab.daemon.kill9()

    def comes_to_rest(self):
        until(self.lab.beredctl.at_rest, 120, "all mail to be handed back", every=0.1)

    def nothing_is_missing_from_the_export(self):
        exported = {message["sha256"] for message in self.lab.beredctl.export()}
        missing = [sent.name for sent in self.traffic.accepted if sent.key[0] not in exported]
        self.assertEqual(missing, [], f"CHAOS_SEED={self.seed}")

    def everything_is_at_the_primary_once(self):
        kept = [(data, envelope["to"]) for data, envelope in self.lab.sandbox.kept()]
        maybe = {sent.key: sent for sent in self.traffic.unanswered}
        arrived = {identity(below, to) for data, to in kept for below in without_trace(data)}
        due = self.traffic.accepted + [sent for key, sent in maybe.items() if key in arrived]
        result = reckon(due, kept)
        quarantined = self.lab.beredctl.json("handback", "status")[0]["quarantined"]
        self.assertTrue(result.clean, f"CHAOS_SEED={self.seed} quarantined={quarantined} lost={result.lost[:5]} "
                                      f"doubled={result.doubled[:5]} altered={result.altered[:5]}")


if __name__ == "__main__":
    unittest.main()
