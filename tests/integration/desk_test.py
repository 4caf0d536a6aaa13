"""`beredctl desk` and `ticket list --watch` on real terminals, against a real daemon."""

import os
import subprocess
import sys
import unittest
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab, bin_folder  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.terminal import Terminal, pyte  # noqa: E402
from support.waiting import until  # noqa: E402

SKIP = 77
DESK = "support@help.example"
PROMISES = """
[[calendar]]
name = "always"
zone = "Europe/Stockholm"
hours = ["mon-sun 00:00-24:00"]

[[sla]]
calendar = "always"
first_answer = "4h"
"""


def letter(subject, text="Hello", sender="Anna Berg <anna@kund.example>"):
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, DESK, subject
    mail.set_content(text, charset="utf-8")
    return mail.as_bytes()


class Desk(unittest.TestCase):
    def setUp(self):
        self.lab = self.enterContext(Lab())
        with self.lab.config_file.open("a", encoding="utf-8") as config:
            config.write(PROMISES)
        self.lab.start()
        self.lab.beredctl.text("failover", "force", "helpdesk", "fallback")
        self.take(letter("The printer is on fire", "Please advise.\n\nAnna"))
        until(lambda: self.lab.beredctl.json("ticket", "list"), 30, "the ticket")
        until(lambda: self.lab.beredctl.json("ticket", "list")[0]["due"], 30, "what is due")

    def take(self, mail):
        self.assertEqual(send(mail, "anna@kund.example", [DESK], self.lab.smtp).code, 250)

    def beredctl(self, *arguments, **terminal):
        command = [bin_folder() / "beredctl", "--socket", self.lab.config.socket, *arguments]
        return self.enterContext(Terminal(command, **terminal))

    def test_shows_the_queue_and_a_ticket_and_ends(self):
        for kind in ("xterm", "screen", "linux", "vt100"):
            with self.subTest(terminal=kind):
                desk = self.beredctl("desk", kind=kind)
                desk.shows("The printer is on fire")
                self.assertIn("all desks  1 ticket", desk.lines[0])
                self.assertIn("helpdesk: fallback", desk.lines[0])
                self.assertRegex(desk.lines[2], r"^ +\d+ new +in (4h|3h 5\dm) ")
                desk.type("\r")
                desk.shows("Please advise.")
                self.assertRegex(desk.lines[1], r"first answer in (4h|3h 5\dm)")
                desk.type("q")
                desk.shows("all desks")
                desk.type("q")
                self.assertEqual(desk.ends(), 0)

    def test_follows_what_happens_elsewhere(self):
        desk = self.beredctl("desk")
        desk.shows("1 ticket")
        self.take(letter("Order 7 has not arrived"))
        desk.shows("Order 7 has not arrived")
        self.assertIn("2 tickets", desk.lines[0])

    def test_follows_the_size_of_its_terminal(self):
        desk = self.beredctl("desk")
        desk.shows("1 ticket")
        desk.resize(30, 100)
        desk.until(lambda text: "? help" in text.splitlines()[-1], "the keys in the last line")

    def test_sends_little_for_a_key(self):
        for number in range(20):
            self.take(letter(f"Question {number}"))
        desk = self.beredctl("desk")
        desk.shows("21 tickets")
        before = -1
        while before != len(desk.received):  # until it is quiet
            before = len(desk.received)
            desk.read(1.5)
        desk.type("j")
        desk.until(lambda _: len(desk.received) > before, "an answer to the key")
        desk.read(0.5)
        self.assertLess(len(desk.received) - before, 500)

    def test_is_not_harmed_by_what_customers_write(self):
        self.take(letter("\u202egone\u202c \u6f22\u5b57 e\u0301\u0301\u0301\u0301 \U0001f525",
                         "a\x1b[2Jb\x1b]0;owned\x07c"))
        desk = self.beredctl("desk")
        desk.shows("2 tickets")
        desk.shows("漢")
        desk.type("\r")
        desk.shows("a\\x1b[2Jb\\x1b]0;owned\\x07c")
        self.assertNotIn(b"\x1b]0;owned", desk.received)
        self.assertNotIn("\u202e".encode(), desk.received)

    def test_uses_colours_only_where_there_are_some(self):
        for kind in ("vt100", "xterm"):
            desk = self.beredctl("desk", kind=kind)
            desk.shows("1 ticket")
            desk.type("q")
            desk.ends()
            if kind == "vt100":
                self.assertNotRegex(desk.received, rb"\x1b\[[0-9;]*3[0-7]m")

    def test_says_that_the_daemon_is_away_and_comes_back(self):
        desk = self.beredctl("desk")
        desk.shows("1 ticket")
        self.lab.daemon.stop()
        desk.shows("NOT CONNECTED")
        self.lab.daemon.start().ready()
        desk.until(lambda text: "NOT CONNECTED" not in text, "the daemon again")
        desk.shows("The printer is on fire")

    def test_needs_a_terminal(self):
        done = subprocess.run([bin_folder() / "beredctl", "--socket", self.lab.config.socket, "desk"],
                              capture_output=True, text=True, timeout=20, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the desk needs a terminal", done.stderr)
        nobody = self.beredctl("desk", kind="nosuchterminal")
        self.assertEqual(nobody.ends(), 1)

    def test_watch_draws_the_list_anew(self):
        watch = self.beredctl("ticket", "list", "--watch", columns=120)
        watch.shows("The printer is on fire")
        self.take(letter("Order 7 has not arrived"))
        watch.shows("Order 7 has not arrived")
        self.assertEqual(watch.text.count("SUBJECT"), 1)
        os.kill(watch.pid, 2)
        self.assertNotEqual(watch.ends(), 0)


if __name__ == "__main__":
    if pyte is None:
        print("SKIPPED: no pyte on this machine")
        sys.exit(SKIP)
    unittest.main()
