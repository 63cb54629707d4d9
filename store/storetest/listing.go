package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"samling/models"
)

func backwards(ids []string) []string {
	out := slices.Clone(ids)
	slices.Reverse(out)
	return out
}

func numbers(from, to int) []string {
	out := []string{}
	for n := from; n < to; n++ {
		out = append(out, numbered(n))
	}
	return out
}

// listing asks a query both ways, whole, in limited pieces by cursor, and
// counts.
func listing[T any, P models.DocumentOf[T]](t *testing.T, c models.Collection[T], spec models.Spec[T], q models.Query, want []string) {
	t.Helper()
	same(t, ids[T, P](t, c, q), want)
	n, err := c.Count(t.Context(), q)
	must(t, err)
	same(t, n, len(want))
	for _, descending := range []bool{false, true} {
		q.Descending = descending
		expected := want
		if descending {
			expected = backwards(want)
		}
		for _, limit := range []int{1, 7, 200, 201} {
			if limit == 1 && len(want) > 20 {
				continue // slow and nothing new
			}
			piece := q
			piece.Limit = limit
			found := []string{}
			for range len(want)/limit + 2 {
				got := 0
				for doc, err := range c.List(t.Context(), piece) {
					must(t, err)
					got++
					found = append(found, P(&doc).Doc().ID)
					piece.After = spec.At(q.Index, &doc, P(&doc).Doc().ID)
				}
				if got > limit {
					t.Fatalf("%d documents with limit %d", got, limit)
				}
			}
			if !slices.Equal(found, expected) {
				t.Errorf("pieces of %d, descending %v: got %d documents %v, want %d", limit, descending, len(found), clip(found), len(expected))
			}
		}
	}
}

func clip(ids []string) []string { return ids[:min(len(ids), 12)] }

func listByID(t *testing.T, s *models.Store) {
	listing(t, s.Districts, models.DistrictSpec(), models.Query{}, []string{})
	var docs []models.District
	for _, id := range []string{"b", "a", "å", "c", "B"} {
		docs = append(docs, models.District{Document: models.Document{ID: id}})
	}
	create(t, s, s.Districts, docs...)
	spec := models.DistrictSpec()
	listing(t, s.Districts, spec, models.Query{}, []string{"B", "a", "b", "c", "å"})
	listing(t, s.Districts, spec, models.Query{From: "a", To: "c"}, []string{"a", "b"})
	listing(t, s.Districts, spec, models.Query{Equal: []any{"b"}}, []string{"b"})
	for doc, err := range s.Districts.List(t.Context(), models.Query{}) {
		must(t, err)
		same(t, doc, get(t, s.Districts, doc.ID))
	}
}

func listUnique(t *testing.T, s *models.Store) {
	var docs []models.Event
	for n := range 450 {
		docs = append(docs, event(numbered(1000-n), numbered(n)))
	}
	create(t, s, s.Events, docs...)
	want := backwards(numbers(551, 1001))
	spec := models.EventSpec()
	listing(t, s.Events, spec, models.Query{Index: "slug"}, want)
	listing(t, s.Events, spec, models.Query{Index: "slug", From: numbered(10), To: numbered(300)}, want[10:300])
	listing(t, s.Events, spec, models.Query{Index: "slug", Equal: []any{numbered(3)}}, want[3:4])
	listing(t, s.Events, spec, models.Query{Index: "slug", Equal: []any{"nowhere"}}, []string{})
}

