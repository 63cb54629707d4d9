package planner

import (
	"sync"
	"testing"
)

// Whoever tells, and however often, somebody gets one mail of each thing: its id
// follows from the sign-up, the occasion and its number.
func TestTell_TogetherIsOneMail(t *testing.T) {
	c := newCity(t)
	e := c.published(4)
	for _, name := range []string{"Ada", "Bo", "Cia"} {
		must(c.signUp(e, name, 1))
	}
	var telling sync.WaitGroup
	for _, p := range c.instances() {
		for range 4 {
			telling.Go(func() {
				if _, err := p.TellDue(c.ctx); err != nil {
					t.Error(err)
				}
			})
		}
	}
	telling.Wait()
	must(c.TellDue(c.ctx))
	of := map[string]int{}
	for _, m := range c.outbox() {
		of[c.nameOf(m)+" "+string(m.Kind)]++
	}
	if len(of) != 3 || of["Ada going"] != 1 || of["Bo going"] != 1 || of["Cia going"] != 1 {
		t.Errorf("mails by person and kind: %v", of)
	}
}
