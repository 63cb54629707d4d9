"""Looks at the bytes of a calendar as strictly as RFC 5545 is written, with no
parser between: what one forgives, another does not.

Usage: python3 lint.py FILE.ics…
"""

import re
import sys

NAME = rb"[A-Za-z0-9-]+"
VALUE = rb'(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)'
LINE = re.compile(rb"(%s)((?:;%s=%s(?:,%s)*)*):(.*)" % (NAME, NAME, VALUE, VALUE), re.S)
ONCE = (b"UID", b"DTSTAMP", b"DTSTART", b"SUMMARY")
AT_MOST_ONCE = (b"DTEND", b"DURATION", b"SEQUENCE", b"STATUS", b"LOCATION", b"GEO", b"URL", b"CATEGORIES",
                b"LAST-MODIFIED", b"TRANSP", b"CLASS", b"COLOR", b"DESCRIPTION", b"ORGANIZER")
DATE = re.compile(rb"\d{8}")
LOCAL = re.compile(rb"\d{8}T\d{6}")
UTC = re.compile(rb"\d{8}T\d{6}Z")
TEXT = (b"SUMMARY", b"LOCATION", b"DESCRIPTION", b"NAME", b"X-WR-CALNAME")


def physical(data):
    """Faults of the lines as they stand in the file."""
    if not data.startswith(b"BEGIN:VCALENDAR\r\n") or not data.endswith(b"\r\nEND:VCALENDAR\r\n"):
        yield f"not a calendar from its first byte to its last: {data[:20]!r} … {data[-20:]!r}"
    lines = data.split(b"\r\n")[:-1]
    for number, line in enumerate(lines, 1):
        if len(line) > 75:
            yield f"line {number}: {len(line)} octets"
        if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
            yield f"line {number}: a control character: {line!r}"
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield f"line {number}: not UTF-8 by itself: {line!r}"
        folded = number < len(lines) and lines[number][:1] in (b" ", b"\t")
        if folded and (len(line) - len(line.rstrip(b"\\"))) % 2 == 1:
            yield f"line {number}: folded within an escape: {line!r}"
        if line.strip() == b"":
            yield f"line {number}: empty"


def time_fault(parameters, value):
    """What is wrong with a DTSTART or DTEND; None: nothing."""
    if b"VALUE=DATE" in parameters:
        return None if DATE.fullmatch(value) and b"TZID" not in parameters else "a date that is none"
    if b"TZID=" in parameters:
        return None if LOCAL.fullmatch(value) else "a zone on what is no local time"
    return None if UTC.fullmatch(value) else "a floating time"


def event_faults(event, uids):
    names = [name for name, _, _ in event]
    for name in ONCE:
        if names.count(name) != 1:
            yield f"{names.count(name)} {name.decode()}"
    for name in AT_MOST_ONCE:
        if names.count(name) > 1:
            yield f"{names.count(name)} {name.decode()}"
    values = {name: (parameters, value) for name, parameters, value in event}
    uid = values.get(b"UID", (b"", b""))[1]
    if uid in uids:
        yield f"{uid!r} stands there twice"
    uids.add(uid)
    start, end = values.get(b"DTSTART"), values.get(b"DTEND")
    if start and end and (start[0] != end[0] or len(start[1]) != len(end[1]) or end[1] <= start[1]):
        yield f"{uid!r}: an end that does not fit: {start} {end}"
    if values.get(b"STATUS", (b"", b""))[1] not in (b"", b"CONFIRMED", b"TENTATIVE", b"CANCELLED"):
        yield f"{uid!r}: {values[b'STATUS']}"
    for name in (b"GEO",):
        if name in values and not re.fullmatch(rb"-?\d+\.\d+;-?\d+\.\d+", values[name][1]):
            yield f"{uid!r}: {values[name][1]!r}"


def faults(data):
    """All faults of a calendar, each a sentence."""
    yield from physical(data)
    zones, named, uids, opened, event = set(), set(), set(), [], None
    method, header = b"\r\nMETHOD:" in data, []
    for line in data.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").split(b"\r\n")[:-1]:
        match = LINE.fullmatch(line)
        if not match:
            yield f"not a content line: {line!r}"
            continue
        name, parameters, value = match.groups()
        if b"\\" in parameters:
            yield f"an escape in a parameter: {line!r}"
        if name == b"BEGIN":
            opened.append(value)
            event = [] if value == b"VEVENT" else event
        elif name == b"END":
            if not opened or opened.pop() != value:
                yield f"unbalanced: {line!r}"
            if value == b"VEVENT":
                yield from event_faults(event or [], uids)
                event = None
        elif opened[-1:] == [b"VTIMEZONE"] and name == b"TZID":
            zones.add(value)
        elif event is not None:
            event.append((name, parameters, value))
            if name in (b"ORGANIZER", b"ATTENDEE") and not method:
                yield f"somebody is named in a calendar that is no message: {line!r}"
        elif len(opened) == 1:
            header.append(name)
        if name in (b"DTSTART", b"DTEND") and event is not None:
            if fault := time_fault(parameters, value):
                yield f"{fault}: {line!r}"
            named.update(re.findall(rb';TZID="?([^";]+)', parameters))
        if name in TEXT and re.search(rb"(?<!\\)(?:\\\\)*(?:[;,]|\\[^\\;,nN]|\\$)", value):
            yield f"a text that is not escaped: {line!r}"
    if opened:
        yield f"without an end: {opened}"
    for name in (b"VERSION", b"PRODID", b"CALSCALE"):
        if header.count(name) != 1:
            yield f"{header.count(name)} {name.decode()}"
    if b"UID" in header:
        yield "a UID of the calendar, which makes one entry of all events"
    for zone in sorted(named - zones):
        yield f"a zone without VTIMEZONE: {zone!r}"


if __name__ == "__main__":
    found = [f"{name}: {fault}" for name in sys.argv[1:] for fault in faults(open(name, "rb").read())]
    print("\n".join(found) or "nothing to complain about")
    sys.exit(1 if found else 0)
