// Reads calendars with ical.js (strict), node-ical and ts-ics, and compares what
// they read with what was written. Usage: node judge.mjs FILE.ics…
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import ICAL from "ical.js";
import nodeIcal from "node-ical";
import { parseIcsCalendar } from "@ts-ics/schema-zod";

const utc = (date) => date.toISOString().replace(/\.\d+Z$/, "Z");
const local = (d) => [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
const name = (s) => s ?? "";

function icalJs(text) {
  ICAL.design.strict = true;
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const time = (t) => {
    if (!t) return undefined;
    if (t.isDate) return t.toString();
    if (t.zone.tzid === "floating") throw new Error("a floating time");
    return utc(t.toJSDate());
  };
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const person = (key) => component.getFirstProperty(key);
    return {
      uid: event.uid, summary: event.summary, location: event.location, description: event.description,
      starts: time(component.getFirstPropertyValue("dtstart")), ends: time(component.getFirstPropertyValue("dtend")),
      categories: component.getFirstProperty("categories")?.getValues(),
      attendee: person("attendee")?.getFirstValue(), attendee_name: person("attendee")?.getParameter("cn"),
      organizer: person("organizer")?.getFirstValue(), organizer_name: person("organizer")?.getParameter("cn"),
    };
  });
}

function byNodeIcal(text) {
  return Object.values(nodeIcal.sync.parseICS(text)).filter((c) => c.type === "VEVENT").map((e) => {
    const time = (t) => (t && (e.datetype === "date" ? local(t) : utc(t)));
    const plain = (v) => (v && typeof v === "object" && "val" in v ? v.val : v);
    return {
      uid: e.uid, summary: plain(e.summary), location: plain(e.location), description: plain(e.description),
      starts: time(e.start), ends: time(e.end), categories: e.categories,
      attendee: plain(e.attendee), attendee_name: e.attendee?.params?.CN,
      organizer: plain(e.organizer), organizer_name: e.organizer?.params?.CN,
    };
  });
}

function byTsIcs(text) {
  return (parseIcsCalendar(text).events ?? []).map((e) => {
    const time = (t) => (t && (t.type === "DATE" ? t.date.toISOString().slice(0, 10) : utc(t.date)));
    const attendee = e.attendees?.[0];
    return {
      uid: e.uid, summary: e.summary, location: e.location, description: e.description,
      starts: time(e.start), ends: time(e.end), categories: e.categories,
      attendee: attendee && "mailto:" + attendee.email, attendee_name: attendee?.name,
      organizer: e.organizer && "mailto:" + e.organizer.email, organizer_name: e.organizer?.name,
    };
  });
}

const unquoted = (s) => (typeof s === "string" ? s.replace(/^"(.*)"$/s, "$1") : s);

// Everything that a calendar says of an event is compared, or the keys that the
// written side names.
const everything = ["summary", "starts", "ends", "location", "description", "categories", "attendee", "attendee_name", "organizer", "organizer_name"];

function compare(read, { keys = everything, events: written }) {
  if (read.length !== written.length) return [`${read.length} events instead of ${written.length}`];
  const faults = [];
  for (const want of written) {
    const got = read.find((e) => e.uid === want.uid) ?? {};
    for (const key of keys) {
      const a = JSON.stringify(unquoted(name(got[key])));
      const b = JSON.stringify(name(want[key]));
      if (a !== b && !(key === "categories" && (got[key] ?? []).length === 0 && !want[key])) {
        faults.push(`${want.uid} ${key}: read ${a}, written ${b}`);
      }
    }
  }
  return faults;
}

const known = JSON.parse(readFileSync(new URL("known.json", import.meta.url), "utf8"));
let failed = false;
for (const file of process.argv.slice(2)) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  const beside = JSON.parse(readFileSync(file.replace(/\.ics$/, ".json"), "utf8"));
  const written = Array.isArray(beside) ? { events: beside } : beside;
  for (const [judge, read] of [["ical.js", icalJs], ["node-ical", byNodeIcal], ["ts-ics", byTsIcs]]) {
    let faults;
    try {
      faults = compare(read(text), written);
    } catch (error) {
      faults = [String(error.message ?? error).slice(0, 2000)];
    }
    const misread = known.find((k) => k.judge === judge && k.file === basename(file));
    if (misread && faults.length === 0) faults = ["is read right now: take it out of known.json"];
    else if (misread) faults = [];
    console.log(`${judge}\t${basename(file)}\t${faults.length > 0 ? "WRONG" : misread ? "known: " + misread.why : "right"}`);
    for (const fault of faults) console.log(`\t${fault}`);
    failed ||= faults.length > 0;
  }
}
process.exit(failed ? 1 : 0);
