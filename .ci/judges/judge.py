"""Reads calendars with icalendar and vobject, and what libical read (judge.c
prints it as JSON), and compares with what was written.

Usage: python3 judge.py LIBICAL_PROGRAM FILE.ics…
"""

import datetime
import json
import os
import subprocess
import sys

import icalendar
import vobject

KEYS = ("summary", "starts", "ends", "location", "description", "categories",
        "attendee", "attendee_name", "organizer", "organizer_name")


def time(value):
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError("a floating time")
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def by_icalendar(data):
    calendar = icalendar.Calendar.from_ical(data)
    for component in calendar.walk():
        if component.errors:
            raise ValueError(f"{component.name}: {component.errors}")
    for event in calendar.walk("VEVENT"):
        def text(key):
            return str(event[key]) if key in event else ""

        def cn(key):
            return str(event[key].params.get("CN", "")) if key in event else ""

        yield {
            "uid": text("UID"), "summary": text("SUMMARY"), "location": text("LOCATION"),
            "description": text("DESCRIPTION"), "starts": time(event["DTSTART"].dt), "ends": time(event["DTEND"].dt),
            "categories": [str(c) for c in event["CATEGORIES"].cats] if "CATEGORIES" in event else [],
            "attendee": text("ATTENDEE"), "attendee_name": cn("ATTENDEE"),
            "organizer": text("ORGANIZER"), "organizer_name": cn("ORGANIZER"),
        }


def by_vobject(data):
    calendar = vobject.readOne(data.decode())
    calendar.validate(raiseException=True)
    for event in calendar.contents.get("vevent", []):
        def child(key):
            return event.contents.get(key, [None])[0]

        def value(key):
            return child(key).value if child(key) is not None else ""

        def cn(key):
            return ",".join(child(key).params.get("CN", [])) if child(key) is not None else ""

        yield {
            "uid": value("uid"), "summary": value("summary"), "location": value("location"),
            "description": value("description"), "starts": time(value("dtstart")), "ends": time(value("dtend")),
            "categories": list(value("categories")), "attendee": value("attendee"), "attendee_name": cn("attendee"),
            "organizer": value("organizer"), "organizer_name": cn("organizer"),
        }


def by_libical(program):
    def read(data):
        done = subprocess.run([program], input=data, capture_output=True, check=False)
        if done.returncode != 0:
            raise ValueError(done.stderr.decode(errors="replace"))
        return json.loads(done.stdout.decode())
    return read


def compare(read, written, keys):
    read = {event["uid"]: event for event in read}
    if len(read) != len(written):
        yield f"{len(read)} events instead of {len(written)}"
    for want in written:
        got = read.get(want["uid"], {})
        for key in keys:
            a, b = got.get(key) or "", want.get(key) or ""
            if a != b:
                yield f"{want['uid']} {key}: read {a!r}, written {b!r}"


def main(program, files):
    failed = False
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "known.json"), encoding="utf-8") as file:
        known = json.load(file)
    judges = {"icalendar": by_icalendar, "vobject": by_vobject, "libical": by_libical(program)}
    for name in files:
        with open(name, "rb") as file:
            data = file.read()
        with open(name[:-len("ics")] + "json", encoding="utf-8") as file:
            written = json.load(file)
        keys = KEYS  # or those that the written side names
        if isinstance(written, dict):
            keys, written = written["keys"], written["events"]
        for judge, read in judges.items():
            try:
                faults = list(compare(list(read(data)), written, keys))
            except Exception as error:  # whatever a parser throws is a verdict
                faults = [f"{type(error).__name__}: {error}"]
            file = os.path.basename(name)
            misread = next((k["why"] for k in known if k["judge"] == judge and k["file"] == file), None)
            if misread:
                faults = [] if faults else ["is read right now: take it out of known.json"]
            print(f"{judge}\t{file}\t{'WRONG' if faults else 'known: ' + misread if misread else 'right'}")
            for fault in faults:
                print(f"\t{fault}")
            failed = failed or bool(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
