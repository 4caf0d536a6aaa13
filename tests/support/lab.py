"""A whole outage on loopback: beredd, a primary, their folder and their ports."""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from support.configuration import Configuration
from support.ports import free_ports
from support.programs import Beredctl, Daemon, Sandbox

_ROOT = Path(__file__).resolve().parent.parent.parent


def bin_folder():
    """Where the tests find the programs: BEREDD_BIN, or what ./dev build leaves."""
    return Path(os.environ.get("BEREDD_BIN", _ROOT / "build" / "bin"))


class Lab:
    """Owns the folder and the processes; leaving it stops all and, unless kept, removes the folder.

    With `sandbox=False` the primary is somebody else's: it is expected on port `primary`.
    `settings` are members of Configuration. BEREDD_KEEP in the environment keeps every folder.
    """

    def __init__(self, programs=None, keep=False, sandbox=True, **settings):
        programs = Path(programs or bin_folder()).resolve()
        for name in ("beredd", "beredctl"):
            if not (programs / name).is_file():
                raise FileNotFoundError(f"{programs / name} is missing; build it with: ./dev build")
        self.folder = Path(tempfile.mkdtemp(prefix="beredd-"))
        self.kept = keep or "BEREDD_KEEP" in os.environ
        self.smtp, self.primary, health = free_ports(3)
        self.state = self.folder / "state"
        self.state.mkdir(mode=0o700)
        self.config = Configuration(state=self.state, smtp=self.smtp, primary=self.primary,
                                    health=health if sandbox else 0, **settings)
        self.config_file = self.config.write(self.folder / "beredd.toml")
        self.sandbox = sandbox and Sandbox(programs, self.primary, health, self.folder / "primary",
                                           self.folder / "primary.log")
        self.daemon = Daemon(programs, self.config_file, self.folder / "beredd.log")
        self.beredctl = Beredctl(programs, self.config.socket)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.keep_folder()
        self.close()

    def configure(self, **settings):
        """Changes members of the configuration; they count from the next start on."""
        self.config = replace(self.config, **settings)
        self.config.write(self.config_file)

    def start(self):
        if self.sandbox:
            self.sandbox.start().ready()
        self.daemon.start().ready()
        return self

    def keep_folder(self):
        """Something went wrong: whoever looks into it needs the logs."""
        self.kept = True

    def close(self):
        self.daemon.stop()
        if self.sandbox:
            self.sandbox.stop()
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)
