package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"samling/models"
	"samling/models/vault"
	"samling/planner"
	"samling/store"
)

// country is what a store holds after many years of many associations: nine
// events of ten are over, a fifth say everything in a second language, a
// description has some 800 bytes, and ten parties have signed up for each.
// Everything is written with the store's own writes, in the order in which it
// would have come about, and is what the use cases would have left behind.
type country struct {
	events, parties, associations int
	today                         time.Time
	keys                          *vault.Vault
}

// settle fills a store that has none of it.
func (c country) settle(ctx context.Context, b *testing.B, address, keyFile string) {
	b.Helper()
	kept, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	unfinished := keyFile + ".unfinished"
	if c.keys, err = vault.Create(unfinished, vault.DayOf(c.today)); err != nil {
		b.Fatal(err)
	}
	if err := planner.Install(ctx, kept, c.keys, c.today, nil); err != nil {
		b.Fatal(err)
	}
	rest, ctx := errgroup.WithContext(ctx)
	rest.SetLimit(16)
	rest.Go(func() error { return kept.Write(ctx, c.directory(kept)...) })
	const together = 50
	for first := 0; first < c.events; first += together {
		rest.Go(func() error {
			var ops []models.Op
			for n := first; n < min(first+together, c.events); n++ {
				made, err := c.event(kept, n)
				if err != nil {
					return err
				}
				ops = append(ops, made...)
			}
			return kept.Write(ctx, ops...)
		})
	}
	if err := errors.Join(rest.Wait(), os.Rename(unfinished, keyFile)); err != nil {
		b.Fatal(err)
	}
}

func (c country) directory(s *models.Store) (ops []models.Op) {
	at := models.Listing{Updated: c.today.AddDate(-9, 0, 0)}
	for n := range 30 {
		ops = append(ops, s.Districts.Creating(models.District{Document: models.Document{ID: numbered("omrade", n)}, Name: fmt.Sprint("Område ", n), Listing: at}))
	}
	for n := range 6 {
		ops = append(ops, s.Groups.Creating(models.Group{Document: models.Document{ID: numbered("grupp", n)}, Name: fmt.Sprint("Arbetsgrupp ", n), Listing: at}))
	}
	for n := range c.associations {
		ops = append(ops, s.Associations.Creating(models.Association{
			Document: models.Document{ID: numbered("forening", n)}, Name: fmt.Sprint("Förening ", n), District: numbered("omrade", n%30), Listing: at,
		}))
	}
	return ops
}

func numbered(name string, n int) string { return fmt.Sprintf("%s-%d", name, n) }

