package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"samling/models"
	"samling/store"
	"samling/store/shape"
)

// places are kinds of store, by the first letters of their addresses: MongoDB is
// among them when SAMLING_TEST_MONGODB names a server. Each makes the address of
// a store that is not there yet.
func places() map[string]func(t testing.TB) string {
	all := map[string]func(t testing.TB) string{
		"sqlite": func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "samling.db") },
	}
	if server := os.Getenv("SAMLING_TEST_MONGODB"); server != "" {
		all["mongodb"] = func(t testing.TB) string { return database(t, server) }
	}
	return all
}

// database is the address of a new database, which is dropped after the test.
func database(t testing.TB, server string) string {
	t.Helper()
	name := fmt.Sprintf("samling_test_copy_%016x", rand.Uint64())
	t.Cleanup(func() {
		client, err := mongo.Connect(options.Client().ApplyURI(server))
		if err == nil {
			err = errors.Join(client.Database(name).Drop(context.Background()), client.Disconnect(context.Background()))
		}
		if err != nil {
			t.Error(err)
		}
	})
	server, query, _ := strings.Cut(server, "?")
	return strings.TrimSuffix(strings.TrimSuffix(server, "/")+"/"+name+"?"+query, "?")
}

// ways are all pairs of places.
func ways(t *testing.T, test func(t *testing.T, from, to string)) {
	for from, makeFrom := range places() {
		for to, makeTo := range places() {
			t.Run(from+" to "+to, func(t *testing.T) { test(t, makeFrom(t), makeTo(t)) })
		}
	}
}

func opened(t *testing.T, url string, opts store.Options) *models.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, opts)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
}

func tables(s *models.Store) []shape.Table { return s.Backend.(shape.Whole).Tables() }

func table(s *models.Store, name string) shape.Table {
	return tables(s)[slices.IndexFunc(tables(s), func(t shape.Table) bool { return t.Name() == name })]
}

// rows are all documents of a store, by collection.
func rows(t *testing.T, s *models.Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range tables(s) {
		for r, err := range table.Rows(t.Context()) {
			must(t, err)
			all[table.Name()] = append(all[table.Name()], fmt.Sprint(r.Document, string(r.Data)))
		}
	}
	return all
}

// fill puts documents into every collection but that of instances, which would
// have to be waited for: with ids whose order is that of
// their bytes alone, and with bytes that no program of ours would write so. There
// are more than one write takes.
func fill(t *testing.T, s *models.Store) {
	t.Helper()
	ids := []string{"A", "a", "B", "Å", "ö", "a b", "a-b", "\U0001F389", "€"}
	for n := range 220 {
		ids = append(ids, fmt.Sprintf("%08x", n*2654435761))
	}
	for _, table := range tables(s) {
		if table.Name() == "instances" {
			continue
		}
		var rows []shape.Row
		for n, id := range ids {
			data := fmt.Sprintf(`{ "email":%[1]q,"slug":%[1]q, "nobody knows":[1.50,"å\u00e5"],"created":"2026-05-01T10:00:00.%03[2]dZ"}`, id, n)
			rows = append(rows, shape.Row{
				Document: models.Document{ID: id, Revision: models.Revision(fmt.Sprintf("%d-00000000000000aa", n+1))}, Data: []byte(data),
			})
		}
		must(t, s.Write(t.Context(), table.Inserting(rows...)))
	}
	must(t, s.RSVPs.Create(t.Context(), models.RSVP{Document: models.Document{ID: "large"}, Event: "e", Sealed: make([]byte, 3<<20)}))
}

func silent(store.Step) {}

// copied opens the target and copies.
func copied(t *testing.T, from *models.Store, to string, report func(store.Step)) error {
	t.Helper()
	target := opened(t, to, store.Options{Exclusive: true, CopyOf: "chain"})
	_, err := store.Copy(t.Context(), from, target, report)
	must(t, target.Close())
	return err
}

// same tests that a finished copy can be opened, and is what its source is.
func same(t *testing.T, from *models.Store, to string) *models.Store {
	t.Helper()
	target := opened(t, to, store.Options{Exclusive: true, Existing: true})
	if diff := cmp.Diff(rows(t, from), rows(t, target)); diff != "" {
		t.Errorf("differs (-source +target):\n%.4000s", diff)
	}
	return target
}

