"""swaks, a client that is not ours: with and without STARTTLS, over LMTP, and speaking for others by XCLIENT or PROXY."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.certificate import Certificate  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.ports import free_ports  # noqa: E402
from support.waiting import until  # noqa: E402

PACKAGES = "apt-get install --no-install-recommends swaks libnet-ssleay-perl"


def why_not():
    """Why swaks cannot be run here with TLS, or "" when it can."""
    if not shutil.which("swaks"):
        return f"swaks is not installed ({PACKAGES})"
    said = subprocess.run(["swaks", "--support"], capture_output=True, text=True, check=False).stdout
    return "" if "TLS supported" in said else f"swaks has no TLS ({PACKAGES})"


if why_not():
    print(f"SKIPPED: {why_not()}", file=sys.stderr)

NO_STARTTLS, REFUSED_RECIPIENT, NO_XCLIENT = 29, 24, 33
GATEWAY = "127.0.0.2"  # may XCLIENT


@unittest.skipIf(why_not(), why_not())
class Swaks(unittest.TestCase):
    def lab(self, certificate=None, **settings):
        if certificate:
            settings["smtp_extra"] = certificate.smtp_lines()
        return self.enterContext(Lab(**settings).start())

    def certificate(self):
        return Certificate(self.enterContext(tempfile.TemporaryDirectory(prefix="beredd-tls-")))

    def swaks(self, lab, *arguments, to="support@help.example", subject="swaks", port=None):
        command = ["swaks", "--server", "127.0.0.1", "--port", str(port or lab.smtp), "--from", "anna@kund.example",
                   "--to", to, "--h-Subject", subject, "--timeout", "20", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def arrived(self, lab, subject):
        return any(f"Subject: {subject}\r\n".encode() in data for data, _ in lab.sandbox.kept())

    def test_delivers_in_the_clear(self):
        lab = self.lab()
        done = self.swaks(lab, subject="in the clear")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        until(lambda: self.arrived(lab, "in the clear"), 20, "the mail at the primary")

    def test_delivers_under_starttls_with_a_certificate_that_holds(self):
        certificate = self.certificate()
        lab = self.lab(certificate)
        done = self.swaks(lab, "--tls", "--tls-verify", "--tls-ca-path", certificate.authority, subject="under TLS")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("TLS started with cipher", done.stdout)
        until(lambda: self.arrived(lab, "under TLS"), 20, "the mail at the primary")
        kept = next(data for data, _ in lab.sandbox.kept())
        self.assertRegex(kept.split(b"\r\nDate:")[0], rb"\AReceived:[^;]*\bwith ESMTPS\b")

    def test_offers_no_starttls_without_a_certificate(self):
        self.assertEqual(self.swaks(self.lab(), "--tls").returncode, NO_STARTTLS)

    def test_is_refused_for_an_address_that_is_not_ours(self):
        lab = self.lab()
        self.assertEqual(self.swaks(lab, to="victim@other.example").returncode, REFUSED_RECIPIENT)
        self.assertEqual(lab.sandbox.count(), 0)

    def test_delivers_an_attachment_by_pipelining(self):
        lab = self.lab()
        done = self.swaks(lab, "--pipeline", "--attach", f"@{__file__}", subject="attached")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        until(lambda: lab.beredctl.json("status")["unsorted"] == 0 and lab.beredctl.export(), 20, "the ticket")
        names = [part["name"] for part in lab.beredctl.export()[0]["attachments"]]
        self.assertEqual(names, [Path(__file__).name])

    def trace(self, lab, subject):
        """The trace header that beredd put above the mail with this subject."""
        until(lambda: self.arrived(lab, subject), 20, "the mail at the primary")
        mail = next(data for data, _ in lab.sandbox.kept() if f"Subject: {subject}\r\n".encode() in data)
        return mail.split(b"\r\nDate:")[0].decode()

    def lmtp(self, *arguments, **settings):
        port, = free_ports(1)
        lab = self.lab(lmtp=port)
        return lab, self.swaks(lab, "--protocol", "LMTP", *arguments, port=port, **settings)

    def test_hears_over_lmtp_of_each_recipient(self):
        lab, done = self.lmtp(to="support@help.example,billing@help.example", subject="by LMTP")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("LHLO", done.stdout)
        # Behind the final dot.
        self.assertEqual(done.stdout.split("\n -> .\n")[1].count("250 2.0.0 taken as"), 2, done.stdout)
        self.assertIn("with LMTP", self.trace(lab, "by LMTP"))
        until(lambda: lab.sandbox.count() == 2, 20, "a mail for each desk at the primary")

    def test_hears_over_lmtp_nothing_of_a_recipient_that_was_refused(self):
        lab, done = self.lmtp(to="support@help.example,victim@other.example", subject="half")
        self.assertEqual(done.stdout.count("250 2.0.0 taken as"), 1, done.stdout)
        self.assertIn("550 5.7.1", done.stdout)
        until(lambda: self.arrived(lab, "half"), 20, "the mail at the primary")
        self.assertEqual([envelope["to"] for _, envelope in lab.sandbox.kept()], [["support@help.example"]])

    def xclient(self, source, subject):
        lab = self.lab(smtp_extra=(f'xclient_from = ["{GATEWAY}/32"]',))
        done = self.swaks(lab, "--local-interface", source, "--xclient-addr", "192.0.2.77",
                          "--xclient-name", "mail.kund.example", subject=subject)
        return lab, done

    def test_speaks_for_another_from_a_network_that_may(self):
        lab, done = self.xclient(GATEWAY, "for another")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        trace = self.trace(lab, "for another")
        self.assertIn("mail.kund.example", trace)
        self.assertIn("[192.0.2.77]", trace)
        self.assertNotIn(GATEWAY, trace)

    def test_speaks_for_nobody_from_anywhere_else(self):
        lab, done = self.xclient("127.0.0.3", "for nobody")
        self.assertEqual(done.returncode, NO_XCLIENT, done.stdout + done.stderr)
        self.assertNotIn("192.0.2.77", lab.daemon.said())
        self.assertEqual(lab.sandbox.count(), 0)

    def test_is_named_by_the_header_of_a_balancer(self):
        for version in (1, 2):
            with self.subTest(version=version):
                lab = self.lab(smtp_extra=(f'proxy_protocol_from = ["{GATEWAY}"]',))
                done = self.swaks(lab, "--local-interface", GATEWAY, "--proxy-version", version, "--proxy-family",
                                  "TCP4" if version == 1 else "AF_INET", "--proxy-protocol", "STREAM",
                                  "--proxy-source", "192.0.2.77", "--proxy-source-port", 40000,
                                  "--proxy-dest", "192.0.2.25", "--proxy-dest-port", 25, subject="balanced")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn("[192.0.2.77]", self.trace(lab, "balanced"))


if __name__ == "__main__":
    if why_not():
        sys.exit(77)  # what ctest takes for "skipped"
    unittest.main()
