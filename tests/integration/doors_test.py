"""Plain sockets at the doors besides plain SMTP: the PROXY protocol, BDAT and ETRN."""

import ipaddress
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import corpus  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.reckoning import without_trace  # noqa: E402
from support.smtp_wire import ENDED, Wire, send  # noqa: E402
from support.waiting import until  # noqa: E402

DESK = "support@help.example"
BALANCER = "127.0.0.2"  # begins with a PROXY header
ASKER = "127.0.0.3"     # may ETRN
STRANGER = "127.0.0.4"  # may nothing
ENVELOPE = (b"MAIL FROM:<anna@kund.example>", b"RCPT TO:<" + DESK.encode() + b">")
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def mail(subject, body="Hej!\r\n"):
    return f"From: anna@kund.example\r\nTo: {DESK}\r\nSubject: {subject}\r\n\r\n{body}".encode()


def version_1(client):
    family = "TCP6" if ":" in client else "TCP4"
    server = "2001:db8::25" if ":" in client else "192.0.2.25"
    return f"PROXY {family} {client} {server} 40000 25\r\n".encode()


def version_2(client, extra=b""):
    """PROXY over TCP, with `extra` as its type-length-value fields."""
    source = ipaddress.ip_address(client)
    server = ipaddress.ip_address("2001:db8::25" if source.version == 6 else "192.0.2.25")
    block = source.packed + server.packed + struct.pack("!HH", 40000, 25) + extra
    return SIGNATURE + bytes([0x21, 0x21 if source.version == 6 else 0x11]) + struct.pack("!H", len(block)) + block


# What a balancer says of itself, to look whether we are well.
LOCAL = SIGNATURE + b"\x20\0\0\0"


class Doors(unittest.TestCase):
    extra = ()
    primary_extra = ()

    def setUp(self):
        self.lab = self.enterContext(Lab(smtp_extra=self.extra, primary_extra=self.primary_extra).start())

    def wire(self, source="127.0.0.1"):
        return self.enterContext(Wire(self.lab.smtp, source=source))

    def say(self, wire, *lines):
        for line in lines:
            reply = wire.command(line)
            self.assertTrue(reply.good, f"{line!r}: {reply}")
        return reply

    def kept(self, subject):
        """The mail of that subject as the primary has it."""
        found = [data for data, _ in self.lab.sandbox.kept() if f"Subject: {subject}\r\n".encode() in data]
        return found[0] if len(found) == 1 else None

    def arrived(self, subject):
        return until(lambda: self.kept(subject), 20, f"“{subject}” at the primary, once")


class Proxy(Doors):
    extra = (f'proxy_protocol_from = ["{BALANCER}"]',)

    def deliver(self, header, subject):
        wire = self.wire(BALANCER)
        wire.write(header)
        self.assertEqual(wire.reply().code, 220)
        self.say(wire, "EHLO mail.kund.example", *ENVELOPE, "DATA")
        wire.write(mail(subject) + b".\r\n")
        self.assertEqual(wire.reply().code, 250)
        return self.arrived(subject).split(b"\r\nFrom:")[0].decode()

    def test_names_the_client_of_either_family_in_either_version(self):
        for number, client in enumerate(("192.0.2.77", "2001:db8::77")):
            for version in (version_1, version_2):
                with self.subTest(client=client, version=version.__name__):
                    trace = self.deliver(version(client), f"{version.__name__} {number}")
                    self.assertRegex(trace, rf"\[(IPv6:)?{client}\]")
                    self.assertNotIn(BALANCER, trace)

    def test_passes_over_fields_that_it_does_not_know(self):
        unique_id = b"\x05" + struct.pack("!H", 200) + bytes(range(200))
        self.assertIn("[192.0.2.78]", self.deliver(version_2("192.0.2.78", unique_id), "fields"))

    def test_takes_a_balancer_that_speaks_for_itself_for_the_client(self):
        self.assertIn(f"[{BALANCER}]", self.deliver(LOCAL, "itself"))

    def test_closes_without_a_word_what_does_not_begin_with_a_header(self):
        wire = self.wire(BALANCER)
        self.assertEqual(wire.command("EHLO mail.kund.example"), ENDED)

    def test_hears_no_header_from_anyone_else(self):
        wire = self.wire(STRANGER)
        self.assertEqual(wire.reply().code, 220)
        self.assertEqual(wire.command(version_1("192.0.2.77").rstrip()).code, 500)
        self.say(wire, "EHLO mail.kund.example", *ENVELOPE, "DATA")
        wire.write(mail("forged") + b".\r\n")
        self.assertEqual(wire.reply().code, 250)
        self.assertIn(f"[{STRANGER}]".encode(), self.arrived("forged"))


