"""Plain sockets against a real beredd: it takes what is its own, unchanged, and relays for nobody."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import corpus  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.reckoning import Sent, reckon  # noqa: E402
from support.smtp_wire import Client, Wire, send, stuffed  # noqa: E402
from support.waiting import until  # noqa: E402

DESK = "support@help.example"

# Each must be refused whatever the sender: none is an address that we serve.
NOT_OURS = (
    "victim@other.example",
    "SUPPORT@OTHER.EXAMPLE",
    "postmaster@other.example",
    "abuse@other.example",
    "nobody@help.example",
    "victim%other.example@help.example",
    "victim%other.example",
    "support%help.example@other.example",
    "other.example!victim@help.example",
    "other.example!victim",
    "help.example!support@other.example",
    "@help.example:victim@other.example",
    "@help.example,@other.example:victim@third.example",
    '"victim@other.example"@help.example',
    '"victim%other.example"@help.example',
    '"support@help.example"@other.example',
    "victim@other.example@help.example",
    "support@help.example@other.example",
    "support@help.example%other.example",
    "support@help.example.other.example",
    "support@sub.help.example",
    "support@xhelp.example",
    "support@[127.0.0.1]",
    "victim@[192.0.2.1]",
    "victim@localhost",
    "support@help.example>,<victim@other.example",
    "support@help.example victim@other.example",
    "victim@other.example\x0bsupport@help.example",
    "support@help.exаmple",  # a Cyrillic а
    "",
)
SENDERS = ("anna@kund.example", "", "support@help.example", "postmaster@help.example")

# What some server somewhere takes for the end of the data, and ours must not.
FALSE_ENDS = (b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\n.\r")
SMUGGLED = b"MAIL FROM:<boss@help.example>\r\nRCPT TO:<" + DESK.encode() + b">\r\nDATA\r\nSubject: smuggled\r\n\r\nx"


def mail(subject, body="Hej!\r\n"):
    return f"From: anna@kund.example\r\nTo: {DESK}\r\nSubject: {subject}\r\n\r\n{body}".encode()


class Intake(unittest.TestCase):
    def setUp(self):
        self.lab = self.enterContext(Lab().start())
        self.accepted = []

    def accept(self, data, sender="anna@kund.example", recipients=(DESK,), name="", thread=None):
        reply = send(data, sender, recipients, self.lab.smtp)
        self.assertEqual(reply.code, 250, f"{name}: {reply}")
        self.accepted.append(Sent(name, data, tuple(recipients), len(self.accepted), thread))

    def primary_has_exactly_the_accepted(self):
        """A last mail of our own shows that everything before it has had its chance."""
        self.accept(mail("the last one"), name="the last one")
        until(lambda: self.lab.sandbox.count() >= len(self.accepted) and self.lab.beredctl.at_rest(), 60,
              "all accepted mail at the primary")
        result = reckon(self.accepted, [(data, envelope["to"]) for data, envelope in self.lab.sandbox.kept()])
        self.assertTrue(result.clean, result)
        self.assertEqual(result.identical, len(self.accepted))

    def test_passes_the_whole_corpus_on_byte_for_byte(self):
        for sample in corpus.load():
            self.accept(sample.data, sample.sender, sample.recipients, sample.file, sample.thread)
        self.primary_has_exactly_the_accepted()
        self.keeps_the_envelopes()
        self.makes_one_ticket_of_each_thread()

    def keeps_the_envelopes(self):
        senders = sorted(envelope["from"] for _, envelope in self.lab.sandbox.kept())
        self.assertEqual(senders, sorted([sample.sender for sample in corpus.load()] + ["anna@kund.example"]))

    def makes_one_ticket_of_each_thread(self):
        ticket_of = {(message["sha256"], message["desk"]): message["ticket"]
                     for message in self.lab.beredctl.export()}
        groups = {}
        for sample in corpus.load():
            groups.setdefault(sample.thread or sample.file, set()).add(ticket_of[sample.sha256, sample.desk])
        self.assertEqual({name: tickets for name, tickets in groups.items() if len(tickets) != 1}, {})
        self.assertEqual(len(set.union(*groups.values())), len(groups))

    def test_gives_the_raw_bytes_out_as_they_came_in(self):
        sample = next(sample for sample in corpus.load() if "leading-dots" in sample.file)
        self.accept(sample.data, sample.sender, sample.recipients)
        message = until(self.lab.beredctl.export, 10, "the mail in the export")[0]
        self.assertEqual((message["sha256"], message["size"]), (sample.sha256, len(sample.data)))
        self.assertEqual(self.lab.beredctl.run("message", "raw", message["id"]).stdout, sample.data)

    def test_is_no_open_relay(self):
        for sender in SENDERS:
            for recipient in NOT_OURS:
                with self.subTest(sender=sender, recipient=recipient), Client(self.lab.smtp) as client:
                    reply = client.deliver(mail("relay me"), sender, [recipient])
                    self.assertTrue(500 <= reply.code < 600, f"{recipient!r}: {reply}")
        self.primary_has_exactly_the_accepted()

    def test_serves_postmaster_without_a_domain_and_at_its_own(self):
        for address in ("postmaster", "Postmaster@help.example"):
            with self.subTest(address=address):
                reply = send(mail(f"to {address}"), "anna@kund.example", [address], self.lab.smtp)
                self.assertEqual(reply.code, 250, str(reply))

    def test_keeps_the_good_recipient_when_another_is_refused(self):
        with Client(self.lab.smtp) as client:
            client.wire.command("MAIL FROM:<anna@kund.example>")
            self.assertEqual(client.wire.command("RCPT TO:<victim@other.example>").code // 100, 5)
            self.assertEqual(client.wire.command(f"RCPT TO:<{DESK}>").code, 250)
            self.assertEqual(client.wire.command("DATA").code, 354)
            client.wire.write(stuffed(mail("half")))
            self.assertEqual(client.wire.reply().code, 250)
        self.accepted.append(Sent("half", mail("half"), (DESK,), 0))
        self.primary_has_exactly_the_accepted()

    def test_refuses_bare_line_feeds(self):
        reply = send(mail("bare", "one\ntwo\r\n"), "anna@kund.example", [DESK], self.lab.smtp)
        self.assertEqual(reply.code, 550, str(reply))
        self.primary_has_exactly_the_accepted()

    def test_lets_nothing_be_smuggled_behind_a_false_end(self):
        for end in FALSE_ENDS:
            with self.subTest(end=end), Client(self.lab.smtp) as client:
                for line in ("MAIL FROM:<anna@kund.example>", f"RCPT TO:<{DESK}>", "DATA"):
                    self.assertTrue(client.wire.command(line).good)
                client.wire.write(mail("carrier", "before") + end + SMUGGLED + b"\r\n.\r\n")
                reply = client.wire.reply()
                self.assertTrue(500 <= reply.code < 600, str(reply))
                # One answer to one mail: what comes next is the answer to QUIT.
                self.assertIn(client.wire.command("QUIT").code, (221, 0))
        self.primary_has_exactly_the_accepted()

    def test_takes_a_nul_before_the_dot_as_a_byte_like_any_other(self):
        self.accept(mail("nul", "before\r\n\0.\r\n" + SMUGGLED.decode() + "\r\n"), name="nul")
        self.primary_has_exactly_the_accepted()

    def test_answers_a_pipelined_group_in_order(self):
        data = mail("pipelined")
        with Wire(self.lab.smtp) as wire:
            self.assertEqual(wire.reply().code, 220)
            self.assertIn("PIPELINING", wire.command("EHLO mx.sender.example").text)
            wire.write(f"MAIL FROM:<anna@kund.example>\r\nRCPT TO:<{DESK}>\r\n"
                       "RCPT TO:<victim@other.example>\r\nDATA\r\n".encode())
            self.assertEqual([wire.reply().code // 100 for _ in range(4)], [2, 2, 5, 3])
            wire.write(stuffed(data) + b"QUIT\r\n")
            self.assertEqual([wire.reply().code for _ in range(2)], [250, 221])
        self.accepted.append(Sent("pipelined", data, (DESK,), 0))
        self.primary_has_exactly_the_accepted()

    def test_refuses_a_size_above_its_limit_before_the_data(self):
        with Client(self.lab.smtp) as client:
            self.assertIn("SIZE", client.hello.text)
            self.assertEqual(client.wire.command("MAIL FROM:<anna@kund.example> SIZE=99999999999").code, 552)

    def test_drops_a_mail_whose_sender_went_away_before_the_end(self):
        with Client(self.lab.smtp) as client:
            for line in ("MAIL FROM:<anna@kund.example>", f"RCPT TO:<{DESK}>", "DATA"):
                self.assertTrue(client.wire.command(line).good)
            client.wire.write(mail("cut off"))
        self.primary_has_exactly_the_accepted()


if __name__ == "__main__":
    unittest.main()
