"""Reads calendars with icalendar, vobject and libical (libical.c prints what it
read), looks at their bytes (lint.py), and prints one line of JSON for each judge
and file: what it read, or what it complains about.

Usage: python3 read.py LIBICAL_PROGRAM FILE.ics…
"""

import datetime
import json
import os
import subprocess
import sys

import icalendar
import vobject

import lint


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
            "description": text("DESCRIPTION"), "status": text("STATUS"), "url": text("URL"), "starts": time(event["DTSTART"].dt), "ends": time(event["DTEND"].dt),
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
            "description": value("description"), "status": value("status"), "url": value("url"), "starts": time(value("dtstart")), "ends": time(value("dtend")),
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


def main(program, files):
    judges = {"bytes": lint.faults, "icalendar": by_icalendar, "vobject": by_vobject, "libical": by_libical(program)}
    for name in files:
        with open(name, "rb") as file:
            data = file.read()
        for judge, read in judges.items():
            verdict = {"judge": judge, "file": os.path.basename(name)}
            try:
                # The byte linter reads no events: it only complains.
                verdict["faults" if judge == "bytes" else "events"] = list(read(data))
            except Exception as error:  # whatever a parser throws is a verdict
                verdict["faults"] = [f"{type(error).__name__}: {error}"]
            print(json.dumps(verdict))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
