package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"samling/models"
	"samling/store"
)

// Killed again and again in a stream of sign-ups: nothing that was acknowledged
// is lost, oversold or told twice, but for mails between dot and 250.
func TestKill_SigningUp(t *testing.T) {
	long(t)
	t.Parallel()
	const rounds, streams, seats = 8, 6, 60
	c := newCity(t)
	c.beat = quickBeat
	c.environ = append(c.environ, "SAMLING_RATE_LIMIT=off")
	token := c.founded(t)
	s := c.serve(t, token)
	event := s.event(t, townHall("Gårdsfest", seats))

	var mu sync.Mutex
	answered := map[string]string{}
	for round := range rounds {
		var pouring sync.WaitGroup
		answers := make(chan struct{}, 10_000)
		for stream := range streams {
			pouring.Go(func() {
				for n := 0; ; n++ {
					address := fmt.Sprintf("p%d-%d-%d@example.net", round, stream, n)
					status, ok := s.signUp(t, event, address)
					if !ok {
						return
					}
					mu.Lock()
					answered[address] = status
					mu.Unlock()
					answers <- struct{}{}
				}
			})
		}
		for range 1 + rand.IntN(80) {
			<-answers
		}
		s.kill()
		pouring.Wait()
		s = c.serve(t, token)
	}

	list := s.list(t, event)
	status := map[string]string{}
	for _, a := range list.Attendees {
		if status[a.Email] != "" {
			t.Errorf("%s is there twice", a.Email)
		}
		status[a.Email] = a.Status
	}
	for address, was := range answered {
		if status[address] != was {
			t.Errorf("%s was told %q and is %q", address, was, status[address])
		}
	}
	if list.Going > seats || list.Waiting > 0 && list.Going < seats {
		t.Errorf("%d going and %d waiting for %d seats", list.Going, list.Waiting, seats)
	}
	// What a dead instance had claimed is taken over when its beat has stood
	// still.
	eventually(t, 45*time.Second, func() (any, bool) {
		told := 0
		for address := range status {
			if len(c.post.to(address)) > 0 {
				told++
			}
		}
		return fmt.Sprintf("%d of %d were told", told, len(status)), told == len(status)
	})
	doubled := 0
	for address, is := range status {
		mails := c.post.to(address)
		ids := map[string]bool{}
		for _, m := range mails {
			ids[m.id] = true
			if invited := m.method() == "REQUEST"; invited != (is == "going") {
				t.Errorf("%s is %s and got %q", address, is, m.Subject)
			}
		}
		if len(ids) != 1 {
			t.Errorf("%s was told %d different things: %v", address, len(ids), slices.Sorted(maps.Keys(ids)))
		}
		doubled += len(mails) - 1
	}
	// A mail comes twice when the kill came after its dot and before what became
	// of it was noted: one for each of the four connections at most.
	if doubled > rounds*4 {
		t.Errorf("%d mails came twice after %d kills", doubled, rounds)
	}
	t.Logf("%d kills: %d answered, %d on the list, %d mails doubled", rounds, len(answered), len(status), doubled)
}

// An import that is cut off leaves whole rows behind, and is finished by
// repeating it.
func TestKill_Importing(t *testing.T) {
	t.Parallel()
	const rows = 300
	c := newCity(t)
	text := "slug,name,district\n"
	for n := range rows {
		text += fmt.Sprintf("forening-%d,Förening %d,norr\n", n, n)
	}
	file := c.file(t, "many.csv", text)
	c.must(t, "import", "groups", sample(t, "groups.csv")) // the store is there
	cut := false
	for range 20 {
		cmd := c.asks(t.Context(), t, "import", "associations", file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(20+rand.IntN(200)) * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if n := c.associations(t); n > 0 && n < rows {
			cut = true
			break
		} else if n == rows {
			break
		}
	}
	if !cut {
		t.Log("no kill came in the middle this time")
	}
	c.must(t, "import", "associations", file)
	if n := c.associations(t); n != rows {
		t.Errorf("%d associations, want %d", n, rows)
	}
}

// associations counts what stands in the city's store.
func (c *city) associations(t *testing.T) int {
	t.Helper()
	kept, err := store.Open(t.Context(), "sqlite:"+c.dir+"/data/samling.db", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	n, err := kept.Associations.Count(context.Background(), models.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
