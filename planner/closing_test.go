package planner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"samling/models"
)

// working is an organiser of some associations or groups.
func (c *city) working(email string, slugs ...string) *models.Organiser {
	c.t.Helper()
	o := must(c.AddOrganiser(c.ctx, models.Organiser{Email: email, Role: models.RoleOrganiser, For: slugs}))
	return &o
}

// over is an event of husie that has been, with two who were ticked off and three
// who just came.
func (c *city) over() models.Event {
	c.t.Helper()
	e := c.published(0)
	must(c.signUp(e, "Ada", 2))
	must(c.signUp(e, "Bo", 1))
	c.pass(e.Ends.Sub(*c.clock))
	must(0, c.CheckIn(c.ctx, Command(), e.ID, c.rsvpOf(e, "Ada"), 2))
	must(0, c.WalkIn(c.ctx, Command(), e.ID, newID(), 3))
	return e
}

func line(n int, text string, groups ...string) models.Contribution {
	return models.Contribution{Line: n, Text: text, Groups: groups}
}

// texts are the contributions of an event.
func (c *city) texts(event string) (out []string) {
	for _, s := range must(c.said(c.ctx, event)) {
		out = append(out, s.Text)
	}
	return out
}

func TestClosing_CountAndContributions(t *testing.T) {
	c := newCity(t)
	e, anna := c.over(), c.working("anna@example.org", "husie")
	before := must(c.Closable(c.ctx, anna, e.ID))
	if before.Ticked != 2 || before.WalkIns != 3 || !before.Seen().IsZero() {
		t.Errorf("before: %d ticked, %d walk-ins, seen %v", before.Ticked, before.WalkIns, before.Seen())
	}
	closed := must(c.Close(c.ctx, anna, e.ID, before.Seen(), models.Closing{Came: 42}, []models.Contribution{
		line(1, " Bussen går för sällan. ", "klimat"), line(2, ""), line(3, "Mer skugga på gården.", "klimat"),
	}))
	if closed.Closing.Came != 42 || closed.Closing.By != anna.ID || closed.Unclosed(*c.clock) || closed.Sequence != e.Sequence {
		t.Errorf("closed: %+v, sequence %d", closed.Closing, closed.Sequence)
	}
	if l := must(c.Catalogue().Event(e.ID)); l.Closing.Came != 42 {
		t.Error("the catalogue does not know how many came")
	}
	wantList(t, "said", c.texts(e.ID), "Bussen går för sällan.", "Mer skugga på gården.")

	c.pass(time.Hour)
	again := must(c.Closable(c.ctx, anna, e.Slug))
	if again.Said[1].Text != "" || again.Said[2].Line != 3 {
		t.Errorf("lines out of their places: %+v", again.Said)
	}
	must(c.Close(c.ctx, anna, e.ID, again.Seen(), models.Closing{Came: 40}, []models.Contribution{
		line(1, ""), line(2, "Fler bänkar.", "klimat"), line(3, "Mer skugga.", "klimat"),
	}))
	if h, _, err := c.History(c.ctx, anna, e.ID, models.Cursor{}, 1); err != nil || h[0].Line.Deed != models.DeedClose ||
		!slices.Equal(h[0].Line.Fields, []models.Difference{{Field: "closing.came", From: "42", To: "40"}}) {
		t.Errorf("history: %+v, error %v", h, err)
	}
	wantList(t, "said after the correction", c.texts(e.ID), "Fler bänkar.", "Mer skugga.")
	if got := must(c.Closable(c.ctx, anna, e.ID)).Event.Closing.Came; got != 40 {
		t.Errorf("corrected to %d", got)
	}
}

func TestClosing_Refusals(t *testing.T) {
	c := newCity(t)
	ahead, e := c.published(0), c.over()
	for name, test := range map[string]struct {
		by     *models.Organiser
		change func(*models.Event)
		came   int
		said   []models.Contribution
		want   string
	}{
		"a stranger's":          {by: c.working("bo@example.org", "videdal"), want: "not-allowed"},
		"a number below nought": {came: -1, want: "invalid; came: out-of-range"},
		"too many":              {came: models.MaxCapacity + 1, want: "invalid; came: out-of-range"},
		"said for no group":     {said: []models.Contribution{line(2, "Buller.")}, want: "invalid; said.2.groups: required"},
		"said for one unknown":  {said: []models.Contribution{line(1, "Buller.", "moln")}, want: "invalid; said.1.groups: unknown-group"},
		"too long":              {said: []models.Contribution{line(1, strings.Repeat("å", models.MaxContribution+1), "klimat")}, want: "invalid; said.1.text: too-long"},
		"a fourth line":         {said: []models.Contribution{line(4, "Buller.", "klimat")}, want: "invalid; said.4.text: too-many"},
		"cancelled":             {change: func(e *models.Event) { e.Status = models.Cancelled }, want: "not-possible"},
	} {
		t.Run(name, func(t *testing.T) {
			by, closing := test.by, models.Closing{Came: test.came}
			if by == nil {
				by = Command()
			}
			at := e
			if test.change != nil {
				at = must(c.CreateEvent(c.ctx, Command(), townHall()))
				must(c.Store.Events.Update(c.ctx, at.ID, func(e *models.Event) error { test.change(e); return nil }))
				must(0, c.Refresh(c.ctx))
			}
			_, err := c.Close(c.ctx, by, at.ID, time.Time{}, closing, test.said)
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if len(c.texts(e.ID)) > 0 || must(c.Store.Events.Get(c.ctx, e.ID)).Closing.Done() {
				t.Error("something was written all the same")
			}
		})
	}
	later := ahead
	later.Starts = c.clock.Add(time.Hour)
	if later.Closable(*c.clock) || !e.Closable(*c.clock) || e.Closable(e.Starts.Add(-time.Minute)) {
		t.Error("what has not begun can be closed, or what has cannot")
	}
}

