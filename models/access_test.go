package models

import (
	"testing"
	"time"
)

func TestOrganiser_AccessLapses(t *testing.T) {
	renewed := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	lapses := time.Date(2027, 4, 3, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		o                         Organiser
		at                        time.Time
		lapsed, lapsing, unwarned bool
	}{
		"not seen yet":        {Organiser{}, lapses.AddDate(9, 0, 0), false, false, false},
		"new":                 {Organiser{Renewed: renewed}, renewed, false, false, false},
		"long before":         {Organiser{Renewed: renewed}, lapses.Add(-31 * day), false, false, false},
		"30 days before":      {Organiser{Renewed: renewed}, lapses.Add(-30 * day), false, true, true},
		"warned once":         {Organiser{Renewed: renewed, Warned: 1}, lapses.Add(-8 * day), false, true, false},
		"7 days before":       {Organiser{Renewed: renewed, Warned: 1}, lapses.Add(-7 * day), false, true, true},
		"warned twice":        {Organiser{Renewed: renewed, Warned: 2}, lapses.Add(-time.Second), false, true, false},
		"over":                {Organiser{Renewed: renewed, Warned: 1}, lapses, true, false, false},
		"two warnings missed": {Organiser{Renewed: renewed}, lapses.Add(-day), false, true, true},
		"a year":              {Organiser{Renewed: renewed}, renewed.AddDate(1, 0, 0), false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.o.Lapsed(c.at); got != c.lapsed {
				t.Errorf("lapsed: %v", got)
			}
			if got := c.o.Lapsing(c.at); got != c.lapsing {
				t.Errorf("lapsing: %v", got)
			}
			if got := c.o.Unwarned(c.at); got != c.unwarned {
				t.Errorf("unwarned: %v", got)
			}
			if c.o.Warn(c.at); c.o.Unwarned(c.at) {
				t.Error("is still unwarned when warned")
			}
		})
	}
}
