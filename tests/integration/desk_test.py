"""A session of two at the desk, by the command line alone, while the platform is away: their tickets, notes and
histories survive a daemon that is killed, and the mail goes back once."""

import json
import os
import pty
import select
import subprocess
import sys
import unittest
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
from support.waiting import until  # noqa: E402

DESK = "support@help.example"


def mail(subject, answers=None, more=""):
    reply = f"In-Reply-To: <{answers}@kund.example>\r\n" if answers else ""
    return (f"From: Anna <anna@kund.example>\r\nTo: {DESK}\r\nSubject: {subject}\r\n"
            f"Message-ID: <{subject}@kund.example>\r\n{reply}{more}\r\nHej, {subject}!\r\n").encode()
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
        self.lab = self.enterContext(Lab().start())
        self.ctl = self.lab.beredctl

    def take(self, *mails):
        for one in mails:
            reply = send(one, "anna@kund.example", [DESK], self.lab.smtp)
            self.assertEqual(reply.code, 250, reply)
        until(lambda: self.ctl.json("status")["unsorted"] == 0, 30, "the mail to be sorted")

    def ticket(self, number):
        return self.ctl.json("ticket", "show", number)

    def deeds(self, number):
        """What people did to a ticket, in order."""
        return [entry["what"] for entry in self.ticket(number)["history"] if entry["who"]]

    def refused(self, *arguments):
        done = self.ctl.run(*arguments)
        self.assertEqual(done.returncode, 1, done)
        return done.stderr.decode()

    def test_a_session_from_the_first_look_to_the_hand_back(self):
        self.ctl.text("failover", "force", "helpdesk", "fallback")
        self.take(mail("pump"), mail("bill"), mail("pump-again"), mail("and-the-bill", "pump"))
        self.assertEqual([len(self.ticket(n)["messages"]) for n in (1, 2, 3)], [2, 1, 1])

        self.ctl.text("ticket", "assign", "1,2", "me")
        me = self.ticket(1)["assignee"]
        self.assertTrue(me)
        self.ctl.text("ticket", "assign", 2, "bo")
        self.assertIn("bo has it already", self.refused("ticket", "assign", 2, "me"))
        self.ctl.text("ticket", "tag", 1, "pump", "urgent")
        self.ctl.text("ticket", "tag", 1, "--remove", "urgent")
        self.ctl.text("ticket", "priority", 1, "high")
        self.ctl.text("ticket", "note", 1, "-m", "She rang: it läcks.")

        self.ctl.text("ticket", "merge", 3, 1)
        new = self.ctl.json("ticket", "split", 1, 4)["id"]
        self.ctl.text("ticket", "state", 1, "pending", "--until", "2h")

        one = self.ticket(1)
        self.assertEqual((one["state"], one["priority"], one["tags"], one["merged"]),
                         ("pending", "high", ["pump"], [3]))
        self.assertIsNotNone(one["pending_until"])
        self.assertEqual([m["direction"] for m in one["messages"]], ["in", "in", "note"])
        self.assertEqual(one["messages"][-1]["author"], me)
        self.assertEqual(self.ticket(3)["id"], 1)
        self.assertEqual([m["subject"] for m in self.ticket(new)["messages"]], ["and-the-bill"])
        self.assertEqual(self.deeds(1), ["assigned", "tagged", "untagged", "priority set", "noted", "merged",
                                         "moved", "state set"])
        text = self.ctl.text("ticket", "show", 1)
        self.assertIn("She rang: it läcks.", text)
        self.assertIn("pending until", text)
        self.assertIn("History", text)

        before = self.ticket(1)
        self.lab.daemon.kill9()
        self.lab.daemon.start().ready()
        self.assertEqual(self.ticket(1), before)

        self.take(mail("still-leaks", "pump"))
        self.assertEqual(self.ticket(1)["state"], "open")
        self.assertIsNone(self.ticket(1)["pending_until"])
        self.assertIn("reopened", [entry["what"] for entry in self.ticket(1)["history"]])

        self.ctl.text("failover", "force", "helpdesk", "normal")
        until(lambda: self.ctl.waiting() == 0, 60, "the hand-back")
        kept = sorted((self.lab.folder / "primary").glob("*.eml"))
        self.assertEqual(len(kept), 5, "five mails, and no note")
        exported = self.ctl.export()
        self.assertEqual(sum(m["direction"] == "note" for m in exported), 1)
        rows = [json.loads(line) for line in self.ctl.text("export", "--tickets").splitlines()]
        self.assertEqual([row["id"] for row in rows], [1, 2, new])
        self.assertTrue(all(row["history"] for row in rows))

    def test_many_at_once_and_back(self):
        self.take(*(mail(f"storm-{n}") for n in range(12)), mail("calm"))
        until(lambda: self.ctl.json("status")["unindexed"] == 0, 60, "the search")
        bulk = ("ticket", "bulk", "--search", "subject:storm", "--set-state", "solved", "--tag", "storm")
        self.assertIn("12 tickets: state solved, tags +storm", self.ctl.text(*bulk, "--dry-run"))
        self.assertIn("--yes", self.refused(*bulk))
        self.assertIn("12 tickets changed", self.ctl.text(*bulk, "--yes"))
        self.assertEqual(len(self.ctl.json("ticket", "list", "--state", "solved")), 12)
        self.ctl.text("ticket", "state", 1, "closed")
        undone = self.ctl.text("ticket", "undo")
        self.assertIn("11 tickets as before", undone)
        self.assertIn("Ticket 1 stays as it is", undone)
        self.assertEqual(len(self.ctl.json("ticket", "list", "--state", "new")), 12)
        self.assertIn("nothing of", self.refused("ticket", "undo"))

    def test_a_person_at_a_terminal_is_asked(self):
        self.take(mail("pump"))
        for answer, state in ((b"n\n", "new"), (b"y\n", "solved")):
            said, status = self.at_terminal(answer, "ticket", "bulk", "--all", "--set-state", "solved")
            self.assertIn(b"1 ticket: state solved", said)
            self.assertIn(b"Change them? [y/N]", said)
            self.assertEqual(status, 0 if state == "solved" else 1)
            self.assertEqual(self.ticket(1)["state"], state)

    def test_what_was_seen_must_still_be_so(self):
        self.take(mail("pump"))
        seen = self.ticket(1)["updated"]
        self.take(mail("more", "pump"))
        self.assertIn("it has changed since", self.refused("ticket", "state", 1, "closed", "--if-updated", seen))
        self.ctl.text("ticket", "state", 1, "closed", "--if-updated", self.ticket(1)["updated"])
        self.take(mail("away", "pump", "Auto-Submitted: auto-replied\r\n"))
        self.assertEqual(self.ticket(1)["state"], "closed", "a machine opens nothing")

    def at_terminal(self, typed, *arguments):
        """What beredctl says to a person who types, and its exit status."""
        ours, theirs = pty.openpty()
        command = [str(bin_folder() / "beredctl"), "--socket", str(self.lab.config.socket), *arguments]
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            os.write(ours, typed)
            said = b""
            while select.select([ours], [], [], 30)[0]:
                try:
                    said += os.read(ours, 4096)
                except OSError:  # the other side is closed
                    break
            status = process.wait(30)
        os.close(ours)
        return said, status


if __name__ == "__main__":
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
                self.assertRegex(desk.lines[2], r"^ +\d+ new +in 3h 5\dm ")
                desk.type("\r")
                desk.shows("Please advise.")
                self.assertIn("first answer in 3h", desk.lines[1])
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
        watch = self.beredctl("ticket", "list", "--watch")
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
