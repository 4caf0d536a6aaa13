"""`beredctl config check --dns` against a name server on loopback: what will fail in an outage, and the exit status."""

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.certificate import Certificate  # noqa: E402
from support.configuration import Configuration  # noqa: E402
from support.lab import bin_folder  # noqa: E402
from support.name_server import NameServer  # noqa: E402

_REPORTS = "v=TLSRPTv1; rua=mailto:tls@reports.example"


class DnsCheck(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="beredd-dns-")))
        self.names = self.enterContext(NameServer({
            ("help.example", "MX"): ["10 mx1.help.example", "20 mx2.help.example"],
            ("mx1.help.example", "A"): ["192.0.2.1"],
            ("mx2.help.example", "A"): ["127.0.0.1"],
            ("_smtp._tls.help.example", "TXT"): [_REPORTS],
        }))
        self.certificate = Certificate(self.folder / "tls", days=90)
        self.configure()

    def configure(self, *further):
        state = self.folder / "state"
        state.mkdir(mode=0o700, exist_ok=True)
        lines = (*self.certificate.smtp_lines(), *self.names.lines(), *further)
        self.file = Configuration(state=state, smtp=2525, primary=2526, smtp_extra=lines).write(
            self.folder / "beredd.toml")

    def check(self, *options):
        return subprocess.run([bin_folder() / "beredctl", *options, "config", "check", "--dns", self.file],
                              capture_output=True, text=True, timeout=60, check=False)

    def findings(self):
        """Exit status, and (severity, code, about) of each finding."""
        done = self.check("--json")
        found = json.loads(done.stdout)
        self.assertEqual(found["ok"], done.returncode == 0, done.stderr)
        for finding in found["dns"]:
            self.assertTrue(finding["what"] and finding["why"] and finding["do"], finding)
        return done.returncode, [(each["severity"], each["code"], each["about"]) for each in found["dns"]]

    def test_has_nothing_to_say_where_all_is_well(self):
        done = self.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, f"{self.file} is in order, and so is what DNS says.\n")
        self.assertEqual(self.findings(), (0, []))

    def test_fails_where_no_mx_leads_here(self):
        self.names.say("help.example", "MX", "10 mx1.help.example")
        done = self.check()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("error: help.example: no MX names mx2.help.example", done.stderr)
        self.assertIn("  do: add: help.example MX 20 mx2.help.example", done.stderr)
        self.assertEqual(self.findings(), (1, [("error", "not_an_mx", "help.example")]))

    def test_fails_on_a_null_mx(self):
        self.names.say("help.example", "MX", "0 .")
        self.assertEqual(self.findings(), (1, [("error", "null_mx", "help.example")]))

    def test_warns_of_a_policy_that_cannot_be_fetched(self):
        self.names.say("_mta-sts.help.example", "TXT", "v=STSv1; id=1")
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the MTA-STS policy cannot be fetched: mta-sts.help.example has no address", done.stdout)

    def test_warns_of_a_certificate_for_another_name(self):
        self.certificate = Certificate(self.folder / "other", names="DNS:other.example", days=90)
        self.configure()
        self.assertEqual(self.findings(), (0, [("warning", "certificate_name", "mx2.help.example")]))

    def test_warns_of_a_certificate_that_ends_soon(self):
        self.certificate = Certificate(self.folder / "other", days=2)
        self.configure()
        self.assertEqual(self.findings(), (0, [("warning", "certificate_expiry", "mx2.help.example")]))

    def test_compares_tlsa_records_with_the_certificate_in_use(self):
        tlsa = "_25._tcp.mx2.help.example"
        whole = subprocess.run(["openssl", "x509", "-in", self.certificate.chain, "-outform", "DER"],
                               capture_output=True, check=True).stdout
        self.names.say(tlsa, "TLSA", "3 0 1 " + hashlib.sha256(whole).hexdigest())
        self.assertEqual(self.findings(), (0, []))
        self.names.say(tlsa, "TLSA", "3 0 1 " + hashlib.sha256(b"another").hexdigest())
        self.assertEqual(self.findings(), (0, [("warning", "dane_mismatch", "mx2.help.example")]))

    def test_fails_where_spf_forbids_the_smarthost(self):
        self.names.say("help.example", "TXT", "unrelated", "v=spf1 ip4:192.0.2.0/24 -all")
        self.configure("[smarthost]", 'host = "203.0.113.5"')
        self.assertEqual(self.findings(), (1, [("error", "spf_not_ours", "help.example")]))
        self.configure("[smarthost]", 'host = "192.0.2.55"')
        self.assertEqual(self.findings(), (0, []))

    def test_tells_a_failing_name_server_from_an_absent_name(self):
        self.names.failing.add("help.example")
        status, findings = self.findings()
        self.assertEqual(status, 1)
        self.assertIn(("error", "mx_unknown", "help.example"), findings)

    def test_looks_nothing_up_for_a_file_that_is_not_in_order(self):
        self.configure("nonsense = 1")
        done = self.check("--json")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("dns", json.loads(done.stdout))
        self.assertEqual(self.names.asked, [])

    def test_looks_nothing_up_unless_asked_to(self):
        done = subprocess.run([bin_folder() / "beredctl", "config", "check", self.file], capture_output=True,
                              text=True, timeout=20, check=False)
        self.assertEqual((done.returncode, self.names.asked), (0, []))


if __name__ == "__main__":
    unittest.main()
