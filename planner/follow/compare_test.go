package follow

import (
	"testing"

	"samling/ics"
	"samling/planner"
)

// A file is imported, one in which its series has moved, and the first again.
func TestRecognise_SeriesThatMove(t *testing.T) {
	for name, c := range moved() {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, file := range []string{c.before, c.after, c.before} {
				w.says(file)
				events, err := ics.Parse([]byte(w.body), ics.ParseOptions{Zone: w.Zone, From: *w.clock})
				if err != nil {
					t.Fatal(err)
				}
				before := len(w.TakenOver("husie"))
				Recognise(w.TakenOver("husie"), events, *w.clock)
				_, fresh, err := w.ImportEvents(t.Context(), planner.Command(), "husie", events, false)
				if err != nil {
					t.Fatal(err)
				}
				if n := len(w.TakenOver("husie")); n != max(before, len(events)) || fresh != n-before {
					t.Errorf("%d events here, %d of them new, of %d; there were %d", n, fresh, len(events), before)
				}
				if got := w.TakenOver("husie")[0].Starts; !got.Equal(events[0].Starts) {
					t.Errorf("the first is at %s, want %s", got, events[0].Starts)
				}
			}
		})
	}
}
