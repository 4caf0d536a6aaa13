"""Answers leave through a real Postfix that wants TLS and a login: every mechanism, and what stops them."""

import json
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import postfix as postfix_support  # noqa: E402
from support.certificate import Certificate  # noqa: E402
from support.lab import Lab, bin_folder  # noqa: E402
from support.ports import free_ports  # noqa: E402
from support.postfix import Postfix  # noqa: E402
from support.waiting import until  # noqa: E402

WHY_NOT = postfix_support.why_not() or ("" if shutil.which("saslpasswd2") else
                                        "sasl2-bin is not installed (apt-get install sasl2-bin libsasl2-modules)")
if WHY_NOT:
    print(f"SKIPPED: {WHY_NOT}", file=sys.stderr)

PASSWORD = "corréct horse"


@unittest.skipIf(WHY_NOT, WHY_NOT)
class Login(unittest.TestCase):
    def begin(self, mechanisms, tls="required", names="IP:127.0.0.1", days=2, password=PASSWORD):
        plain, implicit = free_ports(2)
        port = implicit if tls == "implicit" else plain
        extra = ["", "[smarthost]", 'host = "127.0.0.1"', f"port = {port}", f'tls = "{tls}"', 'user = "support"',
                 'password_file = "smarthost.password"', 'ca_file = "postfix/tls/ca.pem"']
        self.lab = self.enterContext(Lab(node_extra=extra))
        folder = self.lab.folder
        folder.chmod(0o755)
        self.password_file = folder / "smarthost.password"
        self.say_password(password)
        (folder / "postfix").mkdir(mode=0o755)
        Certificate(folder / "postfix" / "tls", names=names, days=days)
        self.postfix = Postfix(folder / "postfix", plain, POSTFIX_USERS="anna", POSTFIX_LOGIN=f"support:{PASSWORD}",
                               POSTFIX_MECHANISMS=mechanisms, POSTFIX_SMTPS=str(implicit))
        self.addCleanup(self.postfix.remove)
        self.postfix.start()
        self.lab.start()

    def say_password(self, password):
        self.password_file.write_text(password + "\n", encoding="utf-8")
        self.password_file.chmod(0o600)

    def beredctl(self, *arguments, text=None):
        done = subprocess.run([bin_folder() / "beredctl", "--socket", self.lab.config.socket, "--json", *map(str, arguments)],
                              input=text, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def write(self):
        self.beredctl("ticket", "new", "--desk", "support", "--to", "Anna <anna@primary.example>", "--subject", "Besöket",
                      "--yes", text="Vi kommer på måndag.\n")

    def arrived(self):
        return until(lambda: self.postfix.delivered("anna"), 30, "the mail")

    def log(self):
        return (self.postfix.folder / "log" / "mail.log").read_text(encoding="utf-8", errors="replace")

    def why_it_waits(self):
        def reason():
            shown = json.dumps(self.beredctl("outgoing", "list"), ensure_ascii=False)
            return shown if "refuses user" in shown or "TLS: " in shown else ""
        told = until(reason, 30, "the reason")
        self.assertEqual(self.postfix.delivered("anna"), [])
        self.assertNotIn(PASSWORD, told)
        self.assertNotIn(PASSWORD, (self.lab.folder / "beredd.log").read_text(encoding="utf-8", errors="replace"))
        return told

    def goes_by(self, mechanism, offered=None, tls="required"):
        self.begin(offered or mechanism, tls)
        self.write()
        self.assertEqual(len(self.arrived()), 1)
        self.assertIn(f"sasl_method={mechanism}, sasl_username=support", self.log())

    def test_goes_by_plain(self):
        self.goes_by("PLAIN")

    def test_goes_by_login(self):
        self.goes_by("LOGIN")

    def test_goes_by_scram_sha_1(self):
        self.goes_by("SCRAM-SHA-1")

    def test_goes_by_scram_sha_256(self):
        self.goes_by("SCRAM-SHA-256")

    def test_takes_the_strongest_that_is_offered(self):
        self.goes_by("SCRAM-SHA-256", "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256")

    def test_goes_with_tls_from_the_first_byte(self):
        self.goes_by("SCRAM-SHA-256", tls="implicit")

    def test_waits_while_the_password_is_wrong(self):
        self.begin("PLAIN", password="wrong")
        self.write()
        self.assertIn("refuses user support: 535 5.7.8", self.why_it_waits())

    def test_waits_while_the_certificate_is_for_another_name(self):
        self.begin("PLAIN", names="DNS:another.example")
        self.write()
        self.assertIn("host name mismatch", self.why_it_waits())
        self.assertNotIn("sasl_method", self.log())

    def test_waits_while_the_certificate_has_expired(self):
        self.begin("PLAIN", days=0)
        self.write()
        self.assertIn("expired", self.why_it_waits())
        self.assertNotIn("sasl_method", self.log())


if __name__ == "__main__":
    unittest.main()
