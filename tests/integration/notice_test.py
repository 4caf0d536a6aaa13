"""Two real daemons, each of them the other's smarthost: what one says by itself, the other does not answer."""

import email
import email.policy
import json
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab, bin_folder  # noqa: E402
from support.ports import free_ports  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import until  # noqa: E402

_MORE = """
[desk.notice]
when = "{when}"
language = "sv"
within = "48h"

[[template]]
name = "password"
language = "sv"
text = "Hej {{customer}}, ärende {{ticket}}. {{desk}}"

[smarthost]
host = "127.0.0.1"
port = {port}
tls = "off"
"""


def letter(sender, recipient, name):
    return (f"From: Desk <{sender}>\r\nTo: {recipient}\r\nSubject: {name}\r\n"
            f"Message-ID: <{name}@elsewhere.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            "Hej! Jag kan inte logga in på mitt konto sedan i morse, och behöver hjälp med det.\r\n").encode()


class Side:
    """One daemon with one desk."""

    def __init__(self, test, address, when="always"):
        self.address = address
        self.when = when
        self.lab = test.enterContext(Lab(sandbox=False, desks={"support": address}))

    def start(self, smarthost):
        self.lab.configure(more=_MORE.format(when=self.when, port=smarthost))
        self.lab.start()
        return self

    def beredctl(self, *arguments, text=None):
        done = subprocess.run([bin_folder() / "beredctl", "--socket", self.lab.config.socket, "--json",
                               *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60,
                              check=True)
        return json.loads(done.stdout)

    def messages(self):
        return self.beredctl("message", "list")

    def ticket(self):
        return self.beredctl("ticket", "show", self.beredctl("ticket", "list")[0]["id"])


class TwoDaemons(unittest.TestCase):
    def setUp(self):
        self.one = Side(self, "support@help.example", "fallback")
        self.other = Side(self, "helpdesk@other.example")
        self.one.start(self.other.lab.smtp)
        self.other.start(self.one.lab.smtp)
        for side in (self.one, self.other):
            side.lab.beredctl.run("failover", "force", "helpdesk", "fallback")

    def test_end_by_themselves(self):
        send(letter(self.other.address, self.one.address, "hello"), self.other.address, [self.one.address],
             self.one.lab.smtp)
        ours = until(lambda: [m for m in self.other.messages() if m["direction"] == "in"], 20, "the notice")[0]
        shown = until(lambda: self.other.ticket().get("notice"), 20, "what became of it")
        self.assertEqual((shown["sent"], shown["reason"]), (False, "null-path"))
        self.assertEqual(ours["envelope"]["from"], "")
        raw = subprocess.run([bin_folder() / "beredctl", "--socket", self.other.lab.config.socket, "message", "raw",
                              str(ours["id"])], capture_output=True, timeout=60, check=True).stdout
        read = email.message_from_bytes(raw, policy=email.policy.default)
        self.assertEqual(read["Auto-Submitted"], "auto-replied")
        self.assertEqual(read["In-Reply-To"], "<hello@elsewhere.example>")
        self.assertEqual(read["Subject"], "Auto: hello")
        self.assertIn("Ditt ärendenummer är 1.", read.get_content())
        self.assertEqual([part.defects for part in read.walk() if part.defects], [])
        # The other has decided that it says nothing: no mail is left that could lead to another.
        self.assertEqual(self.counts(), (2, 1))

    def counts(self):
        return len(self.one.messages()), len(self.other.messages())

    def test_a_restart_tells_nobody_again(self):
        self.other.lab.daemon.stop()
        send(letter(self.other.address, self.one.address, "hello"), self.other.address, [self.one.address],
             self.one.lab.smtp)
        until(lambda: self.one.ticket().get("notice"), 20, "the notice")
        self.one.lab.daemon.kill9()
        self.one.lab.daemon.start().ready()
        self.other.lab.daemon.start().ready()
        until(lambda: self.other.messages(), 90, "the notice at the other")
        self.assertEqual(self.counts(), (2, 1))
        status = self.one.beredctl("status")
        self.assertEqual(status["notices"], [{"desk": "support", "when": "fallback", "last_hour": 1,
                                              "per_hour": 500}])

    def test_a_template_is_an_answers_text(self):
        send(letter(self.other.address, self.one.address, "hello"), self.other.address, [self.one.address],
             self.one.lab.smtp)
        ticket = until(lambda: self.one.beredctl("ticket", "list"), 20, "the ticket")[0]["id"]
        self.one.beredctl("ticket", "reply", ticket, "--template", "password", "--yes", "--unquoted")
        answers = [one for one in self.one.ticket()["messages"] if one.get("author", "@notice") != "@notice"]
        self.assertEqual(answers[0]["text"], f"Hej Desk, ärende {ticket}. Example support\n")


if __name__ == "__main__":
    unittest.main()
