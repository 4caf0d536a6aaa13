"""A whole outage on loopback: beredd, a sandbox primary, their folder and their ports."""

import shutil
import tempfile
from pathlib import Path

from support.configuration import Configuration
from support.ports import free_ports
from support.programs import Beredctl, Daemon, Sandbox


class Lab:
    """Owns the folder and the processes; leaving it stops all and, unless kept, removes the folder."""

    def __init__(self, bin_folder, keep=False, **settings):
        self.bin = Path(bin_folder).resolve()
        for name in ("beredd", "beredctl"):
            if not (self.bin / name).is_file():
                raise FileNotFoundError(f"{self.bin / name} is missing; build it with: ./dev build")
        self.folder = Path(tempfile.mkdtemp(prefix="beredd-"))
        self.kept = keep
        self.smtp, primary, health = free_ports(3)
        self.state = self.folder / "state"
        self.state.mkdir(mode=0o700)
        self.config = Configuration(state=self.state, smtp=self.smtp, primary=primary, health=health, **settings)
        self.config_file = self.config.write(self.folder / "beredd.toml")
        self.sandbox = Sandbox(self.bin, primary, health, self.folder / "primary", self.folder / "primary.log")
        self.daemon = Daemon(self.bin, self.config_file, self.folder / "beredd.log")
        self.beredctl = Beredctl(self.bin, self.config.socket)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        self.sandbox.keep.mkdir(exist_ok=True)
        self.sandbox.start().ready()
        self.daemon.start().ready()
        return self

    def keep_folder(self):
        """Something went wrong: whoever looks into it needs the logs."""
        self.kept = True

    def close(self):
        self.daemon.stop()
        self.sandbox.stop()
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)
