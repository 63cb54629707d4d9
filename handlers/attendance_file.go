package handlers

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"samling/locale"
	"samling/models"
)

// What can be taken along in a file beside name, party and state.
const (
	AlongEmail   = "email"   // with whether mail arrives there
	AlongAnswers = "answers" // telephone, food, interpreter and access
	AlongNote    = "note"
	AlongNeeds   = "needs" // whether somebody has seen to what she needs
	AlongTimes   = "times" // when she signed up, how many have come
)

// Alongs are all of it, in the order of the columns.
func Alongs() []string { return []string{AlongEmail, AlongNeeds, AlongNote, AlongTimes, AlongAnswers} }

// Takeout is how an attendance list is taken away.
type Takeout struct {
	Format string   // json, csv or xlsx
	Along  []string // some of Alongs; json has all of it but the answers anyway
	// By is who takes it, as people call her, At when, and Destroy the day by which
	// it has to be destroyed, in the zone in which it is said: the last line of a
	// file says so.
	By          string
	At, Destroy time.Time
}

// How names the form in which a list is taken, for the log: with what it is, and
// what of people is in it.
func (t Takeout) How() string { return strings.Join(append([]string{t.Format}, t.Along...), "+") }

func (t Takeout) has(along string) bool { return slices.Contains(t.Along, along) }

// WriteAttendance writes an attendance list as json, csv or xlsx, the last two
// with headers in the reader's language and times in the event's zone, and without
// the lines of those whom she may not read: these are counted below. CSV is as
// spreadsheets take it: with a byte order mark, the language's own separator, and
// no cell that they would calculate.
func WriteAttendance(w io.Writer, t Takeout, a models.Attendance, p *locale.Printer) error {
	switch t.Format {
	case "json":
		if !t.has(AlongAnswers) {
			a.Asked = nil
		}
		return json.NewEncoder(w).Encode(attendanceForm(a))
	case "csv":
		return t.writeCSV(w, a, p)
	case "xlsx":
		return t.writeXLSX(w, a, p)
	}
	return fmt.Errorf("handlers: attendance lists are not written as %q", t.Format)
}

// attendanceJSON is an attendance list as the API has it. Going, Waiting and
// Here count people.
type attendanceJSON struct {
	Going     int            `json:"going"`
	Waiting   int            `json:"waiting"`
	Here      int            `json:"here"`
	WalkIns   int            `json:"walk_ins"`
	Needs     int            `json:"needs"`
	Attendees []attendeeJSON `json:"attendees"`
}

type attendeeJSON struct {
	RSVP   string    `json:"rsvp"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Party  int       `json:"party"`
	Status string    `json:"status"`
	Note   string    `json:"note"`
	Since  time.Time `json:"since"`
	Here   int       `json:"here"`
	// Need says whether somebody has seen to what she needs: open or answered;
	// empty: she needs nothing.
	Need string `json:"need"`
	// Answers are there when they were asked for.
	Answers *models.Answers `json:"answers,omitempty"`
}

func attendanceForm(a models.Attendance) attendanceJSON {
	zone := a.Event.Location()
	out := attendanceJSON{Going: a.Counts.Going, Waiting: a.Counts.Waiting, Here: a.Here, WalkIns: a.WalkIns, Needs: a.Needs(), Attendees: []attendeeJSON{}}
	lines, _, _ := shown(&a)
	for _, l := range lines {
		line := attendeeJSON{
			RSVP: l.RSVP, Name: l.Person.Name, Email: l.Person.Email, Party: l.Entry.Party,
			Status: l.Entry.State.String(), Note: l.Person.Note, Since: l.Entry.Since.In(zone), Here: l.Here,
		}
		if l.Person.Needs() {
			line.Need = map[bool]string{false: "open", true: "answered"}[l.Seen]
		}
		if len(a.Asked) > 0 {
			line.Answers = &l.Person.Answers
		}
		out.Attendees = append(out.Attendees, line)
	}
	return out
}