// event is the n-th event with its roster, its key and its sign-ups. In eight
// years they were written down one after the other, each two weeks to a year
// before it begins.
func (c country) event(s *models.Store, n int) (ops []models.Op, err error) {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	born := models.Milli(c.today.Add(-8 * 365 * 24 * time.Hour / time.Duration(c.events) * time.Duration(c.events-n)))
	starts := born.AddDate(0, 0, 14+r.IntN(350)).Truncate(15 * time.Minute)
	price, yes := 0, true
	e := models.Event{
		Document: models.Document{ID: idOf(r, born)}, Slug: numbered("oppet-mote-om-det-som-ar-viktigt", n), Kind: models.Kinds()[r.IntN(len(models.Kinds()))],
		Text:   models.Text{Title: prose(r, 40), Summary: prose(r, 120), Description: prose(r, 600+r.IntN(400))},
		Status: models.Published, Audience: models.Public, Host: numbered("forening", r.IntN(c.associations)), Groups: []string{numbered("grupp", r.IntN(6))},
		District: numbered("omrade", r.IntN(30)), Starts: starts, Ends: starts.Add(2 * time.Hour), TimeZone: "Europe/Stockholm",
		Place:  models.Place{Name: fmt.Sprint("Folkets hus ", r.IntN(400)), Address: fmt.Sprint("Storgatan ", r.IntN(100))},
		Access: models.Access{StepFree: &yes, Toilet: &yes}, Contact: models.Contact{Name: fmt.Sprint("Kontakt ", r.IntN(300)), Phone: "040-00 00 00"},
		Spoken: []string{"sv"}, Price: &price, Food: &yes, Capacity: 10 * (1 + r.IntN(10)), SignUp: models.SignUpRules{Needed: true},
		Sequence: 1, Created: born, Updated: models.Milli(born.Add(time.Hour)), Changed: models.Milli(born.Add(time.Hour)),
	}
	if r.IntN(5) == 0 {
		e.Texts = map[string]models.Text{"en": {Title: prose(r, 40), Summary: prose(r, 120), Description: prose(r, 600+r.IntN(400))}}
	}
	if r.IntN(5) == 0 {
		e.CoHosts = []string{numbered("forening", r.IntN(c.associations))}
		e.Programme = []models.Item{{Time: starts, Title: prose(r, 30), Speaker: prose(r, 15)}, {Time: starts.Add(time.Hour), Title: prose(r, 30)}}
	}
	roster := models.Roster{Document: models.Document{ID: e.ID}, Facts: e.Facts(), Said: e.Sequence}
	ops = append(ops, s.Events.Creating(e))
	key, day := vault.NewKey(), vault.DayOf(e.Ends)+15
	erased := day < vault.DayOf(c.today)
	if !erased {
		wrapped, err := c.keys.Wrap(e.ID, key, day)
		if err != nil {
			return nil, err
		}
		ops = append(ops, s.EventKeys.Creating(models.EventKey{Document: models.Document{ID: e.ID}, Wrapped: wrapped, Day: int(day), Noteless: e.Ends.Before(c.today)}))
	}
	for i := range c.parties {
		since := models.Milli(born.Add(time.Duration(r.Int64N(int64(max(min(starts.Sub(born), c.today.Sub(born)), time.Hour))))))
		rsvp := models.RSVP{
			Document: models.Document{ID: idOf(r, since)}, Event: e.ID, Language: "sv", Created: since,
			Consent: models.Consent{Version: 1, Language: "sv", At: since, Hosts: e.Hosts()},
		}
		who := models.Person{Name: "Provperson nummer " + numbered("p", i), Email: numbered("provperson", i) + "@example.org"}
		rsvp.Sealed = key.Seal(e.ID, rsvp.ID, who.Bytes())
		entry := models.Entry{Party: 1, Since: since, State: models.Going, Told: models.Told{State: models.Going, Party: 1, Sequence: 1}}
		if entry.RSVP, err = models.ParseID(rsvp.ID); err != nil {
			return nil, err
		}
		entry.Who = key.Who(who.Email)
		roster.Entries = append(roster.Entries, entry)
		if erased {
			rsvp.Forget()
		}
		ops = append(ops, s.RSVPs.Creating(rsvp))
	}
	if erased {
		roster.ForgetAll(c.today)
	}
	roster.Settle(c.today)
	return append(ops, s.Rosters.Creating(roster)), nil
}

// idOf is a UUIDv7 of that time.
func idOf(r *rand.Rand, at time.Time) string {
	var id models.ID
	fill(r, id[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6], id[8] = 0x70|id[6]&0x0f, 0x80|id[8]&0x3f
	return id.String()
}

func fill(r *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
}

// prose is about that many bytes of words.
func prose(r *rand.Rand, size int) string {
	words := strings.Fields("vi talar om skolan vården gården och gatan där alla kan vara med säga vad de tycker höra på varandra äta något gott " +
		"tillsammans med grannar från hela området mötet börjar när dörren öppnas barn är välkomna bostäder klimat trygghet språk arbete")
	var b strings.Builder
	for b.Len() < size {
		w := words[r.IntN(len(words))]
		if b.Len() == 0 {
			first, size := utf8.DecodeRuneInString(w)
			w = string(unicode.ToUpper(first)) + w[size:]
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		if r.IntN(12) == 0 && b.Len() < size-20 {
			b.WriteString([]string{".\n\n", "."}[r.IntN(2)])
		}
	}
	return b.String()
}
