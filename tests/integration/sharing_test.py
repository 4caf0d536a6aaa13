"""Three people at the desk by the command line: work is shared, two cannot answer at once, who is absent is
replaced, and only leads say what leads say. People are logins of this machine, so it takes root."""

import os
import pwd
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import until  # noqa: E402

DESK = "support@help.example"
LOGINS = {"anna": "daemon", "bo": "bin", "cia": "nobody"}

PEOPLE = """
[[person]]
name = "anna"
login = "daemon"
role = "lead"
lines = [1, 2]
[[person]]
name = "bo"
login = "bin"
deputy = "cia"
[[person]]
name = "cia"
login = "nobody"
languages = ["fi"]
[[team]]
name = "first"
people = ["bo", "cia"]
[rota]
assignment = "automatic"
[[field]]
name = "customer"
pattern = '[Kk]undnr (\\d+)'
[[rule]]
name = "big"
field = "customer"
value = "47.*"
priority = "urgent"
tags = ["vip"]
"""


def mail(subject, text="Hej!"):
    return (f"From: Anna <ann@kund.example>\r\nTo: {DESK}\r\nSubject: {subject}\r\n"
            f"Message-ID: <{subject}@kund.example>\r\n\r\n{text}\r\n").encode()


@unittest.skipUnless(os.geteuid() == 0, "people are logins: it takes root to be several")
class Sharing(unittest.TestCase):
    def setUp(self):
        folder = Path(tempfile.mkdtemp(prefix="beredd-people-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        self.lab = self.enterContext(Lab(control=folder / "control.sock", more=PEOPLE).start())
        self.root = self.lab.beredctl
        group = os.stat(folder / "control.sock").st_gid
        self.people = {name: self.root.as_user(pwd.getpwnam(login).pw_uid, group)
                       for name, login in LOGINS.items()}
        self.root.text("failover", "force", "helpdesk", "fallback")

    def take(self, *mails):
        for one in mails:
            self.assertEqual(send(one, "ann@kund.example", [DESK], self.lab.smtp).code, 250)
        until(lambda: self.root.json("status")["unsorted"] == 0, 30, "the mail to be sorted")
        until(lambda: all(t["assignee"] for t in self.tickets()), 60, "every ticket to have somebody")

    def tickets(self):
        return self.root.json("ticket", "list", "--limit", 1000)

    def ticket(self, number):
        return self.root.json("ticket", "show", number)

    def person(self, name):
        return self.root.json("person", "show", name)

    def refused(self, who, *arguments):
        done = self.people[who].run(*arguments)
        self.assertEqual(done.returncode, 1, done)
        return done.stderr.decode()

    def test_work_is_shared_and_handed_on(self):
        self.take(*(mail(f"fault-{n}") for n in range(9)))
        self.assertEqual([self.person(n)["load"] for n in LOGINS], [3, 3, 3])

        self.people["anna"].text("person", "absent", "bo", "--until", "8h", "--reason", "fever")
        self.assertEqual([self.person(n)["load"] for n in LOGINS], [3, 0, 6], "cia is bo's deputy")
        absence = self.person("bo")["absence"]
        self.assertEqual((absence["reason"], absence["by"]), ("fever", "anna"))
        self.assertIn("fever", self.root.text("person", "list"))
        self.people["bo"].text("person", "present", "bo")
        self.assertTrue(self.person("bo")["present"])

        self.take(mail("one-more"))
        self.assertEqual(self.ticket(10)["assignee"], "bo", "he has the least")
        self.people["bo"].text("ticket", "escalate", 10, "--note", "needs a database")
        until(lambda: self.ticket(10)["assignee"] == "anna", 30, "somebody of the second line to have it")
        last = [e for e in self.ticket(10)["history"] if e["what"] == "escalated"][-1]
        self.assertEqual((last["who"], last["detail"]), ("bo", "to line 2: needs a database"))

    def test_two_cannot_answer_at_once(self):
        self.take(mail("pump"))
        self.people["bo"].text("ticket", "lease", 1)
        self.assertIn("bo is answering ticket 1, and has it until", self.refused("cia", "ticket", "lease", 1))
        self.assertEqual(self.tickets()[0]["lease"]["holder"], "bo")
        self.assertIn("answering", self.root.text("ticket", "list"))
        self.assertIn("bo is answering ticket 1", self.refused("cia", "ticket", "release", 1))
        self.lab.daemon.kill9()
        self.lab.daemon.start().ready()
        self.assertEqual(self.ticket(1)["lease"]["holder"], "bo", "a lease outlives the daemon")
        self.people["bo"].text("ticket", "release", 1)
        self.people["cia"].text("ticket", "lease", 1)
        self.assertEqual(self.ticket(1)["lease"]["holder"], "cia")

    def test_only_leads_say_what_leads_say(self):
        self.assertIn("that is for leads", self.refused("bo", "staffing", "set", "critical"))
        self.assertIn("that is for leads", self.refused("bo", "person", "absent", "cia"))
        self.assertEqual(self.root.json("staffing", "show")["level"], "normal")
        self.people["anna"].text("staffing", "set", "critical")
        shown = self.root.json("staffing", "show")
        self.assertEqual((shown["level"], shown["by"], shown["waits"]), ("critical", "anna", ["low"]))
        self.people["anna"].text("staffing", "set", "auto")
        self.assertEqual(self.root.json("staffing", "show")["set"], False)

    def test_next_is_what_matters_most_and_says_why(self):
        self.people["anna"].text("person", "absent", "anna")
        self.people["cia"].text("person", "absent", "cia")
        self.take(mail("pump"), mail("outage", "Kundnr 471100: allt ligger nere"))
        until(lambda: self.ticket(2)["priority"] == "urgent", 30, "the rule to be applied")
        one = self.ticket(2)
        self.assertEqual((one["tags"], one["fields"]), (["vip"], [{"name": "customer", "value": "471100"}]))
        told = self.people["bo"].json("ticket", "next")
        self.assertEqual((told["person"], told["ticket"]["id"]), ("bo", 2))
        self.assertEqual(told["reasons"][:2], ["urgent", "assigned to you"])
        self.assertIn("No work for cia", self.people["cia"].text("ticket", "next"))
        self.assertIn("Because: urgent", self.people["bo"].text("ticket", "next"))


if __name__ == "__main__":
    unittest.main()
