package planner

import (
	"slices"
	"testing"
	"time"

	"samling/models"
)

// mayDay is a May Day of the whole city.
func (c *city) mayDay(by *models.Organiser) models.Event {
	c.t.Helper()
	must(c.ImportAssociations(c.ctx, []Row[models.Association]{
		{2, models.Association{Document: models.Document{ID: "staden"}, Name: "Stadsorganisationen", Central: true}},
		{3, models.Association{Document: models.Document{ID: "husie"}, Name: "Husies förening", District: "oster"}},
		{4, models.Association{Document: models.Document{ID: "videdal"}, Name: "Videdals förening", District: "oster"}},
	}))
	e := townHall()
	e.Kind, e.Host, e.Title = models.MayDay, "staden", "Första maj"
	e = must(c.CreateEvent(c.ctx, by, e))
	return must(c.MoveEvent(c.ctx, by, e.ID, Anyway, models.Publish, ""))
}

func TestParts_AskedConfirmedReminded(t *testing.T) {
	c := newCity(t)
	office, husie := c.works("office@example.org"), c.works("husie@example.org", "husie")
	c.works("videdal@example.org", "videdal")
	whole := c.mayDay(office)
	offer := PartOffer{Associations: []string{"husie", "videdal"}, Starts: whole.Starts.Add(-2 * time.Hour), Ends: whole.Starts}
	if _, err := c.AskParts(c.ctx, husie, whole.ID, offer); models.CodeOf(err) != models.CodeNotAllowed {
		t.Errorf("an organiser asks: %v", err)
	}
	if _, err := c.AskParts(c.ctx, office, whole.ID, PartOffer{Associations: []string{"nowhere"}, Starts: offer.Starts, Ends: offer.Starts}); models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("nobody is asked: %v", err)
	}
	for i, want := range []int{2, 0} {
		if n := must(c.AskParts(c.ctx, office, whole.ID, offer)); n != want {
			t.Errorf("the %d. time %d are asked, want %d", i+1, n, want)
		}
	}
	if got := c.errandsRun(); !slices.Equal(got, []string{"part-asked:husie@example.org", "part-asked:videdal@example.org"}) {
		t.Errorf("mailed %v", got)
	}
	asked := c.Catalogue().PartsAsked(husie)
	if len(asked) != 1 || asked[0].Status != models.Draft || asked[0].Host != "husie" || !asked[0].Starts.Equal(offer.Starts) {
		t.Fatalf("husie is asked of %+v", asked)
	}
	ours := asked[0].ID
	if _, err := c.AskParts(c.ctx, office, ours, offer); models.CodeOf(err) != models.CodeInvalid {
		t.Errorf("a part of a part: %v", err)
	}
	must(c.ChangeEvent(c.ctx, husie, ours, Anyway, func(e *models.Event) error { e.Title = "Frukost"; return nil }))
	must(c.AnswerPart(c.ctx, husie, ours, models.PartStands, "Vi tar med kaffe."))
	if len(c.Catalogue().PartsAsked(husie)) != 0 {
		t.Error("who has answered is asked")
	}

	for i, step := range []struct {
		pass time.Duration
		want int
	}{{time.Hour, 0}, {24 * time.Hour, 1}, {23 * time.Hour, 0}, {2 * time.Hour, 1}} {
		c.pass(step.pass)
		if n := must(c.RemindParts(c.ctx, office, whole.ID)); n != step.want {
			t.Errorf("step %d: %d are reminded, want %d", i, n, step.want)
		}
	}
	got := c.errandsRun()
	if slices.Contains(got, "part-reminder:husie@example.org") || !slices.Contains(got, "part-reminder:videdal@example.org") {
		t.Errorf("mailed %v", got)
	}
}

func TestParts_HearOfTheWhole(t *testing.T) {
	c := newCity(t)
	office, husie := c.works("office@example.org"), c.works("husie@example.org", "husie")
	whole := c.mayDay(office)
	must(c.AskParts(c.ctx, office, whole.ID, PartOffer{Associations: []string{"husie"}, Starts: whole.Starts, Ends: whole.Ends}))
	part := c.Catalogue().PartsAsked(husie)[0].ID
	must(c.AnswerPart(c.ctx, husie, part, models.PartStands, ""))
	kept := func() models.Event { return must(c.Store.Events.Get(c.ctx, part)) }

	must(c.ChangeEvent(c.ctx, office, whole.ID, Anyway, func(e *models.Event) error { e.Summary = "Nytt"; return nil }))
	if kept().Part.Answer != models.PartStands {
		t.Error("a word in the whole asks anew")
	}
	c.pass(time.Minute)
	must(c.ChangeEvent(c.ctx, office, whole.ID, Anyway, func(e *models.Event) error { return e.Move(1, 0) }))
	if !slices.Contains(c.errandsRun(), "part-moved:husie@example.org") || !new(kept()).AwaitsPart() {
		t.Errorf("moved: mailed %v, answer %q", c.errandsRun(), kept().Part.Answer)
	}
	if e := kept(); e.Status != models.Draft || !e.Starts.Equal(whole.Starts) {
		t.Error("a part moves by itself")
	}
	c.pass(time.Minute)
	must(c.MoveEvent(c.ctx, office, whole.ID, Anyway, models.Cancel, "Storm."))
	if got := c.errandsRun(); !slices.Contains(got, "part-cancelled:husie@example.org") || new(kept()).AwaitsPart() {
		t.Errorf("cancelled: mailed %v", got)
	}
	before := len(c.errandsRun())
	must(c.settle(c.ctx, whole.ID))
	if len(c.errandsRun()) != before {
		t.Error("told twice")
	}
}
