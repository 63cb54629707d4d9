package main

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// Killed in each phase of a mail, the worker loses none, and doubles only what
// the server had taken and we had not noted: with the same Message-ID.
func TestKill_AtEachPhaseOfAMail(t *testing.T) {
	t.Parallel()
	for name, newCity := range map[string]func(t *testing.T) *city{
		"SQLite":  func(t *testing.T) *city { return newCity(t) },
		"MongoDB": func(t *testing.T) *city { c, _ := newMongoCity(t); return c },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			c.environ = append(c.environ, "SAMLING_RATE_LIMIT=off")
			token := c.founded(t)
			s := c.serve(t, token)
			event := s.event(t, townHall("Gårdsfest", 0))
			s.kill()
			const each, connections = 6, 4
			var everybody []string
			taken := map[string]string{} // the phase in which a mail was taken by a server that we could not hear any more
			for _, phase := range []string{"queued", "hello", "mail", "rcpt", "data", "dot", "answered"} {
				begun, over := make(chan struct{}, 1000), make(chan struct{})
				c.post.meet(func(at, _ string) error {
					switch {
					case at == phase:
						begun <- struct{}{}
						<-over
						return errors.New("too late")
					case at == "dot" && phase == "answered":
						begun <- struct{}{}
					}
					return nil
				})
				had := c.post.all()
				s := c.serve(t, token)
				for n := range each {
					address := fmt.Sprintf("%s%d@example.net", phase, n)
					if status, ok := s.signUp(t, event, address); !ok {
						t.Fatal(status)
					}
					everybody = append(everybody, address)
				}
				needed := connections // each holds one
				switch phase {
				case "queued":
					needed = 0
				case "answered":
					needed = 1
				}
				for range needed {
					select {
					case <-begun:
					case <-time.After(20 * time.Second):
						t.Fatalf("no mail came to %s\n%s", phase, s.log)
					}
				}
				s.kill()
				for address, mails := range c.post.all() {
					if len(mails) > len(had[address]) {
						taken[address] = phase
					}
				}
				close(over)
			}
			c.post.meet(nil)
			c.beat = quickBeat
			c.serve(t, token)
			// The dead are dead when their beat has stood still. Who stood at the dot is
			// told again, since nobody knew that she had been.
			eventually(t, 60*time.Second, func() (any, bool) {
				told := 0
				for _, address := range everybody {
					least := 1
					if taken[address] == "dot" {
						least = 2
					}
					if len(c.post.to(address)) >= least {
						told++
					}
				}
				return fmt.Sprintf("%d of %d were told", told, len(everybody)), told == len(everybody)
			})
			doubled := 0
			for _, address := range everybody {
				mails := c.post.to(address)
				for _, m := range mails {
					if m.id != mails[0].id {
						t.Errorf("%s got mails with the ids %s and %s", address, mails[0].id, m.id)
					}
				}
				most := 1
				if taken[address] != "" {
					most = 2
				}
				if len(mails) > most {
					t.Errorf("%s got %d copies, want %d at most", address, len(mails), most)
				}
				doubled += len(mails) - 1
			}
			t.Logf("%d mails, %d doubled, of %d that were taken and not noted", len(everybody), doubled, len(taken))
		})
	}
}
