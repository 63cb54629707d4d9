package handlers

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"samling/locale"
	"samling/models"
)

// clockForm is an hour as people write it: 18, 1800, 18.00, 18:00, "18 00", "kl. 18",
// "klockan 18"; an offset behind it chooses between two hours that are called the same.
var clockForm = regexp.MustCompile(`^(?:kl(?:ockan)?\.? *)?(\d{1,2})[.: ]?(\d{2})?([+-]\d{2}:\d{2})?$`)

// readMoment reads a date field and a clock field as a time in a zone. Both empty
// is the zero time. The clock may also be a whole time, as programs write it.
func readMoment(f *models.Faults, field, date, clock string, zone *time.Location) time.Time {
	switch {
	case date == "" && clock == "":
		return time.Time{}
	case timeForm.MatchString(clock) && len(clock) > len("2006-01-02"):
		return readTime(f, field+".time", clock, zone)
	case date == "":
		f.Add(field+".date", "required")
		return time.Time{}
	case !dateForm.MatchString(date):
		f.Add(field+".date", "bad-date", "Value", clip(date))
		return time.Time{}
	}
	if clock == "" {
		return readTime(f, field+".date", date, zone)
	}
	hour, ok := readClock(clock)
	if !ok {
		f.Add(field+".time", "bad-clock", "Value", clip(clock))
		return time.Time{}
	}
	var ours models.Faults
	t := readTime(&ours, field, date+"T"+hour, zone)
	if err := ours.Err(); err != nil {
		wrong := err.(*models.Error).Fields[0] //nolint:errorlint,forcetypeassert // just made here
		first, second := wrong.With["First"], wrong.With["Second"]
		switch wrong.Code {
		case "time-twice": // told apart by the offset
			f.Add(field+".time", wrong.Code, "Value", hour, "First", clockOf(first, "15:04-07:00"), "Second", clockOf(second, "15:04-07:00"))
		case "no-such-time":
			f.Add(field+".time", wrong.Code, "Value", hour, "First", clockOf(first, "15:04"), "Second", clockOf(second, "15:04"))
		default:
			f.Add(field+".date", wrong.Code, "Value", clip(date))
		}
	}
	return t
}

// clockOf is what somebody is to write into the field of a clock, for a whole time as
// localTime offers it to programs.
func clockOf(whole any, layout string) string {
	t, err := time.Parse(time.RFC3339, fmt.Sprint(whole))
	if err != nil {
		return ""
	}
	return t.Format(layout)
}

// readClock is an hour as RFC 3339 has it, "18:00" or "02:30+01:00".
func readClock(text string) (string, bool) {
	m := clockForm.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return "", false
	}
	hour, _ := strconv.Atoi(m[1])
	if m[2] == "" {
		m[2] = "00"
	}
	minute, _ := strconv.Atoi(m[2])
	if hour > 23 || minute > 59 {
		return "", false
	}
	if hour < 10 {
		m[1] = "0" + strconv.Itoa(hour)
	}
	return m[1] + ":" + m[2] + m[3], true
}

// endsDay reports whether an hour is 24 or 24.00: the midnight at which a day ends.
func endsDay(text string) bool {
	m := clockForm.FindStringSubmatch(strings.ToLower(text))
	return m != nil && m[1] == "24" && (m[2] == "" || m[2] == "00") && m[3] == ""
}

// writeDate and writeClock are a time as the fields show it.
func writeDate(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.DateOnly)
}

// writeClock adds the offset where the hour alone would not lead back to the
// same moment.
func writeClock(p *locale.Printer, t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(zone)
	_, offset := local.Zone()
	var f models.Faults
	if !localTime(&f, "", t.Add(time.Duration(offset)*time.Second).Truncate(time.Minute), zone).Equal(t.Truncate(time.Minute)) {
		return local.Format("15:04-07:00")
	}
	return p.Time(local)
}

// night is the hour before which an end without a date belongs to the evening
// before.
const night = 6

// readSpan reads when an event begins and ends. Without an end it lasts as long
// as its kind usually does. open: it may not be known yet on which day. An end at 24
// is the midnight after its day; no start is at 24, since people take it for either
// night.
func readSpan(f *models.Faults, in form, dateOnly, open bool, usually time.Duration, zone *time.Location) (starts, ends time.Time) {
	date, last := in.get("starts.date"), in.get("ends.date")
	if date == "" {
		if open {
			return starts, ends
		}
		f.Add("starts.date", "required")
	}
	if dateOnly {
		starts, ends = readMoment(f, "starts", date, "", zone), readMoment(f, "ends", last, "", zone)
		if ends.IsZero() {
			ends = starts
		}
		if !ends.IsZero() {
			ends = ends.In(zone).AddDate(0, 0, 1) // the midnight after the last day
		}
		return starts, ends
	}
	from, to := in.get("starts.time"), in.get("ends.time")
	if from == "" {
		f.Add("starts.time", "required")
	}
	if date == "" || from == "" {
		return starts, ends
	}
	starts = readMoment(f, "starts", date, from, zone)
	if endsDay(to) {
		to = "00:00"
		if day, err := time.Parse(time.DateOnly, cmp.Or(last, date)); err == nil {
			last = day.AddDate(0, 0, 1).Format(time.DateOnly)
		}
	}
	switch {
	case to == "" && last == "":
		if !starts.IsZero() {
			ends = starts.Add(usually)
		}
		return starts, ends
	case to == "":
		f.Add("ends.time", "required")
		return starts, ends
	case last == "":
		last = date
		if hour, ok := readClock(to); ok && hour < "0"+strconv.Itoa(night) && !starts.IsZero() && hour <= starts.In(zone).Format("15:04") {
			last = writeDate(starts.In(zone).AddDate(0, 0, 1), zone)
		}
	}
	return starts, readMoment(f, "ends", last, to, zone)
}

// undated takes the days out of a form, which nobody but she knows who fills it in.
// Without an end it lasts as long as its kind does.
func (f form) undated() {
	for _, name := range []string{"starts.date", "ends.date", "ends.time"} {
		f.set(name, "")
	}
}

// writeSpan fills the fields that readSpan reads.
func writeSpan(p *locale.Printer, out form, e *models.Event, zone *time.Location) {
	out.set("starts.date", writeDate(e.Starts, zone))
	last := e.Ends
	if e.DateOnly {
		last = e.Ends.In(zone).AddDate(0, 0, -1)
	} else {
		out.set("starts.time", writeClock(p, e.Starts, zone))
		out.set("ends.time", writeClock(p, e.Ends, zone))
		if end := e.Ends.In(zone); end.Hour() < night && end.Format("15:04") <= e.Starts.In(zone).Format("15:04") {
			last = end.AddDate(0, 0, -1)
		}
	}
	if date := writeDate(last, zone); date != out.get("starts.date") {
		out.set("ends.date", writeDate(e.Ends, zone))
		if e.DateOnly {
			out.set("ends.date", date)
		}
	}
}
