// Reads feeds of news with feedsmith, and Atom with Debian's feedparser too, and
// fails when one complains or when the .atom and the .json of a name do not say the
// same. Usage: node news.mjs DIRECTORY…
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";

const date = (d) => new Date(d).toISOString();
const entry = (id, title, link, changed, content, summary, authors) => ({
  id, title, link, changed: date(changed), content, summary: summary ?? "", authors,
});

function atom(text) {
  const f = parseAtomFeed(text);
  return f.entries?.map((e) => entry(e.id, e.title.value, e.links[0].href, e.updated, e.content.value, e.summary?.value, e.authors.map((a) => a.name))) ?? [];
}

function jsonFeed(text) {
  const f = parseJsonFeed(text);
  if (!text.includes('"version":"https://jsonfeed.org/version/1.1"') || !f.title || !f.language) throw new Error("it is no JSON Feed 1.1");
  return f.items?.map((e) => entry(e.id, e.title, e.url, e.date_modified, e.content_html, e.summary, e.authors.map((a) => a.name))) ?? [];
}

// What feedparser reads; it says by bozo that something is not as it should be.
const python = `
import feedparser, json, sys
f = feedparser.parse(open(sys.argv[1], "rb").read(), sanitize_html=False)
if f.bozo or f.version != "atom10" or not f.feed.get("id") or not f.feed.get("language", f.feed.get("title_detail", {}).get("language")):
    sys.exit(str(f.get("bozo_exception", f.version or f.feed)))
print(json.dumps([dict(id=e.id, title=e.title, link=e.link, changed=e.updated, content=e.content[0].value, summary=e.get("summary", "") if "summary_detail" in e and e.summary != e.content[0].value else "", authors=[a.get("name") for a in e.authors]) for e in f.entries]))
`;
const feedparser = (file) =>
  JSON.parse(execFileSync("/usr/bin/python3", ["-c", python, file], { stdio: ["ignore", "pipe", "pipe"] }))
    .map((e) => entry(e.id, e.title, e.link, e.changed, e.content.replaceAll("<br />", "<br>"), e.summary, e.authors));

let failed = false;
function judge(name, file, read, want) {
  let verdict = "right";
  try {
    const got = JSON.stringify(read());
    if (want && got !== JSON.stringify(want)) verdict = `WRONG: reads ${got}\n  instead of ${JSON.stringify(want)}`;
  } catch (error) {
    verdict = `WRONG: ${error.stderr ?? error.message}`;
  }
  failed ||= verdict !== "right";
  console.log(`${name}\t${file}\t${verdict}`);
}

for (const directory of process.argv.slice(2)) {
  const names = readdirSync(directory).filter((f) => f.endsWith(".atom")).map((f) => f.slice(0, -5));
  if (names.length === 0) throw new Error(`no feeds in ${directory}`);
  for (const name of names) {
    const text = (kind) => readFileSync(join(directory, name + kind), "utf8");
    const want = jsonFeed(text(".json"));
    judge("feedsmith", name + ".json", () => jsonFeed(text(".json")));
    judge("feedsmith", name + ".atom", () => atom(text(".atom")), want);
    judge("feedparser", name + ".atom", () => feedparser(join(directory, name + ".atom")), want);
  }
}
process.exit(failed ? 1 : 0);
