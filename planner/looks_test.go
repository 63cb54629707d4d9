package planner

import (
	"strings"
	"testing"
	"time"

	"samling/models"
)

func TestReads_NewestFirstInPages(t *testing.T) {
	c := newCity(t)
	o := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "husie@example.org", Role: models.RoleOrganiser, For: []string{"husie"}}))
	e := c.published(0)
	for range 3 {
		must(c.Attendance(c.ctx, &o, e.ID, "page", false))
		c.pass(time.Minute)
	}
	must(c.Attendance(c.ctx, nil, e.ID, "csv", false))
	first, older, err := c.Reads(c.ctx, Command(), LogFilter{}, models.Cursor{}, 3)
	if err != nil || len(first) != 3 || older.ID == "" {
		t.Fatalf("first page: %d looks, older %v, %v", len(first), older, err)
	}
	if first[0].Line.How != "csv" || first[0].Who != "" || first[1].Who != "husie@example.org" || first[1].Event.Slug != e.Slug {
		t.Errorf("first page: %+v", first)
	}
	rest, older, err := c.Reads(c.ctx, Command(), LogFilter{}, older, 3)
	if err != nil || len(rest) != 1 || older.ID != "" {
		t.Errorf("second page: %d looks, older %v, %v", len(rest), older, err)
	}
	_, _, err = c.Reads(c.ctx, &o, LogFilter{}, models.Cursor{}, 3)
	wantCode(t, "the log, by an organiser", err, models.CodeNotFound)
}

// Whatever one knows of a look leads to it, in pages too.
func TestReads_Chosen(t *testing.T) {
	c := newCity(t)
	for _, email := range []string{"husie@example.org", "videdal@example.org"} {
		must(c.AddOrganiser(c.ctx, models.Organiser{Email: email, Role: models.RoleCoordinator}))
	}
	husie, videdal := must(c.OrganiserByEmail(c.ctx, "husie@example.org")), must(c.OrganiserByEmail(c.ctx, "videdal@example.org"))
	first, second := c.published(0), c.published(0)
	second, err := c.ChangeEvent(c.ctx, Command(), second.ID, Anyway, func(e *models.Event) error { e.Title = "Rådslag om bostäder"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	began := *c.clock
	for _, look := range []struct {
		by    *models.Organiser
		event models.Event
	}{{&husie, first}, {&videdal, first}, {&husie, second}, {nil, first}, {&husie, first}} {
		must(c.Attendance(c.ctx, look.by, look.event.ID, "page", false))
		c.pass(time.Hour)
	}
	for _, test := range []struct {
		name   string
		filter LogFilter
		want   string // hours after the beginning, newest first
	}{
		{"all", LogFilter{}, "4 3 2 1 0"},
		{"an event by its slug", LogFilter{Event: first.Slug}, "4 3 1 0"},
		{"an event by its id", LogFilter{Event: " " + second.ID}, "2"},
		{"an event by words", LogFilter{Event: "bostäder rådslag"}, "2"},
		{"words of no event", LogFilter{Event: "första maj"}, ""},
		{"an organiser", LogFilter{Who: "Husie@"}, "4 2 0"},
		{"the command line", LogFilter{Who: "command"}, "3"},
		{"a time", LogFilter{From: began.Add(time.Hour), To: began.Add(3 * time.Hour)}, "2 1"},
		{"all together", LogFilter{Event: first.Slug, Who: "husie", From: began.Add(time.Hour)}, "4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, page := range []int{1, 2, 10} {
				var got []string
				for after, more := (models.Cursor{}), true; more; more = after.ID != "" {
					looks, older, err := c.Reads(c.ctx, Command(), test.filter, after, page)
					if err != nil {
						t.Fatal(err)
					}
					for _, l := range looks {
						got = append(got, string('0'+rune(l.Line.At.Sub(began)/time.Hour)))
					}
					after = older
				}
				if s := strings.Join(got, " "); s != test.want {
					t.Errorf("in pages of %d: %q, want %q", page, s, test.want)
				}
			}
		})
	}
}

func TestTakeReads_IsALookItself(t *testing.T) {
	c := newCity(t)
	o := must(c.AddOrganiser(c.ctx, models.Organiser{Email: "office@example.org", Role: models.RoleCoordinator}))
	must(c.Attendance(c.ctx, &o, c.published(0).ID, "page", false))
	c.pass(time.Minute)
	if taken := must(c.TakeReads(c.ctx, &o, LogFilter{})); len(taken) != 1 {
		t.Errorf("took %+v", taken)
	}
	looks, _, err := c.Reads(c.ctx, &o, LogFilter{}, models.Cursor{}, 10)
	if err != nil || len(looks) != 2 || looks[0].Line.How != models.LogTaken || looks[0].Who != o.Email || looks[0].Line.Count != 1 || looks[0].Event != nil {
		t.Errorf("%+v, %v", looks, err)
	}
	_, err = c.TakeReads(c.ctx, videdal(), LogFilter{})
	wantCode(t, "the log, by an organiser", err, models.CodeNotFound)
}