class Chunks(Doors):
    def begin(self):
        wire = self.wire()
        self.assertEqual(wire.reply().code, 220)
        self.assertIn("CHUNKING", self.say(wire, "EHLO mail.kund.example").text)
        self.say(wire, *ENVELOPE)
        return wire

    def chunk(self, wire, data, last=False):
        wire.write(f"BDAT {len(data)}{' LAST' if last else ''}\r\n".encode() + data)
        return wire.reply()

    def is_unchanged(self, data, subject):
        self.assertIn(data, without_trace(self.arrived(subject)))

    def test_makes_of_many_chunks_the_very_bytes_that_were_sent(self):
        # Dots, a NUL, lines that look like commands or like the end, cut where it hurts.
        data = mail("chunks", ".\r\n..\r\nBDAT 5 LAST\r\n\0\xe5\r\n.\r\nQUIT\r\n" + "x" * 998 + "\r\n")
        for size in (1, 2, 7, 1000):
            with self.subTest(size=size):
                subject = f"chunks of {size}"
                whole = data.replace(b"Subject: chunks\r\n", f"Subject: {subject}\r\n".encode())
                wire = self.begin()
                for at in range(0, len(whole), size):
                    self.assertEqual(self.chunk(wire, whole[at:at + size]).code, 250)
                self.assertRegex(str(self.chunk(wire, b"", last=True)), r"250 2\.0\.0 taken as")
                self.is_unchanged(whole, subject)

    def test_reads_chunks_that_are_pipelined_in_one_packet(self):
        wire = self.begin()
        data = mail("pipelined chunks", "y" * 5000 + "\r\n")
        first, second = data[:40], data[40:]
        wire.write(b"BDAT %d\r\n%bBDAT %d LAST\r\n%bNOOP\r\n" % (len(first), first, len(second), second))
        self.assertEqual([wire.reply().code for _ in range(3)], [250, 250, 250])
        self.is_unchanged(data, "pipelined chunks")

    def test_takes_a_mail_of_megabytes_in_chunks(self):
        data = mail("large", ("z" * 76 + "\r\n") * 60_000)
        wire = self.begin()
        for at in range(0, len(data), 1 << 20):
            self.assertEqual(self.chunk(wire, data[at:at + (1 << 20)], at + (1 << 20) >= len(data)).code, 250)
        self.is_unchanged(data, "large")

    def test_drops_chunks_whose_sender_went_away_or_changed_its_mind(self):
        wire = self.begin()
        self.chunk(wire, mail("gone"))
        wire.close()
        wire = self.begin()
        self.chunk(wire, mail("regretted"))
        self.say(wire, "RSET", *ENVELOPE)
        self.assertEqual(self.chunk(wire, mail("meant"), last=True).code, 250)
        self.is_unchanged(mail("meant"), "meant")
        self.assertEqual(self.lab.sandbox.count(), 1)

    def test_refuses_a_bare_line_feed_whichever_chunk_it_is_in(self):
        for where in (0, 1):
            with self.subTest(chunk=where):
                wire = self.begin()
                chunks = [mail("bare"), b"on\r\n"]
                chunks[where] += b"one\ntwo\r\n"
                self.chunk(wire, chunks[0])
                self.assertEqual(self.chunk(wire, chunks[1], last=True).code, 550)
                self.say(wire, "NOOP")
        self.assertEqual(self.lab.beredctl.json("status")["unsorted"], 0)
        self.assertEqual(self.lab.sandbox.count(), 0)

    def test_passes_the_corpus_on_byte_for_byte(self):
        samples = corpus.load()[:12]
        for sample in samples:
            wire = self.wire()
            wire.reply()
            self.say(wire, "EHLO mail.kund.example", f"MAIL FROM:<{sample.sender}> BODY=8BITMIME",
                     *(f"RCPT TO:<{recipient}>" for recipient in sample.recipients))
            middle = len(sample.data) // 2
            self.assertEqual(self.chunk(wire, sample.data[:middle]).code, 250)
            self.assertEqual(self.chunk(wire, sample.data[middle:], last=True).code, 250, sample.file)
        until(lambda: self.lab.beredctl.at_rest() and self.lab.sandbox.count() >= len(samples), 30, "all of them")
        kept = [data for data, _ in self.lab.sandbox.kept()]
        for sample in samples:
            self.assertTrue(any(sample.data in without_trace(data) for data in kept), sample.file)


class Turn(Doors):
    extra = (f'etrn_from = ["{ASKER}"]',)
    primary_extra = ('handback = "manual"',)

    def setUp(self):
        super().setUp()
        self.lab.sandbox.stop()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        reply = send(mail("waits"), "anna@kund.example", [DESK], self.lab.smtp)
        self.assertEqual(reply.code, 250, str(reply))
        self.lab.sandbox.start().ready()
        until(lambda: self.lab.beredctl.mode() not in ("fallback", "down"), 30, "the primary to be seen again")

    def etrn(self, source, node):
        wire = self.wire(source)
        wire.reply()
        hello = wire.command("EHLO helpdesk.help.example")
        return "ETRN" in hello.text.split(), wire.command(f"ETRN {node}")

    def test_starts_the_hand_back_for_whom_it_may_and_only_for_them(self):
        offered, reply = self.etrn(STRANGER, "help.example")
        self.assertFalse(offered)
        self.assertEqual(reply.code, 502, str(reply))
        self.assertEqual(self.etrn(ASKER, "other.example")[1].code, 459)
        offered, reply = self.etrn(ASKER, "help.example")
        self.assertTrue(offered)
        self.assertEqual(reply.code, 253, str(reply))
        self.assertIn("1 pending", reply.text)  # so nobody before has started anything
        self.arrived("waits")
        until(self.lab.beredctl.at_rest, 30, "normal mode")
        self.assertEqual(self.etrn(ASKER, "#helpdesk")[1].code, 251)


if __name__ == "__main__":
    unittest.main()
