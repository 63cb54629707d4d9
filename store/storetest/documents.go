package storetest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"samling/models"
)

func createReadsBack(t *testing.T, s *models.Store) {
	want := event("e1", "arsmote")
	must(t, s.Events.Create(t.Context(), want))
	got := get(t, s.Events, "e1")
	if got.Revision == "" {
		t.Error("no revision")
	}
	want.Revision = got.Revision
	same(t, got, want)
}

// createEveryCollection finds a collection that was declared and is not kept, or
// two that are kept as one.
func createEveryCollection(t *testing.T, s *models.Store) {
	doc := models.Document{ID: "same id"}
	must(t, s.Write(t.Context(),
		s.Districts.Creating(models.District{Document: doc, Name: "district"}),
		s.Associations.Creating(models.Association{Document: doc, Name: "association"}),
		s.Groups.Creating(models.Group{Document: doc, Name: "group"}),
		s.Organisers.Creating(models.Organiser{Document: doc, Email: "organiser@example.org"}),
		s.Formers.Creating(models.Former{Document: doc, Email: "former@example.org"}),
		s.SignIns.Creating(models.SignIn{Document: doc, Organiser: "o"}),
		s.Tokens.Creating(models.Token{Document: doc, Organiser: "o"}),
		s.Factors.Creating(models.Factor{Document: doc, Organiser: "o", Sealed: []byte{5, 255}}),
		s.Events.Creating(models.Event{Document: doc, Slug: "event"}),
		s.Rosters.Creating(models.Roster{Document: doc}),
		s.RSVPs.Creating(models.RSVP{Document: doc, Event: "e", Sealed: []byte{0, 255}}),
		s.WalkIns.Creating(models.WalkIn{Document: doc, Event: "e"}),
		s.Doors.Creating(models.Door{Document: doc, Phones: []models.Phone{{Number: 6, Name: []byte{4, 255}}}}),
		s.EventKeys.Creating(models.EventKey{Document: doc, Wrapped: []byte{1, 2}}),
		s.Limits.Creating(models.Limit{Document: doc, Suspect: born()}),
		s.Follows.Creating(models.Follow{Document: doc, Sealed: []byte{3, 255}}),
		s.Mails.Creating(models.Mail{Document: doc, Kind: models.MailGoing}),
		s.Instances.Creating(models.Instance{Document: doc, Beat: math.MaxInt64}),
		s.Reads.Creating(models.Read{Document: doc, Event: "e"}),
		s.Digests.Creating(models.Digest{Document: doc, Seen: map[string]models.Numbers{"e": {Going: 3}}}),
		s.Photos.Creating(models.Photo{Document: doc, Small: []byte{255, 0}}),
		s.Venues.Creating(models.Venue{Document: doc, Name: "venue"}),
		s.Messages.Creating(models.Message{Document: doc, Text: "hello"}),
		s.Contributions.Creating(models.Contribution{Document: doc, Groups: []string{"g"}}),
		s.Changes.Creating(models.Change{Document: doc, Event: "e"}),
		s.ShortAddresses.Creating(models.ShortAddress{Document: doc, Event: "e"}),
		s.Plans.Creating(models.Plan{Document: doc, Steps: []models.Step{{Event: "e", After: models.Fields{"starts": []byte(`"x"`), "reason": []byte("null")}}}}),
		s.Starters.Creating(models.Starter{Document: doc, Name: "starter"}),
		s.Installation.Creating(models.Installation{Document: doc, Chain: "c"}),
	))
	same(t, get(t, s.Districts, doc.ID).Name, "district")
	same(t, get(t, s.Associations, doc.ID).Name, "association")
	same(t, get(t, s.Groups, doc.ID).Name, "group")
	same(t, get(t, s.Organisers, doc.ID).Email, "organiser@example.org")
	same(t, get(t, s.Formers, doc.ID).Email, "former@example.org")
	same(t, get(t, s.SignIns, doc.ID).Organiser, "o")
	same(t, get(t, s.Tokens, doc.ID).Organiser, "o")
	same(t, get(t, s.Factors, doc.ID).Sealed, []byte{5, 255})
	same(t, get(t, s.Events, doc.ID).Slug, "event")
	same(t, get(t, s.Rosters, doc.ID).ID, doc.ID)
	same(t, get(t, s.RSVPs, doc.ID).Sealed, []byte{0, 255})
	same(t, get(t, s.WalkIns, doc.ID).Event, "e")
	same(t, get(t, s.Doors, doc.ID).Phones, []models.Phone{{Number: 6, Name: []byte{4, 255}}})
	same(t, get(t, s.EventKeys, doc.ID).Wrapped, []byte{1, 2})
	same(t, get(t, s.Limits, doc.ID).Suspect, born())
	same(t, get(t, s.Follows, doc.ID).Sealed, []byte{3, 255})
	same(t, get(t, s.Mails, doc.ID).Kind, models.MailGoing)
	same(t, get(t, s.Instances, doc.ID).Beat, int64(math.MaxInt64))
	same(t, get(t, s.Reads, doc.ID).Event, "e")
	same(t, get(t, s.Digests, doc.ID).Seen["e"].Going, 3)
	same(t, get(t, s.Photos, doc.ID).Small, []byte{255, 0})
	same(t, get(t, s.Venues, doc.ID).Name, "venue")
	same(t, get(t, s.Messages, doc.ID).Text, "hello")
	same(t, get(t, s.Contributions, doc.ID).Groups, []string{"g"})
	same(t, get(t, s.Changes, doc.ID).Event, "e")
	same(t, get(t, s.ShortAddresses, doc.ID).Event, "e")
	same(t, get(t, s.Plans, doc.ID).Steps[0].After, models.Fields{"starts": []byte(`"x"`), "reason": []byte("null")})
	same(t, get(t, s.Starters, doc.ID).Name, "starter")
	same(t, get(t, s.Installation, doc.ID).Chain, "c")
}

