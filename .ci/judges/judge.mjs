// Reads the calendars of a directory with ical.js (strict), node-ical and ts-ics
// (with its zod schema), takes from standard input what read.py says of the same,
// and compares all of it with what was given to be written: the .json beside each.
// Usage: python3 read.py PROGRAM FILE.ics… | node judge.mjs DIRECTORY
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import ICAL from "ical.js";
import nodeIcal from "node-ical";
import { parseIcsCalendar } from "@ts-ics/schema-zod";

const utc = (date) => date.toISOString().replace(/\.\d+Z$/, "Z");
const local = (d) => [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, "0")).join("-");

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
      status: component.getFirstPropertyValue("status"), url: component.getFirstPropertyValue("url"),
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
      status: e.status, url: plain(e.url),
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
      uid: e.uid, summary: e.summary, location: e.location, description: e.description, status: e.status, url: e.url,
      starts: time(e.start), ends: time(e.end), categories: e.categories,
      attendee: attendee && "mailto:" + attendee.email, attendee_name: attendee?.name,
      organizer: e.organizer && "mailto:" + e.organizer.email, organizer_name: e.organizer?.name,
    };
  });
}

const readers = { "ical.js": icalJs, "node-ical": byNodeIcal, "ts-ics": byTsIcs };
const unquoted = (s) => (typeof s === "string" ? s.replace(/^"(.*)"$/s, "$1") : s);

// Everything that a calendar says of an event is compared, or the keys that the
// given side names.
const everything = [
  "summary", "starts", "ends", "status", "location", "description", "url", "categories",
  "attendee", "attendee_name", "organizer", "organizer_name",
];

// differences between what was read and what was given, each with the key that it
// is about.
function differences(read, { keys = everything, events: given }) {
  if (read.length !== given.length) return [{ key: "events", text: `${read.length} events instead of ${given.length}` }];
  return given.flatMap((want) => {
    const got = read.find((e) => e.uid === want.uid) ?? {};
    return keys.flatMap((key) => {
      const [a, b] = [got[key], want[key]].map((v) => JSON.stringify(unquoted(v?.length ? v : "")));
      return a === b ? [] : [{ key, text: `${want.uid} ${key}: read ${a}, given ${b}` }];
    });
  });
}

// Where a reader is wrong itself, and why: these keys, and no others.
const known = JSON.parse(readFileSync(new URL("known.json", import.meta.url), "utf8"));

// verdict of a judge on a file. What is known and no longer so is a fault too.
function verdict(judge, file, faults) {
  const excused = known.find((k) => k.judge === judge && k.file === file)?.keys ?? [];
  const left = faults.filter((f) => !excused.includes(f.key));
  for (const key of excused) {
    if (!faults.some((f) => f.key === key)) left.push({ text: `reads ${key} right now: take it out of known.json` });
  }
  return { left, word: left.length > 0 ? "WRONG" : excused.length > 0 ? "known" : "right" };
}

const verdicts = new Map(); // by file, then by judge
let failed = false;
function judged(judge, file, given, { events, faults = [] }) {
  const { left, word } = verdict(judge, file, events ? differences(events, given) : faults.map((text) => ({ key: "fault", text })));
  for (const { text } of left) console.log(`${judge} ${file}: ${text.slice(0, 2000)}`);
  failed ||= left.length > 0;
  if (!verdicts.has(file)) verdicts.set(file, new Map());
  verdicts.get(file).set(judge, word);
}

const directory = process.argv[2];
const files = readdirSync(directory).filter((name) => name.endsWith(".ics"));
const given = Object.fromEntries(files.map((file) => {
  const beside = JSON.parse(readFileSync(join(directory, file.replace(/\.ics$/, ".json")), "utf8"));
  return [file, Array.isArray(beside) ? { events: beside } : beside];
}));
for (const file of files) {
  for (const [judge, read] of Object.entries(readers)) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(join(directory, file)));
      judged(judge, file, given[file], { events: read(text) });
    } catch (error) {
      judged(judge, file, given[file], { faults: [String(error.message ?? error)] });
    }
  }
}
for await (const line of createInterface({ input: process.stdin })) {
  const { judge, file, ...what } = JSON.parse(line);
  judged(judge, file, given[file], what);
}

const judges = [...Object.keys(readers), "icalendar", "vobject", "libical", "bytes"];
const row = (first, cells) => console.log([first.padEnd(22), ...cells.map((c) => c.padEnd(10))].join("").trimEnd());
row("", judges);
for (const file of files) {
  const words = judges.map((judge) => verdicts.get(file).get(judge) ?? "SILENT");
  failed ||= words.includes("SILENT"); // a judge that died has not said yes
  row(file.replace(/\.ics$/, ""), words);
}
if (files.length === 0) failed = true;
for (const k of known.filter((k) => files.includes(k.file))) console.log(`known: ${k.judge} ${k.why} (${k.file}: ${k.keys.join(", ")})`);
process.exit(failed ? 1 : 0);
