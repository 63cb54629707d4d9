// Package locale holds what Samling says to people: every sentence in every
// language, plural forms, dates and lists. Mails, calendars, pages and error
// answers all take their words from here, so that a translator finds them in
// one folder and a test finds the one that is missing.
//
// A language is a set of files translations/<room>.<tag>.toml, one for each
// room that speaks, with flat keys: "error.closed". Adding a language is adding
// its files; no code knows their names. A language that is for the public alone,
// as Arabic is, leaves out the rooms that only organisers and those who run an
// installation hear (closing, command, doctor, follow, import, inputs, organise), whole. One whose
// words still wait for a native reader says so with page.awaits-review, which its
// pages show, and at the head of each file.
package locale
