package models

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// MaxSeries is the most events that one series has.
const MaxSeries = 60

// Days is how many days lie between the local dates of two moments.
func Days(from, to time.Time, zone *time.Location) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(to).Sub(date(from)) / (24 * time.Hour))
}

// DaysOn is the moment that the clocks of a zone show so many days later: 18.00
// stays 18.00, whatever is done to the clocks in between. Where that hour is
// skipped it is the one that the clocks show instead.
func DaysOn(t time.Time, days int, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone).AddDate(0, 0, days).UTC()
}

// Skipped reports whether DaysOn does not lead to the same hour, since the clocks
// skip it on that day.
func Skipped(t time.Time, days int, zone *time.Location) bool {
	return t.In(zone).Format("15:04") != DaysOn(t, days, zone).In(zone).Format("15:04")
}

// DaysOn is the event so many days later, with everything in it that has a time.
func (e Event) DaysOn(days int) Event {
	zone := e.Location()
	e.Programme = slices.Clone(e.Programme)
	times := []*time.Time{&e.Starts, &e.Ends, &e.SignUp.Opens, &e.SignUp.Closes}
	for i := range e.Programme {
		times = append(times, &e.Programme[i].Time)
	}
	for _, t := range times {
		*t = DaysOn(*t, days, zone)
	}
	return e
}

// Again is what of an event can be said of another one: not what came of it, whose
// it is elsewhere, or what was answered.
func (e *Event) Again() (Event, error) {
	_, all, err := e.FieldsSince(&Event{})
	if err != nil {
		return Event{}, err
	}
	for _, name := range []string{"status", "link", "follow", "closing", "part", "approval", "publish_at", "help", "reason", "series"} {
		delete(all, name)
	}
	out, err := Event{}.With(all)
	out.Status, out.SignUp.Paused = Draft, false
	return out, err
}

// TakeChange does to an event of a series what was done to another one of it: the
// fields that differ between was and is are those of is, on this event's own day. A
// field in which this event differed from was already keeps what it says; those
// are returned, by their names in the JSON form. "starts" stands for all of its
// time.
func (e *Event) TakeChange(was, is *Event) (kept []string, err error) {
	days := Days(was.Starts, e.Starts, e.Location())
	from, to := was.DaysOn(days), is.DaysOn(days)
	before, after, err := to.FieldsSince(&from)
	if err != nil {
		return nil, err
	}
	own, err := e.asFields()
	if err != nil {
		return nil, err
	}
	take := Fields{}
	for name := range after {
		for part, change := range parts(before[name], after[name], own[name]) {
			switch {
			case bytes.Equal(change.own, change.after):
			case bytes.Equal(change.own, change.before):
				take.put(name, part, change.after, own)
			default:
				kept = append(kept, strings.Trim(name+"."+part, "."))
			}
		}
	}
	kept = ofTime(kept, take)
	out, err := e.With(take)
	if err == nil {
		*e = out
	}
	slices.Sort(kept)
	return kept, err
}

// partOf is a part of a field before and after a change, and in the event that is
// to take it; null where it says nothing.
type partOf struct{ before, after, own json.RawMessage }

// parts are what a field consists of, if that changes: its members if it is an
// object, or else itself, under an empty name.
func parts(before, after, own json.RawMessage) map[string]partOf {
	var was, is, mine Fields
	object := func(text json.RawMessage, into *Fields) bool {
		return json.Unmarshal(orNull(text), into) == nil
	}
	if !object(before, &was) || !object(after, &is) || !object(own, &mine) {
		return map[string]partOf{"": {orNull(before), orNull(after), orNull(own)}}
	}
	names := maps.Clone(was)
	if names == nil {
		names = Fields{}
	}
	maps.Copy(names, is)
	out := map[string]partOf{}
	for part := range names {
		if !bytes.Equal(was[part], is[part]) {
			out[part] = partOf{orNull(was[part]), orNull(is[part]), orNull(mine[part])}
		}
	}
	return out
}

// put sets a field, or one part of it; the rest of it stays as own has it.
func (f Fields) put(name, part string, value json.RawMessage, own Fields) {
	if part == "" {
		f[name] = value
		return
	}
	whole := Fields{}
	text := own[name]
	if f[name] != nil {
		text = f[name]
	}
	_ = json.Unmarshal(orNull(text), &whole) // it was read as an object already
	if whole == nil {
		whole = Fields{}
	}
	whole[part] = value
	f[name], _ = json.Marshal(whole)
}

// ofTime keeps the parts of an event's time together: one that has any of them of
// its own has all of them.
func ofTime(kept []string, take Fields) []string {
	names := []string{"starts", "ends", "date_only", "time_zone"}
	ours := func(name string) bool { return slices.Contains(names, name) }
	if !slices.ContainsFunc(kept, ours) {
		return kept
	}
	for _, name := range names {
		delete(take, name)
	}
	return append(slices.DeleteFunc(kept, ours), "starts")
}