func listEqualAndRange(t *testing.T, s *models.Store) {
	var docs []models.RSVP
	for n := range 450 {
		docs = append(docs,
			models.RSVP{Document: models.Document{ID: numbered(n)}, Event: "hot", Created: born().Add(time.Duration(n/3) * time.Millisecond)},
			models.RSVP{Document: models.Document{ID: "other " + numbered(n)}, Event: "other", Created: born()},
			models.RSVP{Document: models.Document{ID: "hotter " + numbered(n)}, Event: "hotter", Created: born()})
	}
	create(t, s, s.RSVPs, docs...)
	at := born().UnixMilli()
	spec := models.RSVPSpec()
	hot := models.Query{Index: "event", Equal: []any{"hot"}}
	listing(t, s.RSVPs, spec, hot, numbers(0, 450))

	for _, c := range []struct {
		name     string
		from, to any
		want     []string
	}{
		{"from", at + 10, nil, numbers(30, 450)},
		{"to", nil, at + 140, numbers(0, 420)},
		{"both", at + 10, at + 140, numbers(30, 420)},
		{"empty", at + 20, at + 20, []string{}},
		{"before all", nil, at, []string{}},
		{"after all", at + 150, nil, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := hot
			q.From, q.To = c.from, c.to
			listing(t, s.RSVPs, spec, q, c.want)
		})
	}
	t.Run("range of the first part", func(t *testing.T) {
		listing(t, s.RSVPs, spec, models.Query{Index: "event", From: "hot", To: "hotter"}, numbers(0, 450))
	})
	t.Run("all parts equal", func(t *testing.T) {
		listing(t, s.RSVPs, spec, models.Query{Index: "event", Equal: []any{"hot", at + 5}}, numbers(15, 18))
	})
	t.Run("a cursor outside of the bounds", func(t *testing.T) {
		q := hot
		q.From, q.To = at+10, at+12
		q.After = models.Cursor{Parts: []any{"hot", at + 1}, ID: numbered(4)}
		same(t, ids(t, s.RSVPs, q), numbers(30, 36))
		q.Descending = true
		q.After = models.Cursor{Parts: []any{"hot", at + 100}, ID: numbered(301)}
		same(t, ids(t, s.RSVPs, q), backwards(numbers(30, 36)))
	})
}

// listStandingKey has more documents of one sort key than any page: none may be
// skipped or repeated where a page ends.
func listStandingKey(t *testing.T, s *models.Store) {
	var docs []models.Mail
	for n := range 450 {
		docs = append(docs, mail(numbered(n), born()))
	}
	create(t, s, s.Mails, docs...)
	listing(t, s.Mails, models.MailSpec(), models.Query{Index: "status", Equal: []any{"queued"}}, numbers(0, 450))
	listing(t, s.Mails, models.MailSpec(), models.Query{Index: "status"}, numbers(0, 450))
}

// listNotInIndex: documents without parts are not in the index, and come and go
// as their parts do.
func listNotInIndex(t *testing.T, s *models.Store) {
	due := roster("due")
	due.Due = born()
	create(t, s, s.Rosters, due, roster("idle"))
	q := models.Query{Index: "due"}
	listing(t, s.Rosters, models.RosterSpec(), q, []string{"due"})
	listing(t, s.Rosters, models.RosterSpec(), models.Query{Index: "due", To: born().UnixMilli() + 1}, []string{"due"})
	set := func(id string, at time.Time) {
		_, err := s.Rosters.Update(t.Context(), id, func(r *models.Roster) error { r.Due = at; return nil })
		must(t, err)
	}
	set("idle", born().Add(-time.Hour))
	listing(t, s.Rosters, models.RosterSpec(), q, []string{"idle", "due"})
	set("due", time.Time{})
	listing(t, s.Rosters, models.RosterSpec(), q, []string{"idle"})
	listing(t, s.Rosters, models.RosterSpec(), models.Query{}, []string{"due", "idle"})
}

