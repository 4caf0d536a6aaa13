"""A configuration that cannot work ends beredd at once: status 1 and one line that names the place."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.certificate import Certificate  # noqa: E402
from support.configuration import Configuration  # noqa: E402
from support.lab import bin_folder  # noqa: E402
from support.ports import free_ports  # noqa: E402


class ConfigErrors(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="beredd-config-")))
        self.smtp, primary = free_ports(2)
        state = self.folder / "state"
        state.mkdir(mode=0o700)
        self.file = self.folder / "beredd.toml"
        self.toml = Configuration(state=state, smtp=self.smtp, primary=primary).toml()

    def write(self, old="", new=""):
        """Changes the first `old` to `new`. Returns the number of the line that `new` begins on."""
        self.assertIn(old, self.toml)
        self.file.write_text(self.toml.replace(old, new, 1), encoding="utf-8")
        return self.toml[:self.toml.index(old)].count("\n") + 1

    def refuses(self, *words):
        """Starts beredd; it must end by itself with one line that holds all `words`."""
        done = subprocess.run([bin_folder() / "beredd", "--config", self.file], capture_output=True, text=True,
                              timeout=20, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        for word in words:
            self.assertIn(str(word), lines[0])

    def test_names_an_unknown_key_its_line_and_the_likely_one(self):
        line = self.write("hostname =", "hostnmae =")
        self.refuses("hostnmae", "hostname", f"beredd.toml:{line}")

    def test_names_a_duration_in_a_wrong_unit(self):
        line = self.write('min_dwell = "1s"', 'min_dwell = "1 parsec"')
        self.refuses("primary.failover.min_dwell", "parsec", f"beredd.toml:{line}")

    def test_names_a_duration_without_a_unit(self):
        line = self.write('min_dwell = "1s"', "min_dwell = 1")
        self.refuses("primary.failover.min_dwell", f"beredd.toml:{line}")

    def test_names_a_value_below_its_minimum(self):
        line = self.write("listen =", 'idle_timeout = "5s"\nlisten =')
        self.refuses("smtp.idle_timeout", "5s", "10s", f"beredd.toml:{line}")

    def test_names_a_key_file_that_cannot_be_read(self):
        line = self.write('name = "fallback-1"', f'name = "fallback-1"\nkey_file = "{self.folder}/no.key"')
        self.refuses("node.key_file", f"{self.folder}/no.key", f"beredd.toml:{line + 1}")

    def test_names_a_desk_whose_primary_does_not_exist(self):
        line = self.write('primary = "helpdesk"', 'primary = "helpdsk"')
        self.refuses("helpdsk", f"beredd.toml:{line}")

    def test_names_a_desk_without_a_primary(self):
        self.write('primary = "helpdesk"\n', "")
        self.refuses("desk", "primary", "beredd.toml:")

    def test_names_broken_toml(self):
        line = self.write('[smtp]', '[smtp')
        self.refuses(f"beredd.toml:{line}")

    def test_names_a_file_that_is_not_there(self):
        self.refuses("beredd.toml")

    def test_names_a_port_that_is_in_use(self):
        self.write()
        with socket.create_server(("127.0.0.1", self.smtp)):
            self.refuses(f"127.0.0.1:{self.smtp}", "in use")

    def test_is_found_by_config_check_without_a_daemon(self):
        line = self.write("hostname =", "hostnmae =")
        done = subprocess.run([bin_folder() / "beredctl", "config", "check", self.file], capture_output=True,
                              text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"beredd.toml:{line}", done.stdout + done.stderr)

    def test_is_quiet_about_a_good_one(self):
        self.write()
        done = subprocess.run([bin_folder() / "beredctl", "config", "check", self.file], capture_output=True,
                              text=True, timeout=20, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def both_checks(self):
        """`beredd --check` and `beredctl config check`, which must end by themselves."""
        for command in (["beredd", "--check", "--config", self.file], ["beredctl", "config", "check", self.file]):
            yield subprocess.run([bin_folder() / command[0], *command[1:]], capture_output=True, text=True, timeout=20,
                                 check=False)

    def test_a_check_finds_a_key_that_is_not_its_certificates(self):
        one, other = Certificate(self.folder / "one"), Certificate(self.folder / "other")
        self.write("[smtp]", f'[smtp]\ncertificate = "{one.chain}"\nprivate_key = "{one.key}"')
        self.assertEqual([done.returncode for done in self.both_checks()], [0, 0])
        other.key.replace(one.key)
        for done in self.both_checks():
            self.assertEqual(done.returncode, 1)
            self.assertIn("does not belong to certificate", done.stderr)

    def test_a_check_does_not_wait_for_the_other_end_of_a_pipe(self):
        pair = Certificate(self.folder / "pair")
        self.write("[smtp]", f'[smtp]\ncertificate = "{pair.chain}"\nprivate_key = "{pair.key}"')
        pair.chain.unlink()
        os.mkfifo(pair.chain)
        for done in self.both_checks():
            self.assertEqual(done.returncode, 1)
            self.assertIn("not a file", done.stderr)

    def test_the_smallest_configuration_of_the_manual_is_in_order(self):
        manual = (Path(__file__).resolve().parents[2] / "man" / "beredd.toml.5").read_text(encoding="utf-8")
        example = re.search(r"smallest configuration:\n\.Bd -literal[^\n]*\n(.*?)\.Ed", manual, re.DOTALL).group(1)
        self.file.write_text(example.replace("\\(dq", '"').replace("\\&", ""), encoding="utf-8")
        for done in self.both_checks():
            self.assertEqual((done.returncode, "error" in done.stderr), (0, False), done.stderr)


if __name__ == "__main__":
    unittest.main()
