// Fetches the feeds of a running demonstration into a directory, each with a
// .json beside it that says what the API says of the same events, so that the
// judges can hold one against the other. Usage: node demo.mjs PROGRAM DIRECTORY
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [program, directory] = process.argv.slice(2);
const site = "http://localhost:3917";
const demo = spawn(program, ["demo", "--listen", "127.0.0.1:3917"], { stdio: ["ignore", "pipe", "inherit"] });
let lines = 0;
for await (const _ of createInterface({ input: demo.stdout })) if (++lines === 2) break;

const prefixes = {
  sv: { cancelled: "INSTÄLLT: ", postponed: "UPPSKJUTET: " },
  en: { cancelled: "CANCELLED: ", postponed: "POSTPONED: " },
};

const marks = {
  sv: ["Ny tid och plats: ", "Ny tid: ", "Ny plats: "], en: ["New time and place: ", "New time: ", "New place: "],
};

// mark is what a feed puts before the title of an event that has moved. The API
// does not say so; the page of the event does, for longer than the feed.
async function mark(e, feed, language) {
  const [, summary] = feed.match(new RegExp(`UID:${e.id}\r\n[^]*?\r\nSUMMARY:(.*)`)) ?? [];
  const found = marks[language].find((m) => summary?.startsWith(m)) ?? "";
  if (found && !(await (await fetched(`/events/${e.slug}`)).text()).includes('class="was"')) throw new Error(`${e.slug} has not moved`);
  return found;
}

// What stands where the place of a protected event would.
const later = { sv: "Platsen får du när din anmälan är bekräftad", en: "You get the place once your sign-up is confirmed" };

// written is what an event must be read as in a language.
function written(e, language, moved) {
  const time = (t) => (e.date_only ? t.slice(0, 10) : new Date(t).toISOString().replace(/\.\d+Z$/, "Z"));
  const title = (language !== "sv" && e.texts?.[language]?.title) || e.title;
  return {
    uid: e.id, summary: (prefixes[language][e.status] ?? moved) + title, starts: time(e.starts), ends: time(e.ends),
    location: e.rsvp.protected ? later[language] : [e.place?.name, e.place?.address].filter(Boolean).join(", "),
  };
}

// stands reports whether a feed still has an event: cancelled ones go thirty days
// after theirs.
const day = (t) => new Date(t).toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
const stands = (e) => e.status !== "cancelled" || day(Date.parse(e.ends) - 1) >= day(Date.now() - 30 * 24 * 3600 * 1000);

async function fetched(address) {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await fetch(site + address);
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer;
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

async function keep(name, feed, query, language = "sv") {
  const events = (await (await fetched(`/api/v1/events?limit=500&${query}`)).json()).events.filter(stands);
  if (events.length === 0) throw new Error(`no events for ${name}`);
  const bytes = Buffer.from(await (await fetched(feed)).arrayBuffer());
  writeFileSync(join(directory, name + ".ics"), bytes);
  const all = await Promise.all(events.map(async (e) => written(e, language, await mark(e, bytes.toString(), language))));
  writeFileSync(join(directory, name + ".json"), JSON.stringify({ keys: ["summary", "starts", "ends", "location"], events: all }));
}

try {
  await keep("demo-all", "/feeds/all.ics", "");
  await keep("demo-all-en", "/feeds/all.ics?lang=en", "", "en");
  await keep("demo-association", "/feeds/associations/mollevangen.ics", "association=mollevangen");
  await keep("demo-kind", "/feeds/kinds/may-day.ics", "kind=may-day");
  await keep("demo-group", "/feeds/groups/klimat-och-el.ics", "group=klimat-och-el");
  await keep("demo-district", "/feeds/districts/norr.ics", "district=norr");
  await keep("demo-several", "/feeds/events.ics?association=husie&association=limhamn&kind=seminar&kind=town-hall", "association=husie&association=limhamn&kind=seminar&kind=town-hall");
} finally {
  demo.kill("SIGTERM");
}