// listWhileWriting puts documents before and behind the cursor during a list:
// those that were there all the time come exactly once.
func listWhileWriting(t *testing.T, s *models.Store) {
	var docs []models.Mail
	for n := range 450 {
		docs = append(docs, mail(numbered(n*10), born().Add(time.Duration(n/100)*time.Second)))
	}
	create(t, s, s.Mails, docs...)
	q := models.Query{Index: "status", Equal: []any{"queued"}}
	seen := map[string]int{}
	count := 0
	for doc, err := range s.Mails.List(t.Context(), q) {
		must(t, err)
		seen[doc.ID]++
		count++
		if count%50 == 0 {
			must(t, s.Mails.Create(t.Context(), mail(numbered(count*10+1), doc.Due)))        // further on
			must(t, s.Mails.Create(t.Context(), mail(numbered(10)+numbered(count), born()))) // behind
		}
	}
	for _, doc := range docs {
		if seen[doc.ID] != 1 {
			t.Errorf("document %s came %d times", doc.ID, seen[doc.ID])
		}
	}
}

// listMoving changes the sort key of every document that comes, as a worker does
// that takes what is due: those that stand still come once.
func listMoving(t *testing.T, s *models.Store) {
	var docs []models.Mail
	for n := range 450 {
		docs = append(docs, mail(numbered(n), born()))
	}
	create(t, s, s.Mails, docs...)
	want := numbers(0, 450)
	got := []string{}
	for doc, err := range s.Mails.List(t.Context(), models.Query{Index: "status", Equal: []any{"queued"}}) {
		must(t, err)
		got = append(got, doc.ID)
		_, err := s.Mails.Update(t.Context(), doc.ID, func(m *models.Mail) error { m.Status = models.MailSending; return nil })
		must(t, err)
	}
	same(t, got, want)
	same(t, ids(t, s.Mails, models.Query{Index: "status", Equal: []any{"queued"}}), []string{})
}

// listHoldsNothing opens more lists than any store has connections, and writes
// and reads inside of them.
func listHoldsNothing(t *testing.T, s *models.Store) {
	create(t, s, s.Mails, mail("a", born()), mail("b", born()))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var nest func(depth int)
	nest = func(depth int) {
		if depth == 0 {
			_, err := s.Mails.Update(ctx, "a", func(m *models.Mail) error { m.Tries++; return nil })
			must(t, err)
			_, err = s.Mails.Get(ctx, "a")
			must(t, err)
			return
		}
		for _, err := range s.Mails.List(ctx, models.Query{}) {
			must(t, err)
			nest(depth - 1)
			break
		}
	}
	nest(100)
}

func listWrongQuery(t *testing.T, s *models.Store) {
	create(t, s, s.Mails, mail("a", born()))
	cursor := func(parts ...any) models.Cursor { return models.Cursor{Parts: parts, ID: "a"} }
	for _, c := range []struct {
		name string
		q    models.Query
	}{
		{"unknown index", models.Query{Index: "colour"}},
		{"too many parts", models.Query{Index: "status", Equal: []any{"queued", int64(1), "x"}}},
		{"a bound behind the last part", models.Query{Index: "status", Equal: []any{"queued", int64(1)}, From: int64(1)}},
		{"a part of another type", models.Query{Index: "status", Equal: []any{models.MailQueued}}},
		{"an int", models.Query{Index: "status", Equal: []any{"queued"}, From: 1}},
		{"nil", models.Query{Index: "status", Equal: []any{nil}}},
		{"a cursor with too few parts", models.Query{Index: "status", After: cursor("queued")}},
		{"a cursor without parts", models.Query{Index: "status", After: cursor()}},
		{"a cursor of another type", models.Query{Index: "status", After: cursor("queued", 1.5)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			for _, err := range s.Mails.List(t.Context(), c.q) {
				wrong(t, "List", err)
				n++
			}
			same(t, n, 1)
			_, err := s.Mails.Count(t.Context(), c.q)
			wrong(t, "Count", err)
		})
	}
}

func listContextEnds(t *testing.T, s *models.Store) {
	var docs []models.Mail
	for n := range 450 {
		docs = append(docs, mail(numbered(n), born()))
	}
	create(t, s, s.Mails, docs...)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range s.Mails.List(ctx, models.Query{}) {
		cancel()
		last = err
	}
	is(t, last, context.Canceled)
}
