"""beredd.toml for a test or the demo: two desks, one primary, quick checks."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Configuration:
    state: Path
    smtp: int     # the port beredd listens on
    primary: int  # the primary's SMTP port
    health: int = 0  # the primary's health page; 0: no http check
    retry: tuple = ("200ms", "500ms", "1s")
    min_dwell: str = "1s"
    every: str = "500ms"
    fall: int = 2
    rise: int = 2
    daily_budget: int = 12
    hostname: str = "mx2.help.example"
    node_extra: tuple = ()     # further lines of [node]
    smtp_extra: tuple = ()     # further lines of [smtp]
    lmtp: int = 0              # the port for LMTP; 0: none
    primary_extra: tuple = ()  # further lines of [[primary]]
    target_extra: str = ""     # further members of the primary's target
    target: str = ""           # the members of another target than a plain SMTP one
    checks: str = ""           # other tables than those for it
    control: Path = None       # the control socket; None: in the state directory
    more: str = ""             # further tables
    desks: dict = field(default_factory=lambda: {"support": "support@help.example",
                                                 "billing": "billing@help.example"})

    @property
    def socket(self):
        return self.control or self.state / "control.sock"

    def toml(self):
        node_lines = "".join(f"{line}\n" for line in self.node_extra)
        smtp_lines = "".join(f"{line}\n" for line in self.smtp_extra)
        lmtp = f'[lmtp]\nlisten = ["127.0.0.1:{self.lmtp}"]\n\n' if self.lmtp else ""
        primary_lines = "".join(f"{line}\n" for line in self.primary_extra)
        desks = "".join(_DESK.format(name=name, address=address) for name, address in self.desks.items())
        checks = _HTTP.format(port=self.health, every=self.every) if self.health else ""
        checks += _SMTP.format(port=self.primary, every=self.every)
        target = self.target or _TARGET.format(port=self.primary, extra=self.target_extra)
        return _TOML.format(state=self.state, socket=self.socket, hostname=self.hostname, port=self.smtp,
                            node_lines=node_lines, smtp_lines=smtp_lines, lmtp=lmtp, desks=desks, target=target,
                            primary_lines=primary_lines, checks=self.checks or checks, fall=self.fall, rise=self.rise,
                            dwell=self.min_dwell, budget=self.daily_budget,
                            retry=", ".join(f'"{wait}"' for wait in self.retry)) + self.more

    def write(self, path):
        path.write_text(self.toml(), encoding="utf-8")
        return path


_TOML = """\
[node]
name = "fallback-1"
state = "{state}"
{node_lines}
[control]
socket = "{socket}"

[smtp]
hostname = "{hostname}"
listen = ["127.0.0.1:{port}"]
{smtp_lines}
{lmtp}\
{desks}\
[[primary]]
name = "helpdesk"
target = {{ {target} }}
retry = [{retry}]
{primary_lines}
{checks}\
[primary.failover]
fall = {fall}
rise = {rise}
min_dwell = "{dwell}"
daily_budget = {budget}
"""

_TARGET = 'kind = "smtp", host = "127.0.0.1", port = {port}, tls = "off"{extra}'

_DESK = """\
[[desk]]
name = "{name}"
addresses = ["{address}"]
from = "Example {name} <{address}>"
primary = "helpdesk"

"""

_HTTP = """\
[[primary.check]]
kind = "http"
url = "http://127.0.0.1:{port}/health"
every = "{every}"
timeout = "400ms"

"""

_SMTP = """\
[[primary.check]]
kind = "smtp"
host = "127.0.0.1"
port = {port}
every = "{every}"
timeout = "400ms"

"""
