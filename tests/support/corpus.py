"""The project's own mail corpus, ready to be sent. See tests/data/mail/README.md."""

import base64
import functools
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "data" / "mail"
_PHOTO = b"{{photo}}\r\n"


@dataclass(frozen=True)
class Mail:
    file: str
    sender: str  # envelope sender; "" is the null path
    recipients: tuple
    desk: str
    language: str
    client: str
    thread: str | None
    what: str
    expect: dict  # subject, from, attachments, as a reader should find them
    data: bytes   # as it goes over SMTP, before dot-stuffing

    @property
    def sha256(self):
        return hashlib.sha256(self.data).hexdigest()


def photo_bytes(seed, size):
    """`size` bytes that begin and end like a JPEG; the same for the same seed, on every machine."""
    head = bytes.fromhex("ffd8ffe000104a46494600010100004800480000ffda000c03010002110311003f00")
    noise = hashlib.shake_256(seed.encode()).digest(size - len(head) - 2)
    # In a JPEG's scan no 0xff stands without a zero behind it.
    return head + noise.replace(b"\xff", b"\xfe") + b"\xff\xd9"


def _in_base64_lines(data):
    text = base64.b64encode(data)
    return b"".join(text[at:at + 76] + b"\r\n" for at in range(0, len(text), 76))


@functools.cache
def load(folder=FOLDER):
    """All mails in the order of the manifest, the photo filled in."""
    mails = []
    for row in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        data = (folder / row["file"]).read_bytes()
        if photo := row.get("photo"):
            filled = _in_base64_lines(photo_bytes(photo["seed"], photo["bytes"]))
            data = data.replace(_PHOTO, filled)
        mails.append(Mail(row["file"], row["from"], tuple(row["to"]), row["desk"], row["language"],
                          row["client"], row["thread"], row["what"], row["expect"], data))
    return tuple(mails)


def header(data, name):
    """The unfolded value of the first field `name`, as text; "" when there is none."""
    head = data.split(b"\r\n\r\n", 1)[0]
    pattern = rb"(?im)^" + re.escape(name.encode()) + rb":[ \t]*([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)"
    found = re.search(pattern, head)
    return found.group(1).replace(b"\r\n", b"").decode("latin-1").strip() if found else ""


def identifiers(data, *names):
    """The message identifiers in the fields `names`. A blank that bad folding left inside one is dropped."""
    text = " ".join(header(data, name) for name in names)
    return [re.sub(r"\s", "", found) for found in re.findall(r"<([^<>]+)>", text)]