func createExists(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	second := roster("r")
	second.Facts.Capacity = 99
	is(t, s.Rosters.Create(t.Context(), second), models.ErrExists)
	same(t, get(t, s.Rosters, "r").Facts.Capacity, 0)
}

func createUniqueKey(t *testing.T, s *models.Store) {
	must(t, s.Organisers.Create(t.Context(), organiser("o1", "same@example.org")))
	is(t, s.Organisers.Create(t.Context(), organiser("o2", "same@example.org")), models.ErrExists)
	_, err := s.Organisers.Get(t.Context(), "o2")
	is(t, err, models.ErrNotFound)
	must(t, s.Organisers.Delete(t.Context(), "o1", get(t, s.Organisers, "o1").Revision))
	must(t, s.Organisers.Create(t.Context(), organiser("o2", "same@example.org")))
}

func createWithoutID(t *testing.T, s *models.Store) {
	wrong(t, "no id", s.Rosters.Create(t.Context(), roster("")))
}

// large is an event that has about so many bytes more than others.
func large(id string, bytes int) models.Event {
	e := event(id, id)
	e.Description = strings.Repeat("x", bytes)
	return e
}

func createLargest(t *testing.T, s *models.Store) {
	fits := large("fits", models.MaxDocument-2000)
	must(t, s.Events.Create(t.Context(), fits))
	got := get(t, s.Events, "fits")
	fits.Revision = got.Revision
	same(t, got, fits)
	is(t, s.Events.Create(t.Context(), large("over", models.MaxDocument)), models.Fault(models.CodeTooLarge))
	_, err := s.Events.Get(t.Context(), "over")
	is(t, err, models.ErrNotFound)
}

func updateTooLarge(t *testing.T, s *models.Store) {
	must(t, s.Events.Create(t.Context(), event("e", "e")))
	before := get(t, s.Events, "e")
	_, err := s.Events.Update(t.Context(), "e", func(e *models.Event) error {
		e.Description = strings.Repeat("x", models.MaxDocument)
		return nil
	})
	is(t, err, models.Fault(models.CodeTooLarge))
	same(t, get(t, s.Events, "e"), before)
}

func getNotFound(t *testing.T, s *models.Store) {
	_, err := s.Events.Get(t.Context(), "nobody")
	is(t, err, models.ErrNotFound)
}

func updateReturnsCommitted(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	before := get(t, s.Rosters, "r")
	returned, err := s.Rosters.Update(t.Context(), "r", adding(entry(1)))
	must(t, err)
	same(t, len(returned.Entries), 1)
	same(t, returned, get(t, s.Rosters, "r"))
	if returned.Revision == before.Revision {
		t.Error("the revision has not changed")
	}

	again, err := s.Rosters.Update(t.Context(), "r", adding(entry(1)))
	must(t, err)
	same(t, again.Entries, returned.Entries)
	same(t, again, get(t, s.Rosters, "r"))
}

func updateNotFound(t *testing.T, s *models.Store) {
	_, err := s.Rosters.Update(t.Context(), "nobody", func(*models.Roster) error {
		t.Error("there is nothing to change")
		return nil
	})
	is(t, err, models.ErrNotFound)
}

