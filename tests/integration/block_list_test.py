"""DNS block lists, asked of a name server on loopback: who is turned away, and who is not.

A client on loopback is never looked up, so it speaks for others by XCLIENT.
"""

import socket
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab  # noqa: E402
from support.name_server import NameServer  # noqa: E402
from support.smtp_wire import Client  # noqa: E402

_MAIL = b"Subject: help\r\n\r\nIt is broken.\r\n"
_LISTED, _CLEAR, _UNSURE, _SILENT = "203.0.113.9", "203.0.113.10", "203.0.113.11", "203.0.113.12"


def backwards(address, zone):
    return ".".join(reversed(address.split("."))) + "." + zone


class BlockLists(unittest.TestCase):
    def setUp(self):
        self.names = self.enterContext(NameServer())
        self.names.say(backwards(_LISTED, "bl.example"), "A", "127.0.0.2")
        self.names.say(backwards(_UNSURE, "bl.example"), "A", "127.255.255.254")
        self.names.silent.add(backwards(_SILENT, "bl.example"))
        lines = ('xclient_from = ["127.0.0.1"]', "[smtp.limits]", 'dnsbl = ["bl.example", "other.example"]',
                 *self.names.lines())
        self.lab = Lab(sandbox=False, smtp_extra=lines)
        self.addCleanup(self.lab.close)
        self.lab.start()

    def deliver(self, address=None, to="support@help.example"):
        """The deciding reply to one mail from `address`, or from this host itself."""
        with Client(self.lab.smtp) as client:
            if address:
                client.wire.command(f"XCLIENT ADDR={address}")
                client.wire.command("EHLO mx.sender.example")
            return client.deliver(_MAIL, "jo@sender.example", [to])

    def counted(self, zone, outcome):
        """What the daemon's metrics say, over the control socket."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.lab.config.socket))
            control.sendall(b"GET /metrics HTTP/1.1\r\nHost: beredd\r\nConnection: close\r\n\r\n")
            text = b"".join(iter(lambda: control.recv(65536), b"")).decode()
        wanted = f'beredd_dnsbl_total{{list="{zone}",outcome="{outcome}"}} '
        return sum(int(line[len(wanted):]) for line in text.splitlines() if line.startswith(wanted))

    def test_turns_away_a_listed_client_and_names_the_list(self):
        reply = self.deliver(_LISTED)
        self.assertEqual(reply.code, 554)
        self.assertIn("5.7.1", reply.text)
        self.assertIn("bl.example", reply.text)
        self.assertEqual(self.counted("bl.example", "listed"), 1)
        self.assertEqual(self.lab.beredctl.json("message", "list"), [])

    def test_takes_the_mail_of_others(self):
        self.assertEqual(self.deliver(_CLEAR).code, 250)
        self.assertEqual(self.counted("bl.example", "clear"), 1)
        self.assertEqual(self.counted("other.example", "clear"), 1)
        self.assertIn(backwards(_CLEAR, "other.example"), self.names.questions("A"))

    def test_takes_mail_for_postmaster_from_anyone(self):
        self.assertEqual(self.deliver(_LISTED, to="postmaster@help.example").code, 250)

    def test_believes_no_list_that_does_not_answer_us(self):
        self.assertEqual(self.deliver(_UNSURE).code, 250)
        self.assertEqual(self.counted("bl.example", "error"), 1)

    def test_does_not_wait_long_for_a_list_that_is_silent(self):
        start = time.monotonic()
        self.assertEqual(self.deliver(_SILENT).code, 250)
        self.assertLess(time.monotonic() - start, 20)
        self.assertEqual(self.counted("bl.example", "unknown"), 1)

    def test_asks_once_while_the_answer_holds(self):
        self.deliver(_LISTED)
        self.assertEqual(self.deliver(_LISTED).code, 554)
        self.assertEqual(self.names.questions("A").count(backwards(_LISTED, "bl.example")), 1)

    def test_asks_nothing_about_this_host(self):
        self.assertEqual(self.deliver().code, 250)
        self.assertEqual([name for name in self.names.questions("A") if name.endswith(".example")], [])


if __name__ == "__main__":
    unittest.main()
