"""Debian packages that cannot be installed beside each other, fetched and unpacked in a folder of their own."""

import os
import re
import subprocess
from pathlib import Path


FIRST_ACCOUNT = 64990  # of those that accounts() makes up


class Unavailable(Exception):
    pass


def unpack(folder, *packages):
    """The root below which the files of `packages` lie, with the libraries that this machine lacks."""
    root = Path(folder).resolve()
    done = root / ".done"
    if done.exists():
        return root
    root.mkdir(parents=True, exist_ok=True)
    for package in packages:
        _fetch(root, package)
    for library in _missing(root):
        _fetch(root, _package_of(library))
    done.touch()
    return root


def accounts(folder, *names):
    """Files like /etc/passwd and /etc/group, with accounts that the unpacked programs look for."""
    users, groups = Path("/etc/passwd").read_text(), Path("/etc/group").read_text()
    for number, name in enumerate(names, FIRST_ACCOUNT):
        users += f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n"
        groups += f"{name}:x:{number}:\n"
    (folder / "passwd").write_text(users)
    (folder / "group").write_text(groups)


def library_path(root):
    folders = {str(path.parent) for path in Path(root).glob("**/*.so.*")}
    return ":".join(sorted(folders))


def _fetch(root, package):
    try:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=root, check=True, capture_output=True, timeout=120)
        for archive in root.glob(f"{package}_*.deb"):
            subprocess.run(["dpkg", "-x", archive, root], check=True, capture_output=True)
            archive.unlink()
    except (OSError, subprocess.SubprocessError) as failure:
        raise Unavailable(f"{package} cannot be had from Debian's packages: {failure}") from failure


def _missing(root):
    found = set()
    for program in root.glob("usr/sbin/*"):
        if program.is_file() and os.access(program, os.X_OK):
            listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
            found |= set(re.findall(r"(\S+) => not found", listed))
    return sorted(found)


def _package_of(library):
    """libidn.so.12 → libidn12, as Debian names its library packages."""
    stem, version = library.split(".so.")
    return f"{stem}{'-' if stem[-1].isdigit() else ''}{version}"
