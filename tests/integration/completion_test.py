"""Completion offers what beredctl takes, asks the daemon for names, and is silent without one."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import bin_folder  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BASH = ROOT / "completion" / "beredctl.bash"

# Readline breaks words at these, beside blanks.
_BREAKS = re.compile(r"([:=])")

_DRIVER = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
_beredctl
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
exit 0
"""

# Answers as the daemon does, and notes what it was asked.
_FAKE = r"""#!/bin/sh
echo "$*" >>"$(dirname "$0")/asked"
case "$*" in
*"ticket list"*) echo '[{"id":1042,"subject":"\"id\": 7"},{"id":1043,"subject":"x"}]' ;;
*"person list"*) echo '[{"name":"anna","role":"lead","absence":null},{"name":"bo","role":"staff"}]' ;;
*"template list"*) echo '[{"name":"password","language":"sv","desks":["support"],"text":"\"name\": x"}]' ;;
*"message list"*) echo '[{"id":9,"ticket":1042},{"id":10,"ticket":1043}]' ;;
*"quarantine list"*) echo '[{"message":17,"ticket":1042,"primary":"helpdesk"}]' ;;
*"failover status"*) echo '[{"primary":"helpdesk","mode":"normal"},{"primary":"crm","mode":"normal"}]' ;;
*"check list"*) echo '[{"primary":"helpdesk","check":"web","kind":"http"},{"primary":"crm","check":"tcp"}]' ;;
*"config show"*) printf '[[desk]]\nname = "support"\n\n[[desk]]\nname = "sales"\n\n[[primary]]\nname = "crm"\n' ;;
*) exit 1 ;;
esac
"""

_HOSTILE = r"""#!/bin/sh
echo '[{"primary":"$(touch '"$(dirname "$0")"'/ran)"},{"primary":"good"}]'
"""

_DEAD = "#!/bin/sh\necho 'beredctl: the daemon cannot be reached' >&2\nexit 3\n"


