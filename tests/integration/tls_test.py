"""beredd's certificates while it runs: resumed, renewed, chosen by name, and never lost to a bad file; and
what is said in the clear behind STARTTLS is never heard."""

import os
import re
import shutil
import signal
import smtplib
import ssl
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.certificate import Certificate  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.smtp_wire import Wire  # noqa: E402
from support.waiting import until  # noqa: E402


def pem_of(text):
    """The first certificate in `text`."""
    found = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.DOTALL)
    return found[0] if found else None


class Tls(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="beredd-tls-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.first = Certificate(self.folder / "first")
        self.chain, self.key = self.folder / "chain.pem", self.folder / "key.pem"
        self.install(self.first)

    def install(self, certificate):
        """Each file at once, as a renewal does it."""
        for source, target in ((certificate.key, self.key), (certificate.chain, self.chain)):
            shutil.copy(source, target.with_suffix(".new"))
            os.replace(target.with_suffix(".new"), target)

    def lab(self, *further):
        lines = (f'certificate = "{self.chain}"', f'private_key = "{self.key}"', *further)
        lab = Lab(sandbox=False, smtp_extra=lines)
        self.addCleanup(lab.close)
        return lab.start()

    def visit(self, lab, *options):
        """What openssl says of one connection."""
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{lab.smtp}", "-starttls", "smtp",
                   "-ign_eof", "-crlf", *map(str, options)]
        done = subprocess.run(command, input="QUIT\n", capture_output=True, text=True, timeout=30, check=False)
        return done.stdout + done.stderr

    def shown(self, lab, *options):
        return pem_of(self.visit(lab, *options))

    def hang_up(self, lab):
        os.kill(lab.daemon.pid, signal.SIGHUP)

    def test_a_session_resumes_also_after_a_reload(self):
        lab = self.lab()
        for version in ("-tls1_2", "-tls1_3"):
            ticket = self.folder / f"ticket{version}"
            self.assertIn("New, TLSv1", self.visit(lab, version, "-sess_out", ticket))
            self.assertIn("Reused, TLSv1", self.visit(lab, version, "-sess_in", ticket))
            renewed = Certificate(self.folder / f"renewed{version}")
            self.install(renewed)
            self.hang_up(lab)
            until(lambda pem=pem_of(renewed.chain.read_text()): self.shown(lab) == pem, 20, "the renewed certificate")
            self.assertIn("Reused, TLSv1", self.visit(lab, version, "-sess_in", ticket))

    def test_a_changed_file_is_taken_up_by_itself_and_sessions_go_on(self):
        lab = self.lab()
        trusting = ssl.create_default_context(cafile=str(self.first.authority))
        with smtplib.SMTP("127.0.0.1", lab.smtp, local_hostname="kund.example", timeout=30) as under_way:
            under_way._host = "localhost"  # the name to verify
            under_way.starttls(context=trusting)
            renewed = Certificate(self.folder / "renewed")
            self.install(renewed)
            until(lambda: self.shown(lab) == pem_of(renewed.chain.read_text()), 30, "the renewed certificate")
            self.assertEqual(under_way.noop()[0], 250)

    def test_a_bad_file_leaves_the_old_certificate_and_is_said_and_tried_again(self):
        lab = self.lab()
        old = pem_of(self.first.chain.read_text())
        self.chain.write_text("-----BEGIN CERTIFICATE-----\nhalf of")
        self.hang_up(lab)
        until(lambda: "the certificates in use stay: certificate" in lab.daemon.said(), 20, "a word in the log")
        self.assertEqual(self.shown(lab), old)
        renewed = Certificate(self.folder / "renewed")
        self.install(renewed)
        until(lambda: self.shown(lab) == pem_of(renewed.chain.read_text()), 30, "the renewed certificate")

    def test_a_client_is_shown_the_certificate_for_the_name_it_asks_for(self):
        other = Certificate(self.folder / "other", "DNS:*.help.net")
        lab = self.lab("[[smtp.sni]]", f'certificate = "{other.chain}"', f'private_key = "{other.key}"')
        first = pem_of(self.first.chain.read_text())
        self.assertEqual(self.shown(lab, "-servername", "mx2.help.net"), pem_of(other.chain.read_text()))
        self.assertEqual(self.shown(lab, "-servername", "mx2.help.example"), first)
        self.assertEqual(self.shown(lab, "-servername", "unknown.example"), first)
        self.assertEqual(self.shown(lab, "-noservername"), first)

    def test_old_protocols_and_weak_ciphers_are_refused(self):
        lab = self.lab()
        for options in (("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
                        ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")):
            self.assertIn("Cipher is (NONE)", self.visit(lab, *options))
        self.assertNotIn("Cipher is (NONE)", self.visit(lab, "-tls1_2"))

    def test_commands_buffered_behind_starttls_are_not_heard_under_tls(self):
        lab = self.lab()
        trusting = ssl.create_default_context(cafile=str(self.first.authority))
        injected = b"EHLO evil.example\r\nMAIL FROM:<evil@evil.example>\r\nRCPT TO:<support@help.example>\r\n"
        with Wire(lab.smtp) as wire:
            wire.reply()
            wire.command("EHLO mail.kund.example")
            # One packet, as somebody on the path can make it (RFC 3207 §4.2).
            wire.write(b"STARTTLS\r\n" + injected)
            self.assertEqual(wire.reply().code, 220)
            wire.start_tls(trusting, "localhost")
            # Nothing is answered before we have said something, and nothing of it has stayed.
            self.assertEqual(wire.command("RCPT TO:<support@help.example>").code, 503)
            self.assertEqual(wire.command("MAIL FROM:<anna@kund.example>").code, 503)
            self.assertIn("PIPELINING", wire.command("EHLO mail.kund.example").text)
            self.assertEqual(wire.command("MAIL FROM:<anna@kund.example>").code, 250)
        self.assertNotIn("evil", lab.daemon.said())

    def test_a_hang_up_without_any_certificate_ends_nothing(self):
        with Lab(sandbox=False) as lab:
            lab.start()
            self.hang_up(lab)
            until(lambda: "there is no certificate to read anew" in lab.daemon.said(), 20, "a word in the log")
            self.assertTrue(lab.daemon.running)
            self.assertEqual(lab.daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
