"""The units are what systemd takes them for, and leave the daemon little to misuse."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

UNITS = Path(__file__).resolve().parents[2] / "systemd"
# In tenths, as systemd-analyze counts: an exposure of 1.5.
THRESHOLD = 15


def run(*command, **environment):
    return subprocess.run(command, env={**os.environ, **environment}, text=True, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def settings(unit):
    """Every Key=Value of a unit, values of one key in order."""
    found = {}
    for line in (UNITS / unit).read_text().splitlines():
        match = re.fullmatch(r"([A-Za-z0-9]+)=(.*)", line)
        if match:
            found.setdefault(match[1], []).append(match[2])
    return found


@unittest.skipUnless(shutil.which("systemd-analyze"), "SKIPPED: no systemd-analyze on this machine")
class Analyzed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beredd-units-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def verify(self, extra=""):
        """What systemd says about the units. It exits 0 on unknown keys, so its words are what counts."""
        for unit in ("beredd.service", "beredd.socket"):
            text = (UNITS / unit).read_text().replace("/usr/sbin/beredd ", "/bin/true ")
            (self.folder / unit).write_text(text + (extra if unit == "beredd.service" else ""))
        result = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                     str(self.folder / "beredd.service"), str(self.folder / "beredd.socket"),
                     SYSTEMD_UNIT_PATH=f"{self.folder}:")
        return result.returncode, result.stdout

    def test_verify_has_nothing_to_say(self):
        self.assertEqual(self.verify(), (0, ""))

    def test_verify_would_say_so_if_a_key_were_misspelt(self):
        _, words = self.verify("[Service]\nProtectHoem=yes\n")
        self.assertIn("ProtectHoem", words)

    def test_exposure_is_at_most_one_and_a_half(self):
        result = run("systemd-analyze", "security", "--offline=yes", f"--threshold={THRESHOLD}",
                     "--no-pager", str(UNITS / "beredd.service"))
        self.assertEqual(result.returncode, 0, result.stdout)
        exposure = re.search(r"exposure level for beredd.service: ([\d.]+)", result.stdout)
        self.assertLessEqual(float(exposure[1]), THRESHOLD / 10)


@unittest.skipUnless(shutil.which("systemd-sysusers"), "SKIPPED: no systemd-sysusers on this machine")
class Users(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0, "SKIPPED: needs root to own files")
    def test_user_and_folders_come_into_being_in_an_empty_root(self):
        with tempfile.TemporaryDirectory(prefix="beredd-root-") as root:
            etc = Path(root) / "etc/beredd"
            etc.mkdir(parents=True)
            made = run("systemd-sysusers", f"--root={root}", str(UNITS / "beredd.sysusers"))
            self.assertEqual(made.returncode, 0, made.stdout)
            entry = (Path(root) / "etc/passwd").read_text().strip().split(":")
            self.assertEqual((entry[0], entry[5:]), ("beredd", ["/var/lib/beredd", "/usr/sbin/nologin"]))
            (etc / "master.key").write_bytes(bytes(32))
            made = run("systemd-tmpfiles", f"--root={root}", "--create", str(UNITS / "beredd.tmpfiles"))
            self.assertEqual(made.returncode, 0, made.stdout)
            self.assertEqual((etc / "master.key").stat().st_mode & 0o777, 0o600)
            self.assertEqual((etc / "tls").stat().st_gid, int(entry[3]))


class Promises(unittest.TestCase):
    """What other parts of the system rely on."""

    def test_service_runs_as_the_user_that_sysusers_makes(self):
        self.assertEqual(settings("beredd.service")["User"], ["beredd"])
        self.assertIn("\nu beredd ", (UNITS / "beredd.sysusers").read_text())

    def test_sample_finds_its_key_where_the_service_puts_it(self):
        name, source = settings("beredd.service")["LoadCredential"][0].split(":")
        self.assertEqual(source, "/etc/beredd/master.key")
        sample = (UNITS.parent / "conf" / "beredd.toml").read_text()
        self.assertIn(f'\nkey_file = "/run/credentials/beredd.service/{name}"\n', sample)

    def test_daemon_has_no_capability_because_the_socket_unit_holds_the_port(self):
        service, socket = settings("beredd.service"), settings("beredd.socket")
        self.assertEqual((service["CapabilityBoundingSet"], service["AmbientCapabilities"]), ([""], [""]))
        self.assertEqual((socket["ListenStream"], socket["BindIPv6Only"]), (["25"], ["both"]))
        self.assertEqual(socket["FileDescriptorName"], ["smtp"])

    def test_neither_restarts_nor_connections_are_ever_given_up(self):
        service, socket = settings("beredd.service"), settings("beredd.socket")
        self.assertEqual((service["Restart"], service["StartLimitIntervalSec"]), (["always"], ["0"]))
        self.assertEqual(socket["TriggerLimitIntervalSec"], ["0"])
        self.assertEqual((service["Type"], service["WatchdogSec"]), (["notify"], ["30"]))


if __name__ == "__main__":
    sys.exit(unittest.main())
