package planner

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"samling/models"
)

const secretAddress = "https://calendar.google.com/calendar/ical/husie/private-0123456789/basic.ics"

// worker is an organiser of one association.
func worker(slug string) *models.Organiser {
	return &models.Organiser{Document: models.Document{ID: slug}, Role: models.RoleOrganiser, For: []string{slug}}
}

// looked is a calendar of husie that was fetched once and waits for a word.
func (c *city) looked() models.Follow {
	c.t.Helper()
	f := must(c.StartFollowing(c.ctx, worker("husie"), "husie", secretAddress))
	return must(c.Store.Follows.Update(c.ctx, f.ID, func(f *models.Follow) error {
		return errors.Join(f.Begin("a", *c.clock), f.Succeed("a", *c.clock))
	}))
}

func TestStartFollowing(t *testing.T) {
	c := newCity(t)
	asked := []string{}
	c.Fetch = func(_ context.Context, id string) { asked = append(asked, id) }
	f := must(c.StartFollowing(c.ctx, worker("husie"), "husie", "webcal://calendar.google.com/calendar/ical/husie/private-0123456789/basic.ics#x"))
	if f.Status != models.FollowNew || f.Site != "calendar.google.com" || !f.Busy(*c.clock) || bytes.Contains(f.Sealed, []byte("private")) {
		t.Errorf("got %+v", f)
	}
	if address, err := c.CalendarAddress(&f); address != secretAddress || err != nil {
		t.Errorf("is fetched from %q, %v", address, err)
	}
	again := must(c.StartFollowing(c.ctx, worker("husie"), "husie", secretAddress))
	other := must(c.StartFollowing(c.ctx, worker("videdal"), "videdal", secretAddress))
	if again.ID != f.ID || again.Revision != f.Revision || other.ID == f.ID {
		t.Errorf("the same again is %+v, that of another association %+v", again, other)
	}
	wantList(t, "fetched", asked, f.ID, f.ID, other.ID)
}

func TestStartFollowing_Refused(t *testing.T) {
	c := newCity(t)
	for name, tc := range map[string]struct {
		by                   *models.Organiser
		association, address string
		want                 models.Code
	}{
		"another's association":  {worker("videdal"), "husie", secretAddress, models.CodeNotAllowed},
		"an unknown association": {Command(), "nowhere", secretAddress, models.CodeInvalid},
		"a working group":        {Command(), "klimat", secretAddress, models.CodeInvalid},
		"no address":             {worker("husie"), "husie", "kalendern", models.CodeInvalid},
		"the public":             {nil, "husie", secretAddress, models.CodeNotAllowed},
	} {
		_, err := c.StartFollowing(c.ctx, tc.by, tc.association, tc.address)
		wantCode(t, name, err, tc.want)
	}
	for n := range models.MaxFollows {
		must(c.StartFollowing(c.ctx, worker("husie"), "husie", secretAddress+"?"+string(rune('a'+n))))
	}
	_, err := c.StartFollowing(c.ctx, worker("husie"), "husie", secretAddress)
	wantCode(t, "one too many", err, models.CodeInvalid)
	must(c.StartFollowing(c.ctx, worker("husie"), "husie", secretAddress+"?a"))
	must(c.StartFollowing(c.ctx, worker("videdal"), "videdal", secretAddress))
}

func TestFollows_OnlyOnesOwn(t *testing.T) {
	c := newCity(t)
	f := c.looked()
	for name, tc := range map[string]struct {
		by   *models.Organiser
		want models.Code
	}{
		"its organiser": {worker("husie"), ""},
		"a coordinator": {Command(), ""},
		"another":       {worker("videdal"), models.CodeNotFound},
		"the public":    {nil, models.CodeNotFound},
	} {
		_, err := c.Follow(c.ctx, tc.by, f.ID)
		wantCode(t, name+" looks", err, tc.want)
		list := must(c.Follows(c.ctx, tc.by))
		if (len(list) == 1) != (tc.want == "") {
			t.Errorf("%s has %d in the list", name, len(list))
		}
		if tc.want != "" {
			wantCode(t, name+" approves", c.ApproveFollow(c.ctx, tc.by, f.ID, false), tc.want)
			wantCode(t, name+" fetches", c.FetchFollow(c.ctx, tc.by, f.ID), tc.want)
			wantCode(t, name+" stops", c.StopFollowing(c.ctx, tc.by, f.ID), tc.want)
			wantCode(t, name+" says", c.SayOfGone(c.ctx, tc.by, f.ID, nil, true), tc.want)
		}
	}
}

