"""beredd is killed at random, again and again: while mail comes in, while it is handed back, while it is sorted,
and while it starts.

Everything answered 250 must be exported, and must be at the primary exactly once. A mail whose answer was lost
with the process may be there once or not at all. CHAOS_SEED repeats a run, CHAOS_KILLS sets its length.
"""

import os
import random
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab  # noqa: E402
from support.smtp_wire import Client  # noqa: E402
from support.traffic import TO, Traffic, at_the_primary, missing_from  # noqa: E402
from support.waiting import until  # noqa: E402

KILLS = int(os.environ.get("CHAOS_KILLS", "25"))


class Chaos(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("CHAOS_SEED", random.SystemRandom().randrange(10**6)))
        print(f"CHAOS_SEED={self.seed} CHAOS_KILLS={KILLS}", file=sys.stderr)
        self.dice = random.Random(self.seed)
        self.lab = self.enterContext(Lab(every="100ms", min_dwell="0s", daily_budget=1000,
                                         retry=("100ms", "200ms")).start())
        self.traffic = Traffic(self.lab.smtp, self.seed)

    def test_keeps_every_promise_through_kills(self):
        ways = (self.kill_while_mail_comes_in, self.kill_while_mail_is_sorted, self.kill_at_the_start,
                self.kill_while_mail_is_handed_back)
        for number in range(KILLS):
            # Each way at least once, whatever the dice say.
            (ways[number] if number < len(ways) else self.dice.choice(ways))()
            self.lab.daemon.start().ready()
        self.comes_to_rest()
        missing = missing_from(self.lab.beredctl.export(), self.traffic.accepted)
        self.assertEqual(missing, [], f"CHAOS_SEED={self.seed}")
        self.everything_is_at_the_primary_once()
        print(f"{KILLS} kills, {len(self.traffic.accepted)} mails accepted, "
              f"{len(self.traffic.unanswered)} unanswered", file=sys.stderr)

    def test_what_was_written_ahead_of_a_mail_that_never_ended_is_swept(self):
        with Client(self.lab.smtp) as client:
            for command in ("MAIL FROM:<a@kund.example>", f"RCPT TO:<{TO[0]}>", "DATA"):
                self.assertTrue(client.wire.command(command).good)
            client.wire.write(b"Subject: half\r\n\r\n" + b"0123456789abcde\r\n" * 200_000)
            grown = self.lab.state / "data.mdb"
            until(lambda: grown.stat().st_size > 2_000_000, 20, "chunks to be written ahead")
            self.lab.daemon.kill9()
        self.lab.daemon.start().ready()
        self.assertIn("swept bodies without a message count=1", self.lab.daemon.said())
        self.assertEqual(self.lab.beredctl.export(), [])

    def write_until(self, more):
        goal = len(self.traffic.accepted) + more
        until(lambda: len(self.traffic.accepted) >= goal, 60, f"{more} more mails to be accepted", every=0.001)

    def kill_while_mail_comes_in(self):
        with self.traffic:
            self.write_until(self.dice.randint(1, 40))
            self.lab.daemon.kill9()

    def kill_while_mail_is_sorted(self):
        with self.traffic:
            self.write_until(20)
        # Intake has ended; what is left to do is sorting and relaying.
        time.sleep(self.dice.uniform(0, 0.05))
        self.lab.daemon.kill9()

    def kill_at_the_start(self):
        """Twice: what a start leaves half done, the next one finds."""
        with self.traffic:
            self.write_until(10)
            self.lab.daemon.kill9()
        for _ in range(2):
            self.lab.daemon.start()
            time.sleep(self.dice.uniform(0, 0.3))
            self.lab.daemon.kill9()

    def kill_while_mail_is_handed_back(self):
        self.comes_to_rest()
        self.lab.sandbox.kill9()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        before = self.lab.sandbox.count()
        with self.traffic:
            self.write_until(30)
        self.lab.sandbox.start().ready()
        goal = before + self.dice.randint(1, 29)
        until(lambda: self.lab.sandbox.count() >= goal, 60, "the hand-back to be under way", every=0.001)
        self.lab.daemon.kill9()

    def comes_to_rest(self):
        until(self.lab.beredctl.at_rest, 120, "all mail to be handed back", every=0.1)

    def everything_is_at_the_primary_once(self):
        result = at_the_primary(self.lab.sandbox, self.traffic)
        quarantined = self.lab.beredctl.json("handback", "status")[0]["quarantined"]
        self.assertTrue(result.clean, f"CHAOS_SEED={self.seed} quarantined={quarantined} lost={result.lost[:5]} "
                                      f"doubled={result.doubled[:5]} altered={result.altered[:5]}")


if __name__ == "__main__":
    unittest.main()