func updateErrorChangesNothing(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	before := get(t, s.Rosters, "r")
	refused := models.Fault(models.CodeClosed)
	for range 2 { // the second time on whatever the first has left behind
		_, err := s.Rosters.Update(t.Context(), "r", func(r *models.Roster) error {
			same(t, len(r.Entries), 0)
			r.Entries = append(r.Entries, entry(1))
			r.Facts.Capacity = 7
			return refused
		})
		if err != error(refused) {
			t.Errorf("error = %v, want the change's own", err)
		}
	}
	same(t, get(t, s.Rosters, "r"), before)
}

func updatePanicFailsAlone(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	_, err := s.Rosters.Update(t.Context(), "r", func(r *models.Roster) error {
		r.Facts.Capacity = 7
		panic("a fault in a change")
	})
	wrong(t, "panic", err)
	after, err := s.Rosters.Update(t.Context(), "r", adding(entry(1)))
	must(t, err)
	same(t, after.Facts.Capacity, 0)
	same(t, len(after.Entries), 1)
}

// updateCannotBeEncoded has one change leave what no store can keep, among
// others of the same document that are right.
func updateCannotBeEncoded(t *testing.T, s *models.Store) {
	must(t, s.RSVPs.Create(t.Context(), models.RSVP{Document: models.Document{ID: "r"}, Event: "e", Created: born()}))
	tooLate := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	var ops []models.Op
	for n := range 5 {
		ops = append(ops, s.RSVPs.Updating("r", func(r *models.RSVP) error { r.Present = n; return nil }))
	}
	ops = append(ops, s.RSVPs.Updating("r", func(r *models.RSVP) error { r.Used = tooLate; return nil }))
	ops = append(ops, s.RSVPs.Updating("r", func(r *models.RSVP) error { r.Present = 99; return nil }))
	err := s.Write(t.Context(), ops...)
	wrong(t, "year 10000", err)
	got := get(t, s.RSVPs, "r")
	same(t, got.Present, 4)
	same(t, got.Used.IsZero(), true)
}

func updateUniqueKey(t *testing.T, s *models.Store) {
	must(t, s.Organisers.Create(t.Context(), organiser("o1", "one@example.org")))
	must(t, s.Organisers.Create(t.Context(), organiser("o2", "two@example.org")))
	to := func(email string) func(o *models.Organiser) error {
		return func(o *models.Organiser) error { o.Email = email; return nil }
	}
	_, err := s.Organisers.Update(t.Context(), "o2", to("one@example.org"))
	is(t, err, models.ErrExists)
	same(t, get(t, s.Organisers, "o2").Email, "two@example.org")
	_, err = s.Organisers.Update(t.Context(), "o2", to("three@example.org"))
	must(t, err)
	must(t, s.Organisers.Create(t.Context(), organiser("o3", "two@example.org")))

	// In one Write: what an op gives free, the next may take.
	must(t, s.Write(t.Context(),
		s.Organisers.Updating("o1", to("moved@example.org")),
		s.Organisers.Creating(organiser("o4", "one@example.org")),
		s.Organisers.Updating("o3", to("moved again@example.org")),
		s.Organisers.Updating("o1", to("two@example.org"))))
	is(t, s.Write(t.Context(),
		s.Organisers.Updating("o1", to("o1@example.org")),
		s.Organisers.Updating("o3", to("one@example.org")),
		s.Organisers.Updating("o1", to("never@example.org"))), models.ErrExists)
	same(t, get(t, s.Organisers, "o1").Email, "o1@example.org")
	same(t, get(t, s.Organisers, "o3").Email, "moved again@example.org")
}

func updateKeepsID(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	got, err := s.Rosters.Update(t.Context(), "r", func(r *models.Roster) error {
		*r = roster("another")
		r.Facts.Capacity = 3
		return nil
	})
	must(t, err)
	same(t, got.ID, "r")
	same(t, get(t, s.Rosters, "r").Facts.Capacity, 3)

	must(t, s.Write(t.Context(),
		s.Rosters.Updating("r", func(r *models.Roster) error { *r = roster("another"); return nil }),
		s.Rosters.Updating("r", func(r *models.Roster) error { r.Facts.Place = r.ID; return nil })))
	same(t, get(t, s.Rosters, "r").Facts.Place, "r")
}

