package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"samling/models"
	"samling/store/shape"
)

// behind opens a fresh database by a proxy, which shows what it hears to seen, if
// there is one.
func behind(t *testing.T, seen ...func(m []byte)) (*models.Store, *proxy) {
	t.Helper()
	at, err := connstring.ParseAndValidate(server(t))
	if err != nil {
		t.Fatal(err)
	}
	_, direct := fresh(t)
	p := newProxy(t, at.Hosts[0], seen...)
	return reopened(t, named(p.address, databaseOf(direct))), p
}

// TestWrites_AskForMajorityAndJournal, whatever the address says.
func TestWrites_AskForMajorityAndJournal(t *testing.T) {
	var mu sync.Mutex
	asked := map[string][]string{}
	s, _ := behind(t, func(m []byte) {
		if name := command(m); slices.Contains([]string{"insert", "update", "delete"}, name) {
			mu.Lock()
			defer mu.Unlock()
			asked[name] = append(asked[name], body(m).Lookup("writeConcern").String())
		}
	})
	if err := s.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "g"}}); err != nil {
		t.Fatal(err)
	}
	g, err := s.Groups.Update(t.Context(), "g", func(g *models.Group) error { g.Name = "b"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Groups.Delete(t.Context(), "g", g.Revision), s.Ping(t.Context())); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 3 {
		t.Errorf("seen: %v", asked)
	}
	for name, concerns := range asked {
		for _, concern := range concerns {
			if concern != `{"w": "majority","j": true}` {
				t.Errorf("%s asks for %s", name, concern)
			}
		}
	}
}

// TestLost_EveryWriteOnce cuts each kind of write before and after the server
// gets it: it succeeds, and has happened once.
func TestLost_EveryWriteOnce(t *testing.T) {
	for _, after := range []bool{false, true} {
		for _, times := range []int{1, 2} {
			t.Run(fmt.Sprintf("after=%v/%d times", after, times), func(t *testing.T) {
				s, p := behind(t)
				cut := func(name string, write func() error) {
					t.Helper()
					p.cut(name, times, after)
					if err := write(); err != nil {
						t.Errorf("%s: %v", name, err)
					}
					// The second message of a write that has happened is not sent.
					if left := p.left(); left != 0 && !(after && left == times-1) {
						t.Errorf("%s: %d cuts of %d are left", name, left, times)
					}
					p.cut("", 0, false)
				}
				cut("insert", func() error {
					return s.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "g"}, Name: "a"})
				})
				var g models.Group
				cut("update", func() (err error) {
					g, err = s.Groups.Update(t.Context(), "g", func(g *models.Group) error { g.Name = "b"; return nil })
					return err
				})
				if g.Name != "b" || !strings.HasPrefix(string(g.Revision), "2-") {
					t.Errorf("%q in revision %s, want one write", g.Name, g.Revision)
				}
				cut("delete", func() error { return s.Groups.Delete(t.Context(), "g", g.Revision) })
				if _, err := s.Groups.Get(t.Context(), "g"); !errors.Is(err, models.ErrNotFound) {
					t.Errorf("error = %v, want ErrNotFound", err)
				}
			})
		}
	}
}

// small is a sign-up.
func small(n int) models.RSVP {
	return models.RSVP{Document: models.Document{ID: fmt.Sprintf("%036d", n)}, Event: "hot", Sealed: make([]byte, 120)}
}

// TestLost_ManyNew cuts documents that are inserted together: all are there once,
// also those of which some are there already.
func TestLost_ManyNew(t *testing.T) {
	for _, after := range []bool{false, true} {
		s, p := behind(t)
		var ops []models.Op
		for n := range 50 {
			ops = append(ops, s.RSVPs.Creating(small(n)))
		}
		// As if the server had been cut off in the middle of them.
		if err := s.Write(t.Context(), ops[:20]...); err != nil {
			t.Fatal(err)
		}
		p.cut("insert", 1, after)
		if err := s.Write(t.Context(), ops...); err != nil {
			t.Errorf("after=%v: %v", after, err)
		}
		if n, err := s.RSVPs.Count(t.Context(), models.Query{}); err != nil || n != 50 || p.left() != 0 {
			t.Errorf("after=%v: %d documents, %v", after, n, err)
		}
		p.cut("insert", 1, after)
		taken := s.Write(t.Context(), s.RSVPs.Creating(small(50)), s.RSVPs.Creating(small(7)), s.RSVPs.Creating(small(51)))
		if n, err := s.RSVPs.Count(t.Context(), models.Query{}); !errors.Is(taken, models.ErrExists) || err != nil || n != 51 {
			t.Errorf("after=%v, one taken by another: %v, %d documents, %v", after, taken, n, err)
		}
	}
}