func TestCopy_Exact(t *testing.T) {
	ways(t, func(t *testing.T, from, to string) {
		source := opened(t, from, store.Options{})
		fill(t, source)
		target := opened(t, to, store.Options{CopyOf: "chain"})
		last := map[string]store.Step{}
		sums, err := store.Copy(t.Context(), source, target, func(s store.Step) { last[fmt.Sprint(s.Work, s.Collection)] = s })
		must(t, err)
		if len(sums) != len(tables(source)) || len(last) != 2*len(sums) {
			t.Errorf("%d collections of %d, %d reports", len(sums), len(tables(source)), len(last))
		}
		for _, sum := range sums {
			for _, work := range []store.Work{store.Copying, store.Verifying} {
				if s := last[fmt.Sprint(work, sum.Collection)]; s.Documents != sum.Documents || s.Of != sum.Documents || (s.Documents == 0) != (sum.Collection == "instances") {
					t.Errorf("%+v of %d", s, sum.Documents)
				}
			}
		}
		must(t, target.Close())
		target = same(t, source, to)

		// The indexes are there too.
		e, err := source.Events.Get(t.Context(), "Å")
		must(t, err)
		n := 0
		for found, err := range target.Events.List(t.Context(), models.Query{Index: "slug", Equal: []any{"Å"}}) {
			must(t, err)
			if n++; found.ID != e.ID || !found.Created.Equal(e.Created) || found.Created.Nanosecond() == 0 {
				t.Errorf("%s of %v, want %s of %v", found.ID, found.Created, e.ID, e.Created)
			}
		}
		if n != 1 {
			t.Errorf("found %d times by its slug", n)
		}
	})
}

// The bytes of a copy do not depend on the kind of its store.
func TestCopy_SumsAreTheSame(t *testing.T) {
	source := opened(t, places()["sqlite"](t), store.Options{})
	fill(t, source)
	var first []store.Sum
	for name, place := range places() {
		target := opened(t, place(t), store.Options{CopyOf: "chain"})
		sums, err := store.Copy(t.Context(), source, target, silent)
		must(t, err)
		if first == nil {
			first = sums
		}
		if diff := cmp.Diff(first, sums); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestCopy_GoesOn breaks the copying off at every report, while the source
// changes in all ways from one to the next.
func TestCopy_GoesOn(t *testing.T) {
	ways(t, func(t *testing.T, from, to string) {
		source := opened(t, from, store.Options{})
		fill(t, source)
		slug := func(id, slug string) (was string) {
			_, err := source.Events.Update(t.Context(), id, func(e *models.Event) error { was, e.Slug = e.Slug, slug; return nil })
			must(t, err)
			return was
		}
		for at := 1; ; at += 5 {
			ctx, stop := context.WithCancel(t.Context())
			n := 0
			target := opened(t, to, store.Options{CopyOf: "chain"})
			_, err := store.Copy(ctx, source, target, func(store.Step) {
				if n++; n == at {
					stop()
				}
			})
			stop()
			must(t, target.Close())
			if err == nil {
				break
			}
			is(t, err, context.Canceled)
			_, err = store.Open(t.Context(), to, store.Options{})
			is(t, err, store.ErrUnfinished)

			// Slugs go from hand to hand, a document is gone, another is new.
			slug("a", slug("A", slug("B", slug("a", "free"))))
			must(t, source.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: fmt.Sprint("new ", at)}}))
			walkIn, err := source.WalkIns.Get(t.Context(), fmt.Sprintf("%08x", at*2654435761))
			must(t, err)
			must(t, source.WalkIns.Delete(t.Context(), walkIn.ID, walkIn.Revision))
		}
		same(t, source, to)
	})
}

// A target that keeps something else than what it was given is found by reading
// it again, stays unusable, and is put right by copying again.
func TestCopy_FindsDamage(t *testing.T) {
	ways(t, func(t *testing.T, from, to string) {
		source := opened(t, from, store.Options{})
		fill(t, source)
		for name, damage := range map[string]func(t *testing.T, target *models.Store) error{
			"another letter": func(t *testing.T, target *models.Store) error {
				return replaced(t, target, "rsvps", "Å", func(r *shape.Row) { r.Data[3] ^= 1 })
			},
			"a space more": func(t *testing.T, target *models.Store) error {
				return replaced(t, target, "mails", "a", func(r *shape.Row) { r.Data = append(r.Data, ' ') })
			},
			"another revision": func(t *testing.T, target *models.Store) error {
				return replaced(t, target, "rosters", "ö", func(r *shape.Row) { r.Revision += "a" })
			},
			"one too few": func(t *testing.T, target *models.Store) error {
				return replaced(t, target, "events", "€", nil)
			},
			"one too many": func(t *testing.T, target *models.Store) error {
				return target.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "new"}})
			},
		} {
			t.Run(name, func(t *testing.T) {
				target := opened(t, to, store.Options{CopyOf: "chain"})
				damaged := false
				_, err := store.Copy(t.Context(), source, target, func(s store.Step) {
					if s.Work == store.Verifying && !damaged {
						damaged = true
						must(t, damage(t, target))
					}
				})
				if _, ok := errors.AsType[*store.Difference](err); !ok {
					t.Errorf("error = %v, want a difference", err)
				}
				must(t, target.Close())
				_, err = store.Open(t.Context(), to, store.Options{})
				is(t, err, store.ErrUnfinished)
			})
		}
		must(t, copied(t, source, to, silent))
		same(t, source, to)
	})
}

