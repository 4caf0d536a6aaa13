"""By BDAT in and by BDAT on to the sandbox primary: every byte as it came, its end too."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab  # noqa: E402
from support.reckoning import Sent, reckon  # noqa: E402
from support.smtp_wire import Client, Wire  # noqa: E402
from support.waiting import until  # noqa: E402

DESK = "support@help.example"
HEAD = b"From: anna@kund.example\r\nTo: support@help.example\r\nSubject: "


def lines(count):
    return b"".join(b"%06d .\r\n.\r\n..\r\n" % number for number in range(count))


# Name, mail, and the size of the chunks in which it comes.
MAILS = (
    ("no line end", HEAD + b"a\r\n\r\nHej", 1000),
    ("a header alone", HEAD + b"b", 1000),
    ("a dot at the end", HEAD + b"c\r\n\r\n.", 10),
    ("a line end", HEAD + b"d\r\n\r\n.\r\n", 7),
    ("octet by octet", HEAD + b"e\r\n\r\n.\r\n..", 1),
    ("a megabyte", HEAD + b"f\r\n\r\n" + lines(60_000) + b"no end", 100_000),
    ("8-bit", HEAD + b"g\r\n\r\n" + bytes(octet for octet in range(128, 256)), 50),
)


def deliver_in_chunks(client, data, size):
    wire = client.wire
    for command in ("MAIL FROM:<anna@kund.example> BODY=8BITMIME", f"RCPT TO:<{DESK}>"):
        reply = wire.command(command)
        if not reply.good:
            return reply
    pieces = [data[at:at + size] for at in range(0, len(data), size)]
    for piece in pieces[:-1]:
        wire.write(b"BDAT %d\r\n" % len(piece) + piece)
        reply = wire.reply()
        if not reply.good:
            return reply
    wire.write(b"BDAT %d LAST\r\n" % len(pieces[-1]) + pieces[-1])
    return wire.reply()


class Chunking(unittest.TestCase):
    def setUp(self):
        self.lab = self.enterContext(Lab().start())

    def test_passes_every_mail_on_byte_for_byte(self):
        accepted = []
        with Client(self.lab.smtp) as client:
            for name, data, size in MAILS:
                reply = deliver_in_chunks(client, data, size)
                self.assertEqual(reply.code, 250, f"{name}: {reply}")
                accepted.append(Sent(name, data, (DESK,), len(accepted)))
        until(lambda: self.lab.sandbox.count() >= len(MAILS) and self.lab.beredctl.at_rest(), 60,
              "all accepted mail at the primary")
        result = reckon(accepted, [(data, envelope["to"]) for data, envelope in self.lab.sandbox.kept()])
        self.assertTrue(result.clean, result)
        self.assertEqual(result.identical, len(MAILS))

    def test_hands_back_after_an_outage_what_came_in_chunks(self):
        self.lab.sandbox.stop()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        with Client(self.lab.smtp) as client:
            self.assertEqual(deliver_in_chunks(client, MAILS[0][1], 5).code, 250)
        self.lab.sandbox.start().ready()
        until(lambda: self.lab.sandbox.count() >= 1, 60, "the mail at the primary")
        kept, _ = self.lab.sandbox.kept()[0]
        self.assertTrue(kept.endswith(MAILS[0][1]), kept)

    def test_the_sandbox_offers_what_it_is_given(self):
        with Wire(self.lab.primary) as wire:
            wire.reply()
            self.assertIn("CHUNKING", wire.command("EHLO mx2.help.example").text)


if __name__ == "__main__":
    unittest.main()
