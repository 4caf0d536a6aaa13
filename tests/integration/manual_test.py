"""The manual pages are well formed, and docs/dependencies.md knows what debian/control asks for."""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "man").glob("*.[1-8]"))


class Pages(unittest.TestCase):
    def test_there_are_three(self):
        self.assertEqual([page.name for page in PAGES], ["beredctl.1", "beredd.8", "beredd.toml.5"])

    @unittest.skipUnless(shutil.which("mandoc"), "SKIPPED: no mandoc on this machine")
    def test_mandoc_finds_nothing(self):
        for page in PAGES:
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "style", page], capture_output=True, text=True,
                                  timeout=60, check=False)
            # Our own pages refer to each other before they are installed.
            found = [line for line in done.stdout.splitlines() if "referenced manual not found" not in line]
            self.assertEqual(found, [])

    @unittest.skipUnless(shutil.which("groff"), "SKIPPED: no groff on this machine")
    def test_groff_finds_nothing(self):
        for page in PAGES:
            done = subprocess.run(["groff", "-mdoc", "-ww", "-z", page], capture_output=True, text=True,
                                  timeout=60, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_references_lead_to_pages_that_exist(self):
        ours = {page.name for page in PAGES}
        for page in PAGES:
            for name, section in re.findall(r"^\.Xr (\S+) (\d)", page.read_text(encoding="utf-8"), re.M):
                if name.startswith("bered"):
                    self.assertIn(f"{name}.{section}", ours)


class Dependencies(unittest.TestCase):
    def test_each_has_its_reason_and_no_other_has(self):
        control = (ROOT / "debian" / "control").read_text(encoding="utf-8")
        fields = re.search(r"^Build-Depends:\n((?: .*\n)+)", control, re.M)[1]
        asked = re.findall(r"^ ([a-z0-9][a-z0-9.+-]*)", fields, re.M)
        self.assertEqual(len(asked), fields.count("\n"), "one package a line")
        page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| (`.*?) \|", page, re.M)
        explained = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
        self.assertEqual(sorted(explained), sorted(asked))


if __name__ == "__main__":
    sys.exit(unittest.main())