// What is given up is forgotten but for its events, and can be taken up again.
func TestStopFollowing(t *testing.T) {
	c := newCity(t)
	f := c.looked()
	if err := c.ApproveFollow(c.ctx, worker("husie"), f.ID, false); err != nil {
		t.Fatal(err)
	}
	f = must(c.Follow(c.ctx, worker("husie"), f.ID))
	e := townHall()
	e.Source = "uid"
	if err := c.TakeFollowed(c.ctx, &f, "", e); err != nil {
		t.Fatal(err)
	}
	if err := c.StopFollowing(c.ctx, worker("husie"), f.ID); err != nil {
		t.Fatal(err)
	}
	kept := must(c.Store.Follows.Get(c.ctx, f.ID))
	if len(kept.Sealed) > 0 || len(c.Followed(f.ID)) != 1 {
		t.Errorf("kept %+v and %d events", kept, len(c.Followed(f.ID)))
	}
	_, err := c.Follow(c.ctx, Command(), f.ID)
	wantCode(t, "one that was given up", err, models.CodeNotFound)
	again := must(c.StartFollowing(c.ctx, worker("husie"), "husie", secretAddress))
	if again.ID != f.ID || again.Status != models.FollowNew || len(again.Sealed) == 0 {
		t.Errorf("again: %+v", again)
	}
}

func TestTakeFollowed_LeavesAlone(t *testing.T) {
	c := newCity(t)
	f := c.looked()
	other := must(c.StartFollowing(c.ctx, worker("husie"), "husie", secretAddress+"?2"))
	e := townHall()
	e.Source = "uid"
	for range 2 {
		if err := c.TakeFollowed(c.ctx, &f, "", e); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, "an event of another calendar", c.TakeFollowed(c.ctx, &other, "", e), models.CodeNotAllowed)
	if err := c.StopFollowing(c.ctx, worker("husie"), f.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.TakeFollowed(c.ctx, &other, "", e); err != nil {
		t.Errorf("an event of a calendar that was given up: %v", err)
	}
	l := c.Followed(other.ID)[0]
	must(c.ChangeEvent(c.ctx, Command(), l.ID, Anyway, func(e *models.Event) error { e.Host = "videdal"; return nil }))
	e.Title = "Nytt"
	wantCode(t, "an event that was given to another host", c.TakeFollowed(c.ctx, &other, "", e), models.CodeNotAllowed)
	e.Title, e.Source = "", "without a title"
	wantCode(t, "no event", c.TakeFollowed(c.ctx, &other, "", e), models.CodeInvalid)
}

func TestTakeFollowed_Drafts(t *testing.T) {
	c := newCity(t)
	f := c.looked()
	e := townHall()
	for _, tc := range []struct {
		drafts bool
		source string
		want   models.Status
	}{{false, "a", models.Published}, {true, "b", models.Draft}} {
		f.Drafts, e.Source = tc.drafts, tc.source
		if err := c.TakeFollowed(c.ctx, &f, "", e); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range c.Followed(f.ID) {
		if want := map[string]models.Status{"a": models.Published, "b": models.Draft}[l.Source]; l.Status != want || l.District != "oster" {
			t.Errorf("%s is %s in %s", l.Source, l.Status, l.District)
		}
	}
	// Later fetches leave to people what is published.
	f.Drafts = false
	if err := c.TakeFollowed(c.ctx, &f, "", e); err != nil || c.Followed(f.ID)[1].Status != models.Draft {
		t.Errorf("%v, %s", err, c.Followed(f.ID)[1].Status)
	}
}

// An organiser's word about an event that is gone: who is coming is told.
func TestSayOfGone(t *testing.T) {
	c := newCity(t)
	f := c.looked()
	var ids []string
	for _, source := range []string{"a", "b"} {
		e := townHall()
		e.Source = source
		if err := c.TakeFollowed(c.ctx, &f, "", e); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range c.Followed(f.ID) {
		ids = append(ids, l.ID)
		if _, err := c.signUp(*l.Event, "Ada", 1); err != nil {
			t.Fatal(err)
		}
	}
	c.tell()
	must(c.Store.Follows.Update(c.ctx, f.ID, func(f *models.Follow) error {
		f.Lose([]models.Lost{{Event: ids[0], Why: models.GoneCancelled, SignUps: true}, {Event: ids[1], Why: models.GoneCancelled, SignUps: true}}, 9, *c.clock)
		return nil
	}))
	if err := c.SayOfGone(c.ctx, worker("husie"), f.ID, ids[:1], false); err != nil {
		t.Fatal(err)
	}
	if err := c.SayOfGone(c.ctx, worker("husie"), f.ID, append(ids, "none"), true); err != nil {
		t.Fatal(err)
	}
	f = must(c.Follow(c.ctx, worker("husie"), f.ID))
	if len(f.Gone) != 1 || f.Gone[0].Word != models.WordKeep {
		t.Errorf("gone: %+v", f.Gone)
	}
	if a, b := must(c.Catalogue().Event(ids[0])), must(c.Catalogue().Event(ids[1])); a.Status != models.Cancelled || b.Status != models.Published {
		t.Errorf("one is %s, the other %s", a.Status, b.Status)
	}
	c.pass(time.Hour)
	wantList(t, "told", c.tell(), "cancelled:Ada")
}