// Two of the association close it at once: nobody's words are lost without her
// knowing, and whoever sends the same form twice is not told off for it.
func TestClosing_SomebodyElseMeanwhile(t *testing.T) {
	c := newCity(t)
	e := c.over()
	mine := []models.Contribution{line(1, "Mitt.", "klimat")}
	for range 2 {
		must(c.Close(c.ctx, Command(), e.ID, time.Time{}, models.Closing{Came: 10}, mine))
	}
	c.pass(time.Minute)
	_, err := c.Close(c.ctx, Command(), e.ID, time.Time{}, models.Closing{Came: 11}, mine)
	wantCode(t, "another number", err, models.CodeChangedMeanwhile)
	_, err = c.Close(c.ctx, Command(), e.ID, time.Time{}, models.Closing{Came: 10}, []models.Contribution{line(1, "Ditt.", "klimat")})
	wantCode(t, "other words", err, models.CodeChangedMeanwhile)
	wantList(t, "said", c.texts(e.ID), "Mitt.")
}

// Cut off between the words and the number, the event is not closed; the page
// shows the words, and sending it again finishes it.
func TestClosing_CutOff(t *testing.T) {
	c := newCity(t)
	e := c.over()
	said := []models.Contribution{line(1, "Buller.", "klimat")}
	ops := must(c.saying(c.ctx, e.ID, Command(), time.Time{}, said, c.stamp()))
	must(0, c.Store.Write(c.ctx, ops...))

	half := must(c.Closable(c.ctx, Command(), e.ID))
	if half.Event.Closing.Done() || half.Said[0].Text != "Buller." {
		t.Errorf("half written: %+v", half)
	}
	c.pass(time.Minute)
	said[0].Text = "Buller om natten."
	must(c.Close(c.ctx, Command(), e.ID, half.Seen(), models.Closing{Came: 7}, said))
	wantList(t, "said", c.texts(e.ID), "Buller om natten.")
}

// What was counted for ourselves changes nothing that the public has; what is
// shown does.
func TestClosing_PublicSeesItOnlyWhenShown(t *testing.T) {
	c := newCity(t)
	e := c.over()
	was := must(c.Catalogue().Event(e.ID)).Event.Changed
	must(c.Close(c.ctx, Command(), e.ID, time.Time{}, models.Closing{Came: 7}, nil))
	if got := must(c.Catalogue().Event(e.ID)).Event; !got.Changed.Equal(was) || got.Closing.Came != 7 {
		t.Errorf("counted for ourselves: changed %v, was %v", got.Changed, was)
	}
	for _, shown := range []bool{true, false} {
		c.pass(time.Minute)
		seen := must(c.Closable(c.ctx, Command(), e.ID))
		must(c.Close(c.ctx, Command(), e.ID, seen.Seen(), models.Closing{Came: 7, Shown: shown}, nil))
		got := must(c.Catalogue().Event(e.ID)).Event
		if !got.Changed.After(was) || got.Closing.Shown != shown {
			t.Errorf("shown %t: changed %v, was %v", shown, got.Changed, was)
		}
		was = got.Changed
	}
}

func TestContributions_WhoReadsWhat(t *testing.T) {
	c := newCity(t)
	must(c.ImportGroups(c.ctx, []Row[models.Group]{{2, models.Group{Document: models.Document{ID: "bostad"}, Name: "Bostad"}}}))
	e := c.over()
	must(c.Close(c.ctx, Command(), e.ID, time.Time{}, models.Closing{}, []models.Contribution{
		line(1, "Hissen står still.", "bostad"), line(2, "Fler träd.", "klimat"), line(3, "Dra ner på parkeringen.", "bostad", "klimat"),
	}))
	read := func(by *models.Organiser, f ContributionFilter) (out []string) {
		found, _, err := c.Contributions(c.ctx, by, f, models.Cursor{}, 100)
		if err != nil {
			return []string{string(models.CodeOf(err))}
		}
		for _, s := range found {
			out = append(out, s.Text)
		}
		slices.Sort(out)
		return out
	}
	housing := c.working("eva@example.org", "bostad")
	wantList(t, "the group's own", read(housing, ContributionFilter{}), "Dra ner på parkeringen.", "Hissen står still.")
	wantList(t, "another group's", read(housing, ContributionFilter{Group: "klimat"}), "Dra ner på parkeringen.")
	wantList(t, "coordinators read all", read(Command(), ContributionFilter{}), "Dra ner på parkeringen.", "Fler träd.", "Hissen står still.")
	wantList(t, "found by words", read(Command(), ContributionFilter{Words: "TRAD skolan"}), "Fler träd.")
	wantList(t, "of no group", read(c.working("bo@example.org", "husie"), ContributionFilter{}), "not-found")
	wantList(t, "the public", read(nil, ContributionFilter{}), "not-found")

	var all []string
	var at models.Cursor
	for {
		found, older, err := c.Contributions(c.ctx, Command(), ContributionFilter{}, at, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range found {
			all = append(all, s.Text)
		}
		if at = older; at.ID == "" {
			break
		}
	}
	if slices.Sort(all); len(slices.Compact(all)) != 3 {
		t.Errorf("page by page: %q", all)
	}
}

func TestClosing_NotBegun(t *testing.T) {
	c := newCity(t)
	_, err := c.Closable(c.ctx, Command(), c.published(0).ID)
	wantCode(t, "its page", err, models.CodeNotPossible)
}
