"""What became of every mail: the accepted ones held against what the primary keeps.

Pure: bytes in, figures out.
"""

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

# Trace and result fields that a relay may put above a mail (RFC 5321 §4.4, RFC 8601, RFC 8617).
_TRACE = re.compile(rb"(?is)\A(?:received|return-path|delivered-to|x-original-to|authentication-results|"
                    rb"arc-[a-z-]+|x-beredd-[a-z-]+)[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")
_MOST_TRACE_FIELDS = 12


@dataclass(frozen=True)
class Sent:
    """One accepted mail. `order` counts acceptances; `thread` may be None."""
    name: str
    data: bytes
    recipients: tuple
    order: int
    thread: str | None = None

    @property
    def key(self):
        return identity(self.data, self.recipients)


@dataclass
class Reckoning:
    accepted: int = 0
    identical: int = 0
    lost: list = field(default_factory=list)          # names of mails that never arrived
    doubled: list = field(default_factory=list)       # names of mails that arrived more than once
    altered: list = field(default_factory=list)       # places in the primary with bytes that nobody sent
    out_of_order: list = field(default_factory=list)  # (earlier, later) names that arrived the other way round

    @property
    def clean(self):
        return not (self.lost or self.doubled or self.altered or self.out_of_order)


def identity(data, recipients):
    """The same for the same bytes to the same addresses. Local parts may differ in case on the way."""
    return hashlib.sha256(data).hexdigest(), tuple(sorted(address.lower() for address in recipients))


def without_trace(data):
    """`data` with 0, 1, 2 … of its leading trace fields taken off, one after the other."""
    for _ in range(_MOST_TRACE_FIELDS):
        yield data
        field_found = _TRACE.match(data)
        if not field_found:
            return
        data = data[field_found.end():]


def reckon(accepted, kept):
    """`accepted`: Sent in any order. `kept`: (bytes, recipients) in the order of arrival."""
    by_key = {sent.key: sent for sent in accepted}
    due = Counter(sent.key for sent in accepted)
    arrived, places, altered = Counter(), {}, []
    for place, (data, recipients) in enumerate(kept, 1):
        keys = (identity(below, recipients) for below in without_trace(data))
        key = next((key for key in keys if key in by_key), None)
        if key is None:
            altered.append(place)
            continue
        arrived[key] += 1
        places.setdefault(key, place)
    return Reckoning(
        accepted=len(accepted),
        identical=sum((arrived & due).values()),
        lost=[by_key[key].name for key in (due - arrived).elements()],
        doubled=[by_key[key].name for key in (arrived - due).elements()],
        altered=altered,
        out_of_order=_inversions(accepted, places))


def _inversions(accepted, places):
    threads = defaultdict(list)
    for sent in sorted(accepted, key=lambda sent: sent.order):
        if sent.thread is not None and sent.key in places:
            threads[sent.thread].append(sent)
    return [(first.name, second.name) for mails in threads.values()
            for first, second in zip(mails, mails[1:]) if places[first.key] > places[second.key]]