class Shell(unittest.TestCase):
    """Bash with the completion, and something that stands for beredctl."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="beredd-completion-")))
        self.be(_FAKE)

    def be(self, program):
        """What stands for beredctl."""
        path = self.folder / "beredctl"
        path.write_text(program, encoding="utf-8")
        path.chmod(0o755)

    def offers(self, line, folder=None):
        """What a tab at the end of `line` brings, sorted."""
        words = [part for word in line.split(" ")
                 for part in ([p for p in _BREAKS.split(word) if p] or [""])]
        done = subprocess.run(["bash", "--norc", "-c", _DRIVER, "driver", BASH, *words], text=True, timeout=20,
                              capture_output=True, check=False, cwd=folder or self.folder,
                              env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"})
        self.assertEqual(done.stderr, "")
        return sorted(done.stdout.split())

    def asked(self):
        path = self.folder / "asked"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


class Completion(Shell):
    def test_offers_commands(self):
        self.assertEqual(self.offers("beredctl "), sorted(
            "status ticket desk events person team staffing outgoing notice template message export failover check "
            "handback config sandbox".split()))
        self.assertEqual(self.offers("beredctl ti"), ["ticket"])

    def test_offers_what_is_below_a_command(self):
        self.assertEqual(self.offers("beredctl ticket "), sorted(
            "list show note state assign priority tag merge split bulk undo reply new forward settle "
            "next escalate deescalate lease release".split()))
        self.assertEqual(self.offers("beredctl person "), ["absent", "list", "present", "show"])
        self.assertEqual(self.offers("beredctl template "), ["list", "show"])
        self.assertEqual(self.offers("beredctl template show "), ["password"])
        self.assertEqual(self.offers("beredctl ticket reply 1042 --template "), ["password"])
        self.assertEqual(self.offers("beredctl staffing set "), ["auto", "critical", "normal", "reduced"])
        self.assertEqual(self.offers("beredctl handback quarantine "), ["drop", "list", "retry"])
        self.assertEqual(self.offers("beredctl --json handback p"), ["pause", "plan"])

    def test_offers_options_of_a_command_and_those_of_all(self):
        self.assertIn("--custody", self.offers("beredctl ticket list --"))
        self.assertNotIn("--custody", self.offers("beredctl message list --"))
        self.assertEqual(self.offers("beredctl --js"), ["--json"])
        self.assertEqual(self.offers("beredctl status --so"), ["--socket"])

    def test_offers_the_words_that_an_option_takes(self):
        self.assertEqual(self.offers("beredctl ticket list --custody "), ["fallback", "primary", "returned"])
        self.assertEqual(self.offers("beredctl ticket list --custody=f"), ["fallback"])
        self.assertEqual(self.offers("beredctl sandbox --smtp 127.0.0.1:2526 --fail t"), ["tempfail"])
        self.assertEqual(self.offers("beredctl ticket list --search "), [])

    def test_asks_for_tickets_messages_and_primaries(self):
        self.assertEqual(self.offers("beredctl ticket show "), ["1042", "1043"])
        self.assertEqual(self.offers("beredctl ticket show 1043"), ["1043"])
        self.assertEqual(self.offers("beredctl message raw "), ["10", "9"])
        self.assertEqual(self.offers("beredctl person absent "), ["anna", "bo"])
        self.assertEqual(self.offers("beredctl ticket next --person a"), ["anna"])
        self.assertEqual(self.offers("beredctl ticket assign 1042 "), ["anna", "auto", "bo", "me", "nobody"])
        self.assertEqual(self.offers("beredctl handback quarantine retry "), ["17"])
        self.assertEqual(self.offers("beredctl failover force "), ["crm", "helpdesk"])
        self.assertEqual(self.offers("beredctl failover history --primary h"), ["helpdesk"])

    def test_asks_for_checks_and_desks(self):
        self.assertEqual(self.offers("beredctl check run "), ["crm/tcp", "helpdesk/web"])
        self.assertEqual(self.offers("beredctl ticket list --desk "), ["sales", "support"])

    def test_knows_the_second_argument_from_the_first(self):
        self.assertEqual(self.offers("beredctl failover force helpdesk "), ["fallback", "normal"])
        self.assertEqual(self.offers("beredctl failover force helpdesk normal "), [])

    def test_asks_the_socket_that_the_line_names(self):
        self.offers("beredctl --socket /tmp/a.sock ticket show ")
        self.offers("beredctl --socket=/tmp/b.sock ticket show ")
        self.assertEqual([line.split()[:2] for line in self.asked()],
                         [["--socket", "/tmp/a.sock"], ["--socket", "/tmp/b.sock"]])

    def test_asks_nothing_where_words_are_fixed(self):
        self.offers("beredctl handback ")
        self.offers("beredctl failover force helpdesk ")
        self.assertEqual(self.asked(), [])

    def test_is_silent_without_a_daemon(self):
        self.be(_DEAD)
        self.assertEqual(self.offers("beredctl ticket show "), [])
        self.assertEqual(self.offers("beredctl check run "), [])
        self.assertEqual(self.offers("beredctl ticket list --desk "), [])

    def test_runs_nothing_that_a_name_contains(self):
        self.be(_HOSTILE)
        self.assertEqual(self.offers("beredctl failover auto "), ["good"])
        self.assertFalse((self.folder / "ran").exists())

    def test_offers_files_where_a_file_is_wanted(self):
        (self.folder / "site.toml").touch()
        self.assertIn("site.toml", self.offers("beredctl config check s"))
        (self.folder / "kept").mkdir()
        self.assertEqual(self.offers("beredctl sandbox --keep "), ["kept"])


@unittest.skipUnless((bin_folder() / "beredctl").is_file(), f"SKIPPED: no beredctl in {bin_folder()}")
class Program(Shell):
    """Completion and the manual page against the real command line, through its own --help."""

    def setUp(self):
        super().setUp()
        self.be("#!/bin/sh\nexit 3\n")

    def commands(self, path=()):
        """Every command with its own options: {("ticket", "list"): {"--desk", …}, …}."""
        done = subprocess.run([bin_folder() / "beredctl", *path, "--help"], capture_output=True, text=True,
                              timeout=20, check=True)
        options, _, below = done.stdout.partition("Subcommands:")
        found = {path: set(re.findall(r"^\s+(?:-\w,\s*)?(--[a-z-]+)", options, re.M)) - {"--help"}}
        for name in re.findall(r"^  ([a-z]+)", below, re.M):
            found.update(self.commands((*path, name)))
        return found

    def test_completion_is_all_that_the_program_takes(self):
        commands = self.commands()
        self.assertGreater(len(commands), 20)
        everywhere = {"--socket", "--json", "--color", "--help"}
        for path, options in commands.items():
            line = " ".join(("beredctl", *path, ""))
            self.assertEqual(set(self.offers(line + "--")), options | everywhere, line)
            below = sorted(other[-1] for other in commands if len(other) == len(path) + 1 and other[:-1] == path)
            if below:
                self.assertEqual(self.offers(line), below, line)

    def test_manual_page_has_every_command_and_option(self):
        page = (ROOT / "man" / "beredctl.1").read_text(encoding="utf-8")
        described = re.findall(r"^\.It (?:Xo )?Ic ([a-z]+(?: [a-z]+)*)", page, re.M)
        commands = self.commands()
        leaves = [" ".join(path) for path in commands
                  if path and not any(other[:-1] == path for other in commands)]
        self.assertEqual(sorted(described), sorted(leaves))
        for options in commands.values():
            for option in options:
                self.assertIn(f"Fl \\-{option[2:]}", page)


class OtherShells(unittest.TestCase):
    @unittest.skipUnless(shutil.which("zsh"), "SKIPPED: no zsh on this machine")
    def test_zsh_can_read_its_file(self):
        subprocess.run(["zsh", "-n", ROOT / "completion" / "_beredctl"], check=True, timeout=20)

    @unittest.skipUnless(shutil.which("fish"), "SKIPPED: no fish on this machine")
    def test_fish_can_read_its_file(self):
        subprocess.run(["fish", "--no-execute", ROOT / "completion" / "beredctl.fish"], check=True, timeout=20)


if __name__ == "__main__":
    unittest.main()
