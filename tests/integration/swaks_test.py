"""swaks, a client that is not ours, with and without STARTTLS."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.certificate import Certificate  # noqa: E402
from support.lab import Lab  # noqa: E402
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

NO_STARTTLS, REFUSED_RECIPIENT = 29, 24


@unittest.skipIf(why_not(), why_not())
class Swaks(unittest.TestCase):
    def lab(self, certificate=None):
        return self.enterContext(Lab(smtp_extra=certificate.smtp_lines() if certificate else ()).start())

    def certificate(self):
        return Certificate(self.enterContext(tempfile.TemporaryDirectory(prefix="beredd-tls-")))

    def swaks(self, lab, *arguments, to="support@help.example", subject="swaks"):
        command = ["swaks", "--server", "127.0.0.1", "--port", str(lab.smtp), "--from", "anna@kund.example",
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


if __name__ == "__main__":
    if why_not():
        sys.exit(77)  # what ctest takes for "skipped"
    unittest.main()