func updateSeesRevision(t *testing.T, s *models.Store) {
	must(t, s.Events.Create(t.Context(), event("e", "slug")))
	before := get(t, s.Events, "e")
	var seen models.Document
	_, err := s.Events.Update(t.Context(), "e", func(e *models.Event) error {
		seen = e.Document
		e.Capacity = 5
		return nil
	})
	must(t, err)
	same(t, seen, before.Document)
}

func updateBigRoster(t *testing.T, s *models.Store) {
	big := roster("r")
	for n := range models.MaxEntries {
		big.Entries = append(big.Entries, entry(n))
	}
	must(t, s.Rosters.Create(t.Context(), big))
	for n := range 3 {
		_, err := s.Rosters.Update(t.Context(), "r", func(r *models.Roster) error {
			r.Entries[n].State = models.Left
			return nil
		})
		must(t, err)
		big.Entries[n].State = models.Left
	}
	got := get(t, s.Rosters, "r")
	big.Revision = got.Revision
	same(t, got, big)
}

func deleteOnlyThatRevision(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	first := get(t, s.Rosters, "r")
	second, err := s.Rosters.Update(t.Context(), "r", adding(entry(1)))
	must(t, err)
	is(t, s.Rosters.Delete(t.Context(), "r", first.Revision), models.ErrChangedMeanwhile)
	is(t, s.Rosters.Delete(t.Context(), "r", ""), models.ErrChangedMeanwhile)
	same(t, get(t, s.Rosters, "r"), second)
	must(t, s.Rosters.Delete(t.Context(), "r", second.Revision))
	_, err = s.Rosters.Get(t.Context(), "r")
	is(t, err, models.ErrNotFound)
	_, err = s.Rosters.Update(t.Context(), "r", adding(entry(1)))
	is(t, err, models.ErrNotFound)
}

func deleteNotFound(t *testing.T, s *models.Store) {
	is(t, s.Rosters.Delete(t.Context(), "nobody", "1-00000000"), models.ErrNotFound)
}

// revisionNeverAgain makes one document again and again: whoever still holds the
// revision of an earlier life must not delete a later one.
func revisionNeverAgain(t *testing.T, s *models.Store) {
	var seen []models.Revision
	for range 20 {
		must(t, s.Rosters.Create(t.Context(), roster("r")))
		first := get(t, s.Rosters, "r").Revision
		changed, err := s.Rosters.Update(t.Context(), "r", adding(entry(1)))
		must(t, err)
		for _, old := range seen {
			is(t, s.Rosters.Delete(t.Context(), "r", old), models.ErrChangedMeanwhile)
		}
		for _, r := range []models.Revision{first, changed.Revision} {
			if slices.Contains(seen, r) {
				t.Errorf("revision %s came again", r)
			}
			seen = append(seen, r)
		}
		must(t, s.Rosters.Delete(t.Context(), "r", changed.Revision))
	}
}

// ownershipReturned changes what the store has returned: nobody else may see it.
func ownershipReturned(t *testing.T, s *models.Store) {
	must(t, s.Rosters.Create(t.Context(), roster("r")))
	returned, err := s.Rosters.Update(t.Context(), "r", adding(entry(1)))
	must(t, err)
	spoil := func(r models.Roster) {
		r.Entries[0].Party = 50
		r.Entries[0].State = models.Left
	}
	spoil(returned)
	spoil(get(t, s.Rosters, "r"))
	for listed, err := range s.Rosters.List(t.Context(), models.Query{}) {
		must(t, err)
		spoil(listed)
	}
	after, err := s.Rosters.Update(t.Context(), "r", adding(entry(2)))
	must(t, err)
	same(t, after.Entries, models.Entries{entry(1), entry(2)})
	same(t, get(t, s.Rosters, "r").Entries, models.Entries{entry(1), entry(2)})
}

// ownershipGiven changes a document after it was given to the store.
func ownershipGiven(t *testing.T, s *models.Store) {
	given := roster("r")
	given.Entries = models.Entries{entry(1)}
	op := s.Rosters.Creating(given)
	given.Entries[0].Party = 50
	must(t, s.Write(t.Context(), op))
	given.Entries[0].Party = 51
	same(t, get(t, s.Rosters, "r").Entries, models.Entries{entry(1)})

	zoned := event("e", "slug")
	local := zoned.Programme[0].Time.In(time.FixedZone("", 7200))
	zoned.Programme[0].Time = local
	must(t, s.Events.Create(t.Context(), zoned))
	if zoned.Programme[0].Time != local {
		t.Error("the store has changed the caller's document")
	}
}

// errRefused is the error of changes that are meant to fail.
func errRefused(n int) error { return models.Because(models.CodeClosed, errors.New(fmt.Sprint(n))) }
