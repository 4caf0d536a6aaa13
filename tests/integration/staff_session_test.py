"""A session of two at the desk, by the command line alone, while the platform is away: their tickets, notes and
histories survive a daemon that is killed, and the mail goes back once."""

import json
import os
import pty
import select
import subprocess
import sys
import unittest
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
    unittest.main()