// replaced puts another document in the place of one, or none.
func replaced(t *testing.T, s *models.Store, collection, id string, change func(*shape.Row)) error {
	t.Helper()
	in := table(s, collection)
	for r, err := range in.Rows(t.Context()) {
		must(t, err)
		if r.ID != id {
			continue
		}
		ops := []models.Op{in.Deleting(r.ID, r.Revision)}
		if change != nil {
			change(&r)
			ops = append(ops, in.Inserting(r))
		}
		return s.Write(t.Context(), ops...)
	}
	return fmt.Errorf("there is no %s in %s", id, collection)
}

func TestCopy_RefusesTargets(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			open := func(url string, opts store.Options) error {
				s, err := store.Open(t.Context(), url, opts)
				if err == nil {
					err = s.Close()
				}
				return err
			}
			used := place(t)
			s := opened(t, used, store.Options{})
			must(t, s.Groups.Create(t.Context(), models.Group{Document: models.Document{ID: "g"}}))
			must(t, s.Close())
			is(t, open(used, store.Options{CopyOf: "chain"}), store.ErrTaken)

			begun := place(t)
			must(t, open(begun, store.Options{CopyOf: "chain"}))
			is(t, open(begun, store.Options{CopyOf: "another"}), store.ErrTaken)
			is(t, open(begun, store.Options{}), store.ErrUnfinished)
			is(t, open(begun, store.Options{Existing: true, Exclusive: true}), store.ErrUnfinished)
			must(t, open(begun, store.Options{CopyOf: "chain"}))
			if name == "sqlite" {
				is(t, store.Backup(t.Context(), begun, filepath.Join(t.TempDir(), "backup")), store.ErrUnfinished)
			}
			// What was there is still there.
			same(t, opened(t, used, store.Options{Existing: true}), used)
			is(t, open(place(t), store.Options{Existing: true}), fs.ErrNotExist)
			if path, ok := store.File(place(t)); ok { // cut off before anything was written
				must(t, os.WriteFile(path, nil, 0o600))
				is(t, open("sqlite:"+path, store.Options{Existing: true}), fs.ErrNotExist)
				must(t, open("sqlite:"+path, store.Options{CopyOf: "chain"}))
			}
		})
	}
}

// Nobody's clock is asked whether an instance lives: its beat changes or not.
func TestCopy_SourceInUse(t *testing.T) {
	for _, c := range []struct {
		name  string
		beats func(i *models.Instance, at time.Duration)
		want  error
	}{
		{"dead", func(*models.Instance, time.Duration) {}, nil},
		{"alive", func(i *models.Instance, at time.Duration) { i.Beat++ }, store.ErrInUse},
		{"slow", func(i *models.Instance, at time.Duration) {
			if at >= 15*time.Second {
				i.Beat = 9
			}
		}, store.ErrInUse},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, to := places()["sqlite"](t), places()["sqlite"](t)
			synctest.Test(t, func(t *testing.T) {
				source := opened(t, from, store.Options{})
				must(t, source.Instances.Create(t.Context(), models.Instance{Document: models.Document{ID: "i"}, Beat: 1}))
				ctx, stop := context.WithCancel(t.Context())
				stopped := make(chan struct{})
				go func() {
					defer close(stopped)
					for began := time.Now(); ctx.Err() == nil; time.Sleep(5 * time.Second) {
						if _, err := source.Instances.Update(t.Context(), "i", func(i *models.Instance) error {
							c.beats(i, time.Since(began))
							return nil
						}); err != nil {
							t.Error(err)
						}
					}
				}()
				err := copied(t, source, to, silent)
				is(t, err, c.want)
				stop()
				<-stopped
				if c.want == nil {
					same(t, source, to)
				} else if _, err := store.Open(t.Context(), to, store.Options{}); !errors.Is(err, store.ErrUnfinished) {
					t.Errorf("error = %v, want ErrUnfinished", err)
				}
			})
		})
	}
}

// A serve that begins while everything is read for the last time.
func TestCopy_SourceTakenIntoUse(t *testing.T) {
	source := opened(t, places()["sqlite"](t), store.Options{})
	begun := false
	err := copied(t, source, places()["sqlite"](t), func(s store.Step) {
		if s.Work == store.Verifying && s.Collection == "installation" && !begun {
			begun = true
			must(t, source.Instances.Create(t.Context(), models.Instance{Document: models.Document{ID: "i"}, Beat: 1}))
		}
	})
	is(t, err, store.ErrInUse)
}