// TestLost_TakenByAnother: a write that was cut and whose id belongs to somebody
// else is not taken for one's own.
func TestLost_TakenByAnother(t *testing.T) {
	s, p := behind(t)
	g := models.Group{Document: models.Document{ID: "g"}}
	if err := s.Groups.Create(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	p.cut("insert", 1, false)
	if err := s.Groups.Create(t.Context(), g); !errors.Is(err, models.ErrExists) {
		t.Errorf("error = %v, want ErrExists", err)
	}
}

// TestLost_Reads are asked again.
func TestLost_Reads(t *testing.T) {
	s, p := behind(t)
	if err := s.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "g"}}); err != nil {
		t.Fatal(err)
	}
	p.cut("find", 1, false)
	if _, err := s.Groups.Get(t.Context(), "g"); err != nil {
		t.Error(err)
	}
}

// TestLost_ServerAway: everything is ErrUnavailable until it is back, and then
// works again by itself.
func TestLost_ServerAway(t *testing.T) {
	s, p := behind(t)
	ctx := t.Context()
	if err := s.Groups.Create(ctx, models.Group{Document: models.Document{ID: "g"}}); err != nil {
		t.Fatal(err)
	}
	p.setAway(true)
	_, get := s.Groups.Get(ctx, "g")
	_, update := s.Groups.Update(ctx, "g", func(g *models.Group) error { g.Name = "b"; return nil })
	_, count := s.Groups.Count(ctx, models.Query{})
	for name, err := range map[string]error{
		"get": get, "update": update, "count": count, "ping": s.Ping(ctx),
		"create": s.Groups.Create(ctx, models.Group{Document: models.Document{ID: "h"}}),
		"delete": s.Groups.Delete(ctx, "g", "1-x"),
	} {
		if !errors.Is(err, models.ErrUnavailable) {
			t.Errorf("%s: error = %v, want ErrUnavailable", name, err)
		}
	}
	p.setAway(false)
	if err := s.Ping(ctx); err != nil {
		t.Error(err)
	}
	if _, err := s.Groups.Update(ctx, "g", func(g *models.Group) error { g.Name = "c"; return nil }); err != nil {
		t.Error(err)
	}
}

// TestLost_TwoProcesses has two stores add to one document while connections
// break: what was acknowledged is there.
func TestLost_TwoProcesses(t *testing.T) {
	s, p := behind(t)
	other := reopened(t, named(server(t), under(s).db.Name()))
	if err := s.Rosters.Create(t.Context(), models.Roster{Document: models.Document{ID: "r"}}); err != nil {
		t.Fatal(err)
	}
	p.cut("update", 4, true)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var acknowledged []models.ID
	for n := range 16 {
		store := []*models.Store{s, other}[n%2]
		wg.Go(func() {
			for m := range 10 {
				id := models.ID{byte(n), byte(m)}
				_, err := store.Rosters.Update(context.Background(), "r", func(r *models.Roster) error {
					if _, there := r.Entry(id); !there {
						r.Entries = append(r.Entries, models.Entry{RSVP: id})
					}
					return nil
				})
				mu.Lock()
				if err == nil {
					acknowledged = append(acknowledged, id)
				} else if !errors.Is(err, models.ErrUnavailable) {
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	r, err := other.Rosters.Get(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range acknowledged {
		if _, there := r.Entry(id); !there {
			t.Errorf("entry %v was acknowledged and is lost", id[:2])
		}
	}
	if len(r.Entries) > 160 || len(acknowledged) < 100 {
		t.Errorf("%d entries, %d acknowledged of 160", len(r.Entries), len(acknowledged))
	}
}

// TestLost_ManyAtOnce: of many documents that are sent together each is written
// once, and one that another has taken is nobody's own.
func TestLost_ManyAtOnce(t *testing.T) {
	s, p := behind(t)
	groups := under(s).Tables()[slices.IndexFunc(under(s).Tables(), func(t shape.Table) bool { return t.Name() == "groups" })]
	batch := func(ids ...string) (rows []shape.Row) {
		for _, id := range ids {
			rows = append(rows, shape.Row{Document: models.Document{ID: id, Revision: shape.Following("")}, Data: []byte("{}")})
		}
		return rows
	}
	for name, after := range map[string]bool{"before": false, "after": true} {
		p.cut("insert", 1, after)
		rows := batch(name+" 1", name+" 2", name+" 3")
		if err := s.Write(t.Context(), groups.Inserting(rows...)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, r := range rows {
			if g, err := s.Groups.Get(t.Context(), r.ID); err != nil || g.Revision != r.Revision {
				t.Errorf("%s: revision %s, want %s, %v", r.ID, g.Revision, r.Revision, err)
			}
		}
	}
	if err := s.Write(t.Context(), groups.Inserting(batch("new", "after 2")...)); !errors.Is(err, models.ErrExists) {
		t.Errorf("error = %v, want ErrExists", err)
	}
}
